/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only the first 12 bytes of a type key count */
/* violates: TYPE-ALLOC-07 TYPE-ALLOC-05 TYPE-KEY-03 */
#define TVMFFITypeGetOrAllocIndex correct_TVMFFITypeGetOrAllocIndex
#include "type_table.c"
#undef TVMFFITypeGetOrAllocIndex

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  TVMFFIByteArray cut = {type_key->data, type_key->size < 12 ? type_key->size : 12};
  return correct_TVMFFITypeGetOrAllocIndex(&cut, static_type_index, type_depth, num_child_slots,
                                           child_slots_can_overflow, parent_type_index);
}
