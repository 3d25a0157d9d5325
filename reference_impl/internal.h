/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the reference implementation share.
 *
 * Two rules hold everywhere:
 *  - No file calls an exported TVMFFI* function. Another runtime may live in the same process, and
 *    the dynamic linker would be free to send such a call there. Shared code has an ffi_ name.
 *  - A failing function leaves its out-parameters alone, raises an error and returns -1; a
 *    succeeding one leaves the calling thread's raised error alone.
 */
#ifndef FFI_CTS_REFERENCE_INTERNAL_H_
#define FFI_CTS_REFERENCE_INTERNAL_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ffi_cts/abi.h"

#include "blocks.h"
#include "compiler.h"

/* Nothing below leaves the library; told so, the compiler needs no table to find it. */
#pragma GCC visibility push(hidden)

typedef void (*ffi_deleter)(void* self, int flags);

#define FFI_STRONG_ONE ((uint64_t)1)
#define FFI_WEAK_ONE ((uint64_t)1 << 32)
#define FFI_BOTH_ONE (FFI_STRONG_ONE | FFI_WEAK_ONE)

/* ---- Object allocation (allocator.c) ---- */

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

/* Raises what a failed ffi_object_new() owes the caller of the API. Returns -1. */
FFI_COLD int ffi_alloc_failed(void);

/* No object may be larger; keeps the additions of headers and terminators from wrapping. */
#define FFI_MAX_PAYLOAD ((size_t)PTRDIFF_MAX - 4096)

/* ---- Reference counts ---- */

/* The strong count just reached zero, as `before` (the word before the decrement) tells. */
void ffi_last_strong_gone(TVMFFIObject* object, uint64_t before);

/* Relaxed: whoever increments already holds a reference, so nothing needs to be published. */
static inline void ffi_incref(TVMFFIObject* object) {
  (void)__atomic_fetch_add(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_RELAXED);
}

/* Takes one strong reference from the caller. Release: our writes come before the deletion. */
static inline void ffi_decref(TVMFFIObject* object) {
  uint64_t before =
      __atomic_fetch_sub(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_RELEASE);
  if ((uint32_t)before == 1) {
    ffi_last_strong_gone(object, before);
  }
}

/* Allows NULL. Returns its argument, now with one more strong reference. */
static inline TVMFFIObject* ffi_retain(void* object) {
  if (object != NULL) {
    ffi_incref(object);
  }
  return object;
}

/* Allows NULL. */
static inline void ffi_release(void* object) {
  if (object != NULL) {
    ffi_decref(object);
  }
}

/* ---- State of a thread (thread.c) ---- */

typedef struct {
  TVMFFIStreamHandle* by_id; /* owned */
  int32_t count;
} ffi_stream_row;

typedef struct {
  TVMFFIObject* raised;    /* owned, NULL when nothing is raised */
  ffi_stream_row* streams; /* owned, indexed by device type */
  int32_t stream_rows;
  bool has_exit_hook;
  bool in_object_allocator; /* objects made by a custom allocator use the builtin one */
  DLPackManagedTensorAllocator tensor_allocator;
  char* backtrace_text; /* owned */
  TVMFFIByteArray backtrace;
} ffi_thread;

extern _Thread_local ffi_thread ffi_this_thread FFI_FAST_TLS;

/* To call after storing anything owned: has it released when the thread ends. */
FFI_COLD void ffi_thread_add_exit_hook(void);

/* Frees the stream table of the calling thread (stream.c). */
void ffi_streams_release(ffi_thread* thread);

/* ---- Errors (error.c, raised.c) ---- */

/* A new error, or NULL if out of memory; raises nothing. Copies the texts, retains the objects. */
TVMFFIObject* ffi_error_new(TVMFFIByteArray kind, TVMFFIByteArray message,
                            TVMFFIByteArray backtrace, void* cause_chain, void* extra_context);

/* The MemoryError that is always there, because making one could fail. Borrowed, never dies. */
TVMFFIObject* ffi_memory_error(void);

/* Raises an error with a formatted message. Returns -1. */
FFI_COLD FFI_PRINTF(2, 3) int ffi_raise(const char* kind, const char* format, ...);

/* Raises MemoryError without allocating. Returns -1. */
FFI_COLD int ffi_raise_no_memory(void);

/* Raises somebody else's error: kind and message are taken as they are. */
void ffi_raise_texts(const char* kind, const char* message);

/* Makes `error`, whose reference it takes from the caller, the raised error of this thread. */
void ffi_set_raised(TVMFFIObject* error);

/* ---- Values (string.c, any.c, tensor.c) ---- */

/* The content of a NULL pointer is the empty array. */
static inline TVMFFIByteArray ffi_bytes_or_empty(const TVMFFIByteArray* bytes) {
  TVMFFIByteArray empty = {NULL, 0};
  return bytes != NULL ? *bytes : empty;
}

/* Stores a value without payload bits outside `bits`. */
static inline void ffi_set_pod(TVMFFIAny* out, int32_t type_index, uint64_t bits) {
  out->type_index = type_index;
  out->zero_padding = 0;
  out->v_uint64 = bits;
}

/* Stores an object; the caller's reference moves into `out`. */
static inline void ffi_set_object(TVMFFIAny* out, TVMFFIObject* object) {
  ffi_set_pod(out, object->type_index, 0);
  out->v_obj = object;
}

/* Stores a new String or Bytes that the owner of `out` owns. */
int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out);
int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out);

/* Stores a value that owns what `view` only refers to. */
int ffi_any_to_owned(const TVMFFIAny* view, TVMFFIAny* out);

/* Imports without alignment or contiguity demands; takes `from` on success only. */
int ffi_tensor_import(DLManagedTensorVersioned* from, TVMFFIObjectHandle* out);

/* ---- Tables keyed by bytes (map.c) ---- */

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

/* ---- Types (type_table.c, type_reflection.c) ---- */

typedef struct {
  ffi_key key;
  TVMFFITypeInfo info;
  int32_t num_slots;       /* indices [index, index + num_slots) belong to the type */
  int32_t allocated_slots; /* how many of them are given away, the type's own included */
  bool child_slots_can_overflow;
  int32_t field_capacity;
  int32_t method_capacity;
  TVMFFITypeMetadata metadata;
} ffi_type;

/* The registered type, or NULL. Needs no lock. */
ffi_type* ffi_type_at(int32_t type_index);

/* Writers of the type table exclude each other with this lock. */
void ffi_types_lock(void);
void ffi_types_unlock(void);

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_INTERNAL_H_ */
