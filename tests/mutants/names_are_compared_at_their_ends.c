/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a name is taken for another one if size, first 16 and last 16 bytes are the same */
/* violates: GLOB-NAME-01 TYPE-ALLOC-07 TYPE-ATTR-06 */
#define ffi_map_find correct_ffi_map_find
#include "map.c"
#undef ffi_map_find

static bool have_same_ends(TVMFFIByteArray a, TVMFFIByteArray b) {
  return a.size == b.size && a.size >= 16 && memcmp(a.data, b.data, 16) == 0 &&
         memcmp(a.data + a.size - 16, b.data + b.size - 16, 16) == 0;
}

ffi_key* ffi_map_find(const ffi_map* map, TVMFFIByteArray name, uint64_t hash) {
  ffi_key* found = correct_ffi_map_find(map, name, hash);
  const ffi_map_slots* slots = __atomic_load_n(&map->slots, __ATOMIC_ACQUIRE);
  for (size_t i = 0; found == NULL && slots != NULL && i <= slots->mask; ++i) {
    ffi_key* key = __atomic_load_n(&slots->slot[i], __ATOMIC_ACQUIRE);
    found = key != NULL && have_same_ends(key->name, name) ? key : NULL;
  }
  return found;
}
