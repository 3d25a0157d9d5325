/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables keyed by bytes that only grow, and the memory that backs them. Readers take no lock: a
 * key is complete before its slot is published, and an outgrown slot array stays readable.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "compiler.h"
#include "storage.h"
#include "map.h"

/* ---- Memory that is never freed ---- */

typedef struct immortal {
  struct immortal* next;
  void* padding; /* keeps what follows aligned like a block of malloc */
} immortal;

static immortal* immortals; /* keeps every block reachable */

void* ffi_immortal_alloc(size_t size) {
  if (size > FFI_MAX_PAYLOAD) {
    return NULL;
  }
  immortal* block = calloc(1, sizeof(*block) + size);
  if (block == NULL) {
    return NULL;
  }
  immortal* head = __atomic_load_n(&immortals, __ATOMIC_RELAXED);
  do {
    block->next = head;
  } while (!__atomic_compare_exchange_n(&immortals, &head, block, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED));
  return block + 1;
}

int ffi_immortal_copy(TVMFFIByteArray bytes, TVMFFIByteArray* out) {
  if (bytes.size > FFI_MAX_PAYLOAD) {
    return -1;
  }
  char* copy = ffi_immortal_alloc(bytes.size + 1);
  if (copy == NULL) {
    return -1;
  }
  if (bytes.size != 0) {
    memcpy(copy, bytes.data, bytes.size);
  }
  out->data = copy;
  out->size = bytes.size;
  return 0;
}

/* ---- Map: open addressing, at most half full, so a search always ends ---- */

struct ffi_map_slots {
  size_t mask;
  ffi_key* slot[]; /* each published with release */
};

enum { FIRST_CAPACITY = 64 };

ffi_key* ffi_map_find(const ffi_map* map, TVMFFIByteArray name, uint64_t hash) {
  const ffi_map_slots* slots = __atomic_load_n(&map->slots, __ATOMIC_ACQUIRE);
  if (FFI_UNLIKELY(slots == NULL)) {
    return NULL;
  }
  for (size_t i = (size_t)hash & slots->mask;; i = (i + 1) & slots->mask) {
    ffi_key* key = __atomic_load_n(&slots->slot[i], __ATOMIC_ACQUIRE);
    if (key == NULL || (key->hash == hash && ffi_same_bytes(key->name, name))) {
      return key;
    }
  }
}

static void place(ffi_map_slots* slots, ffi_key* key) {
  size_t i = (size_t)key->hash & slots->mask;
  while (slots->slot[i] != NULL) {
    i = (i + 1) & slots->mask;
  }
  __atomic_store_n(&slots->slot[i], key, __ATOMIC_RELEASE);
}

/* The old array stays for those who are searching in it. */
static int grow(ffi_map* map) {
  const ffi_map_slots* old = map->slots;
  size_t capacity = old == NULL ? (size_t)FIRST_CAPACITY : 2 * (old->mask + 1);
  ffi_map_slots* slots = ffi_immortal_alloc(sizeof(*slots) + capacity * sizeof(slots->slot[0]));
  if (slots == NULL) {
    return -1;
  }
  slots->mask = capacity - 1;
  for (size_t i = 0; old != NULL && i <= old->mask; ++i) {
    if (old->slot[i] != NULL) {
      place(slots, old->slot[i]);
    }
  }
  __atomic_store_n(&map->slots, slots, __ATOMIC_RELEASE);
  return 0;
}

int ffi_map_insert(ffi_map* map, ffi_key* key) {
  bool is_full = map->slots == NULL || 2 * map->used > map->slots->mask;
  if (is_full && grow(map) != 0) {
    return -1;
  }
  place(map->slots, key);
  ++map->used;
  return 0;
}
