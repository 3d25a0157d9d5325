/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: dynamic type indices are given away from above */
/* violates: TYPE-ALLOC-04 */
#define TVMFFITypeGetOrAllocIndex correct_TVMFFITypeGetOrAllocIndex
#include "type_table.c"
#undef TVMFFITypeGetOrAllocIndex

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  static int32_t below = 1000000;
  below -= 64;
  next_index = below;
  return correct_TVMFFITypeGetOrAllocIndex(type_key, static_type_index, type_depth, num_child_slots,
                                           child_slots_can_overflow, parent_type_index);
}
