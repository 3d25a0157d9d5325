/* SPDX-License-Identifier: Apache-2.0 */
/* Tables keyed by bytes, and memory that lives as long as the process. */
#ifndef FFI_CTS_REFERENCE_MAP_H_
#define FFI_CTS_REFERENCE_MAP_H_

#include <stddef.h>
#include <stdint.h>

#include "ffi_cts/abi.h"

#pragma GCC visibility push(hidden)

/* First member of everything that is stored in a map; `bytes` may contain NUL. */
typedef struct {
  uint64_t hash;
  TVMFFIByteArray name;
} ffi_key;

/* Grows only: readers need no lock, writers must exclude each other. */
typedef struct ffi_map_slots ffi_map_slots;
typedef struct {
  ffi_map_slots* slots; /* published with release */
  size_t used;
} ffi_map;

/* The stored key with these bytes, whose ffi_hash() is `hash`, or NULL. */
ffi_key* ffi_map_find(const ffi_map* map, TVMFFIByteArray name, uint64_t hash);

/* Stores a key that is not there yet and must never move. -1 if out of memory; raises nothing. */
int ffi_map_insert(ffi_map* map, ffi_key* key);

/*
 * Memory that lives as long as the process, zeroed, or NULL. All of it stays reachable, so that
 * leak checkers can tell "kept for readers" from "lost".
 */
void* ffi_immortal_alloc(size_t size);

/* An immortal copy with a NUL behind it in `out`; -1 if out of memory, raises nothing. */
int ffi_immortal_copy(TVMFFIByteArray bytes, TVMFFIByteArray* out);

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_MAP_H_ */
