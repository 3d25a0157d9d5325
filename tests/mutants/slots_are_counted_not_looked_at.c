/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a child gets the next of its parent's slots, whatever type lies there */
/* violates: TYPE-ALLOC-14 TYPE-ALLOC-15 */
#define TVMFFITypeGetOrAllocIndex correct_TVMFFITypeGetOrAllocIndex
#include "type_table.c"
#undef TVMFFITypeGetOrAllocIndex

/* Whoever has the indices that the parent's count says are next has them no longer. */
static void empty_next_slots(const ffi_type* parent, int32_t count) {
  int32_t index = parent->info.type_index + parent->allocated_slots;
  for (int32_t i = index; i < index + count; ++i) {
    if (ffi_type_at(i) != NULL) chunks[i / CHUNK_SIZE]->type[i % CHUNK_SIZE] = NULL;
  }
  types_with_slots = NULL;
}

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  const ffi_type* parent = ffi_type_at(parent_type_index);
  if (static_type_index < 0 && parent != NULL && find_by_key(*type_key) == NULL &&
      num_child_slots < parent->num_slots - parent->allocated_slots) {
    empty_next_slots(parent, num_child_slots + 1);
  }
  return correct_TVMFFITypeGetOrAllocIndex(type_key, static_type_index, type_depth, num_child_slots,
                                           child_slots_can_overflow, parent_type_index);
}
