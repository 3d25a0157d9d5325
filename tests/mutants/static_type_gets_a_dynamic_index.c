/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: registering a static type again gives another index */
/* violates: TYPE-ALLOC-10 */
#define TVMFFITypeGetOrAllocIndex correct_TVMFFITypeGetOrAllocIndex
#include "type_table.c"
#undef TVMFFITypeGetOrAllocIndex

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  if (static_type_index >= 0) {
    return next_index++;
  }
  return correct_TVMFFITypeGetOrAllocIndex(type_key, static_type_index, type_depth, num_child_slots,
                                           child_slots_can_overflow, parent_type_index);
}
