/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an index is free as long as no type has it, though a static type reserved it */
/* violates: TYPE-ALLOC-14 */
#define TVMFFITypeGetOrAllocIndex correct_TVMFFITypeGetOrAllocIndex
#include "type_table.c"
#undef TVMFFITypeGetOrAllocIndex

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  types_with_slots = NULL;
  return correct_TVMFFITypeGetOrAllocIndex(type_key, static_type_index, type_depth, num_child_slots,
                                           child_slots_can_overflow, parent_type_index);
}
