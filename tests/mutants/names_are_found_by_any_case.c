/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the tables of names take upper and lower case for the same */
/* violates: GLOB-NAME-01, TYPE-ALLOC-07, TYPE-KEY-01, TYPE-ATTR-06 */
#include <strings.h>

#define ffi_map_find exact_find
#include "map.c"
#undef ffi_map_find

ffi_key* ffi_map_find(const ffi_map* map, TVMFFIByteArray name, uint64_t hash) {
  const ffi_map_slots* slots = __atomic_load_n(&map->slots, __ATOMIC_ACQUIRE);
  for (size_t i = 0; slots != NULL && i <= slots->mask; ++i) {
    ffi_key* key = __atomic_load_n(&slots->slot[i], __ATOMIC_ACQUIRE);
    if (key != NULL && key->name.size == name.size &&
        strncasecmp(key->name.data, name.data, name.size) == 0) {
      return key;
    }
  }
  return exact_find(map, name, hash);
}
