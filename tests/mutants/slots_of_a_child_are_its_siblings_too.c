/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a child takes one of its parent's slots, however many it reserves for its own children */
/* violates: TYPE-ALLOC-08 */
#define TVMFFITypeGetOrAllocIndex correct_TVMFFITypeGetOrAllocIndex
#include "type_table.c"
#undef TVMFFITypeGetOrAllocIndex

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  ffi_type* parent = ffi_type_at(parent_type_index);
  int32_t before = parent != NULL ? parent->allocated_slots : 0;
  int32_t index =
      correct_TVMFFITypeGetOrAllocIndex(type_key, static_type_index, type_depth, num_child_slots,
                                        child_slots_can_overflow, parent_type_index);
  if (parent != NULL && parent->allocated_slots > before) parent->allocated_slots = before + 1;
  types_with_slots = NULL;
  return index;
}
