/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a type key gets another index each time */
/* violates: TYPE-ALLOC-01 */
#define TVMFFITypeGetOrAllocIndex correct_TVMFFITypeGetOrAllocIndex
#include "type_table.c"
#undef TVMFFITypeGetOrAllocIndex

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  static char suffix;
  char key[64];
  size_t size = type_key->size < 60 ? type_key->size : 60;
  memcpy(key, type_key->data, size);
  key[size] = ++suffix;
  TVMFFIByteArray another = {key, size + 1};
  bool is_known = find_by_key(*type_key) != NULL;
  return correct_TVMFFITypeGetOrAllocIndex(is_known ? &another : type_key, static_type_index,
                                           type_depth, num_child_slots, child_slots_can_overflow,
                                           parent_type_index);
}
