/* SPDX-License-Identifier: Apache-2.0 */
/* Storage of objects: from blocks, or from an allocator of the user. */
#ifndef FFI_CTS_REFERENCE_STORAGE_H_
#define FFI_CTS_REFERENCE_STORAGE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ffi_cts/abi.h"

#include "blocks.h"
#include "compiler.h"
#include "counts.h"

#pragma GCC visibility push(hidden)

typedef void (*ffi_deleter)(void* self, int flags);

extern TVMFFICustomAllocator* ffi_custom_allocator; /* atomic, borrowed, NULL if there is none */

static inline bool ffi_has_custom_allocator(void) {
  return __atomic_load_n(&ffi_custom_allocator, __ATOMIC_ACQUIRE) != NULL;
}

/* The storage of an object, uninitialised, from an allocator of the user. NULL if it failed. */
FFI_COLD void* ffi_custom_new(size_t size, int32_t type_index);

static inline void* ffi_builtin_new(size_t size) {
  return size <= FFI_MAX_BLOCK ? ffi_block_new(size) : ffi_large_new(size);
}

/*
 * A new object with one strong and one weak reference, owned by the caller; everything behind the
 * TVMFFIObject header is uninitialised. NULL if out of memory: then end with ffi_alloc_failed().
 */
static inline TVMFFIObject* ffi_object_new(size_t size, int32_t type_index, ffi_deleter deleter) {
  TVMFFIObject* object = FFI_UNLIKELY(ffi_has_custom_allocator()) ? ffi_custom_new(size, type_index)
                                                                  : ffi_builtin_new(size);
  if (FFI_UNLIKELY(object == NULL)) {
    return NULL;
  }
  object->combined_ref_count = FFI_BOTH_ONE;
  object->type_index = type_index;
  object->__padding = 0;
  object->__ensure_align = 0; /* the half that a 32-bit deleter leaves */
  object->deleter = deleter;
  return object;
}

/*
 * Gives the storage of an object back to the allocator it came from. Without a callback that one
 * takes care of it by other means.
 */
static inline void ffi_object_free(void* object) {
  TVMFFIObjectAllocHeader* header = (TVMFFIObjectAllocHeader*)object - 1;
  if (FFI_LIKELY(header->delete_space == ffi_block_delete_space)) {
    ffi_block_free(object);
  } else if (header->delete_space != NULL) {
    header->delete_space(object);
  }
}

/* No object may be larger; keeps the additions of headers and terminators from wrapping. */
#define FFI_MAX_PAYLOAD ((size_t)PTRDIFF_MAX - 4096)

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_STORAGE_H_ */
