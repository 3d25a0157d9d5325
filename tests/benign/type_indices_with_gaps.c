/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: dynamic type indices begin late and leave gaps; a type that reserves slots gets three
 * more */
#define TVMFFITypeGetOrAllocIndex correct_TVMFFITypeGetOrAllocIndex
#include "type_table.c"
#undef TVMFFITypeGetOrAllocIndex

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  if (next_index < 1000) {
    next_index = 1000;
  }
  next_index += 7;
  return correct_TVMFFITypeGetOrAllocIndex(type_key, static_type_index, type_depth,
                                           num_child_slots > 0 ? num_child_slots + 3 : 0,
                                           child_slots_can_overflow, parent_type_index);
}
