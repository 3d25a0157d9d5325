/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types by index and by key. Types are only ever added, and complete before they are published, so
 * readers need no lock.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <pthread.h>
#include <string.h>

#include "bytes.h"
#include "values.h"
#include "map.h"
#include "raised.h"
#include "types.h"

/* ---- Index to type: an array of chunks, which never move ---- */

enum { CHUNK_SIZE = 1024, MAX_CHUNKS = 4096, MAX_TYPES = CHUNK_SIZE * MAX_CHUNKS };

typedef struct {
  ffi_type* type[CHUNK_SIZE]; /* each published with release */
} type_chunk;

static type_chunk first_chunk;
static type_chunk* chunks[MAX_CHUNKS] = {&first_chunk}; /* each published with release */
static ffi_map types_by_key;
/* Guarded by types_lock; nothing from there on is taken or reserved. */
static int32_t next_index = kTVMFFIDynObjectBegin;
static ffi_type* types_with_slots; /* guarded by types_lock */
static pthread_mutex_t types_lock = PTHREAD_MUTEX_INITIALIZER;

void ffi_types_lock(void) { (void)pthread_mutex_lock(&types_lock); }
void ffi_types_unlock(void) { (void)pthread_mutex_unlock(&types_lock); }

ffi_type* ffi_type_at(int32_t type_index) {
  if (FFI_UNLIKELY((uint32_t)type_index >= (uint32_t)MAX_TYPES)) {
    return NULL;
  }
  type_chunk* chunk = __atomic_load_n(&chunks[type_index / CHUNK_SIZE], __ATOMIC_ACQUIRE);
  return chunk == NULL ? NULL
                       : __atomic_load_n(&chunk->type[type_index % CHUNK_SIZE], __ATOMIC_ACQUIRE);
}

/* -1 if out of memory. */
static int reserve_index(int32_t index) {
  type_chunk** place = &chunks[index / CHUNK_SIZE];
  if (*place == NULL) {
    type_chunk* chunk = ffi_immortal_alloc(sizeof(*chunk));
    if (chunk == NULL) {
      return -1;
    }
    __atomic_store_n(place, chunk, __ATOMIC_RELEASE);
  }
  return 0;
}

/*
 * Publishes a type, first under its index, so that whoever finds the key can use the index. -1 if
 * out of memory; then nothing is published.
 */
static int publish(ffi_type* type) {
  int32_t index = type->info.type_index;
  if (reserve_index(index) != 0) {
    return -1;
  }
  ffi_type** place = &chunks[index / CHUNK_SIZE]->type[index % CHUNK_SIZE];
  __atomic_store_n(place, type, __ATOMIC_RELEASE);
  if (ffi_map_insert(&types_by_key, &type->key) != 0) {
    __atomic_store_n(place, NULL, __ATOMIC_RELEASE);
    return -1;
  }
  return 0;
}

static ffi_type* find_by_key(TVMFFIByteArray key) {
  ffi_key* found = ffi_map_find(&types_by_key, key, ffi_hash(key));
  return found == NULL ? NULL : (ffi_type*)((char*)found - offsetof(ffi_type, key));
}

/* ---- The types that every implementation has ---- */

typedef struct {
  int32_t index;
  const char* key;
} builtin_type;

/* From kTVMFFIObject on all but itself are children of it, without room for children of theirs. */
static const builtin_type builtin_types[] = {
    {kTVMFFINone, "None"},
    {kTVMFFIInt, "int"},
    {kTVMFFIBool, "bool"},
    {kTVMFFIFloat, "float"},
    {kTVMFFIOpaquePtr, "void*"},
    {kTVMFFIDataType, "DataType"},
    {kTVMFFIDevice, "Device"},
    {kTVMFFIDLTensorPtr, "DLTensor*"},
    {kTVMFFIRawStr, "const char*"},
    {kTVMFFIByteArrayPtr, "TVMFFIByteArray*"},
    {kTVMFFIObjectRValueRef, "ObjectRValueRef"},
    {kTVMFFISmallStr, "ffi.SmallStr"},
    {kTVMFFISmallBytes, "ffi.SmallBytes"},
    {kTVMFFIUnchanged, "ffi.Unchanged"},
    {kTVMFFIObject, "ffi.Object"},
    {kTVMFFIStr, "ffi.String"},
    {kTVMFFIBytes, "ffi.Bytes"},
    {kTVMFFIError, "ffi.Error"},
    {kTVMFFIFunction, "ffi.Function"},
    {kTVMFFIShape, "ffi.Shape"},
    {kTVMFFITensor, "ffi.Tensor"},
    {kTVMFFIArray, "ffi.Array"},
    {kTVMFFIMap, "ffi.Map"},
    {kTVMFFIModule, "ffi.Module"},
    {kTVMFFIOpaquePyObject, "ffi.OpaquePyObject"},
    {kTVMFFIList, "ffi.List"},
    {kTVMFFIDict, "ffi.Dict"},
    {kTVMFFIVisitInterrupt, "ffi.VisitInterrupt"},
    {kTVMFFIBigInt, "ffi.BigInt"},
};

enum { NUM_BUILTIN_TYPES = sizeof(builtin_types) / sizeof(builtin_types[0]) };

static ffi_type builtin_storage[NUM_BUILTIN_TYPES];
static const TVMFFITypeInfo* builtin_ancestors[1]; /* of every type of depth 1: kTVMFFIObject */

static void fill_builtin(ffi_type* type, const builtin_type* from) {
  TVMFFIByteArray key = {from->key, strlen(from->key)};
  type->key.name = key;
  type->key.hash = ffi_hash(key);
  type->info.type_index = from->index;
  type->info.type_depth = from->index > kTVMFFIObject ? 1 : 0;
  type->info.type_key = key;
  type->info.type_key_hash = type->key.hash;
  type->info.type_ancestors = builtin_ancestors;
  type->num_slots = 1;
  type->allocated_slots = 1;
  type->child_slots_can_overflow = from->index == kTVMFFIObject;
}

/* Before any constructor without a priority, so that those may register types. */
__attribute__((constructor(101))) static void register_builtin_types(void) {
  for (size_t i = 0; i < NUM_BUILTIN_TYPES; ++i) {
    ffi_type* type = &builtin_storage[i];
    fill_builtin(type, &builtin_types[i]);
    if (type->info.type_index == kTVMFFIObject) {
      builtin_ancestors[0] = &type->info;
    }
    (void)publish(type); /* out of memory this early: the type stays unknown */
  }
}

/* ---- Lookup ---- */

int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  TVMFFIByteArray key = ffi_bytes_or_empty(type_key);
  if (FFI_UNLIKELY(!ffi_is_readable(key))) {
    return ffi_raise("ValueError", "a type key at a NULL pointer");
  }
  const ffi_type* type = find_by_key(key);
  if (FFI_UNLIKELY(type == NULL)) {
    return ffi_raise("KeyError", "no type has the key `%.*s`",
                     (int)(key.size < 200 ? key.size : 200), key.size != 0 ? key.data : "");
  }
  *out_tindex = type->info.type_index;
  return 0;
}

/* Lives as long as the process. The caller must know the type; NULL if it was wrong. */
const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index) {
  const ffi_type* type = ffi_type_at(type_index);
  return type != NULL ? &type->info : NULL;
}

/* ---- Registration ---- */

typedef struct {
  TVMFFIByteArray key;
  int32_t static_index; /* negative: to be allocated */
  int32_t depth;
  int32_t num_slots; /* own one included */
  bool can_overflow;
  ffi_type* parent; /* NULL for a root */
} type_request;

/* What is wrong with the request, or NULL. */
static const char* why_refused(const type_request* request, int32_t parent_index) {
  if (parent_index >= 0 && request->parent == NULL) {
    return "its parent is not registered";
  }
  if (request->depth != (request->parent != NULL ? request->parent->info.type_depth + 1 : 0)) {
    return "its depth is not that of its parent plus one";
  }
  if (request->num_slots < 1 || request->num_slots > MAX_TYPES) {
    return "its number of child slots is out of range";
  }
  if (request->static_index >= kTVMFFIDynObjectBegin) {
    return "its static index lies in the range of dynamic ones";
  }
  if (request->static_index >= 0 && ffi_type_at(request->static_index) != NULL) {
    return "its static index is taken";
  }
  if (request->static_index > MAX_TYPES - request->num_slots) {
    return "its number of child slots is out of range";
  }
  return NULL;
}

/* Whether `type` is `of` or one of its ancestors. */
static bool is_in_line(const ffi_type* type, const ffi_type* of) {
  int32_t depth = type->info.type_depth;
  return type == of ||
         (depth < of->info.type_depth && of->info.type_ancestors[depth] == &type->info);
}

/*
 * How many indices from `index` on have to be passed over, as somebody has or reserved one of the
 * `count` there; 0 if all are free for children of `parent`. Static types may lie anywhere, inside
 * the slots of others too.
 */
static int32_t taken_for(const ffi_type* parent, int32_t index, int32_t count) {
  for (int32_t i = count; i-- > 0;) {
    if (ffi_type_at(index + i) != NULL) {
      return i + 1;
    }
  }
  for (const ffi_type* other = types_with_slots; other != NULL; other = other->next_with_slots) {
    int32_t begin = other->info.type_index;
    int32_t end = begin + other->num_slots;
    if (begin < index + count && index < end && !is_in_line(other, parent)) {
      return end - index;
    }
  }
  return 0;
}

/* The first of `count` indices in a row that the parent still has for its children, or -1. */
static int32_t allocate_slots(ffi_type* parent, int32_t count) {
  int32_t index = parent->info.type_index + parent->allocated_slots;
  int32_t end = parent->info.type_index + parent->num_slots;
  bool skipped = false;
  while (count <= end - index) {
    int32_t taken = taken_for(parent, index, count);
    if (taken == 0) {
      /* What was passed over may do for a type that reserves less. */
      parent->allocated_slots += skipped ? 0 : count;
      return index;
    }
    skipped = true;
    index += taken;
  }
  return -1;
}

/*
 * A new type gets indices out of those that its parent reserved, so that a range check can tell
 * descendants. When they are used up and the parent doesn't mind, from the end of the table.
 * Returns -1 if there is no index left.
 */
static int32_t allocate_index(const type_request* request) {
  ffi_type* parent = request->parent;
  if (request->static_index >= 0) {
    return request->static_index;
  }
  int32_t slot = parent != NULL ? allocate_slots(parent, request->num_slots) : -1;
  if (slot >= 0) {
    return slot;
  }
  bool may_overflow = parent == NULL || parent->child_slots_can_overflow;
  if (!may_overflow || request->num_slots > MAX_TYPES - next_index) {
    return -1;
  }
  return next_index;
}

/* Under the lock: from now on the indices of a published type are nobody else's. */
static void reserve_slots(ffi_type* type) {
  int32_t end = type->info.type_index + type->num_slots;
  if (type->num_slots > 1) {
    type->next_with_slots = types_with_slots;
    types_with_slots = type;
  }
  if (next_index < end) {
    next_index = end;
  }
}

/* The path from the root to the parent, as an immortal array. */
static const TVMFFITypeInfo** ancestors_below(const ffi_type* parent, int32_t depth) {
  const TVMFFITypeInfo** ancestors = ffi_immortal_alloc(((size_t)depth + 1) * sizeof(ancestors[0]));
  if (ancestors != NULL && parent != NULL) {
    for (int32_t i = 0; i < parent->info.type_depth; ++i) {
      ancestors[i] = parent->info.type_ancestors[i];
    }
    ancestors[parent->info.type_depth] = &parent->info;
  }
  return ancestors;
}

static ffi_type* new_type(const type_request* request) {
  ffi_type* type = ffi_immortal_alloc(sizeof(*type));
  if (type == NULL || ffi_immortal_copy(request->key, &type->key.name) != 0) {
    return NULL;
  }
  type->info.type_ancestors = ancestors_below(request->parent, request->depth);
  if (type->info.type_ancestors == NULL) {
    return NULL;
  }
  type->key.hash = ffi_hash(request->key);
  type->info.type_depth = request->depth;
  type->info.type_key = type->key.name;
  type->info.type_key_hash = type->key.hash;
  type->num_slots = request->num_slots;
  type->allocated_slots = 1;
  type->child_slots_can_overflow =
      request->can_overflow &&
      (request->parent == NULL || request->parent->child_slots_can_overflow);
  return type;
}

/* Returns NULL and the new index in `index`, or why it failed. Under the lock. */
static const char* register_locked(const type_request* request, int32_t parent_index,
                                   int32_t* index) {
  const ffi_type* present = find_by_key(request->key);
  if (present != NULL) {
    *index = present->info.type_index;
    return NULL;
  }
  const char* reason = why_refused(request, parent_index);
  if (reason != NULL) {
    return reason;
  }
  ffi_type* type = new_type(request);
  if (type == NULL) {
    return "out of memory";
  }
  type->info.type_index = allocate_index(request);
  if (type->info.type_index < 0) {
    return "there is no type index left for it";
  }
  if (publish(type) != 0) {
    return "out of memory";
  }
  reserve_slots(type);
  *index = type->info.type_index;
  return NULL;
}

enum { QUERY_ONLY = -2 };

/*
 * The header lets an implementation abort when a type can't be registered. This one raises an
 * error and returns kTVMFFIAny, which is the index of no type.
 */
int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key, int32_t static_type_index,
                                  int32_t type_depth, int32_t num_child_slots,
                                  int32_t child_slots_can_overflow, int32_t parent_type_index) {
  TVMFFIByteArray key = ffi_bytes_or_empty(type_key);
  if (FFI_UNLIKELY(!ffi_is_readable(key))) {
    (void)ffi_raise("ValueError", "a type key at a NULL pointer");
    return kTVMFFIAny;
  }
  const ffi_type* present = find_by_key(key);
  if (present != NULL) {
    return present->info.type_index;
  }
  if (parent_type_index == QUERY_ONLY) {
    return QUERY_ONLY;
  }
  bool is_sane = num_child_slots >= 0 && num_child_slots < MAX_TYPES;
  type_request request = {.key = key,
                          .static_index = static_type_index,
                          .depth = type_depth,
                          .num_slots = is_sane ? num_child_slots + 1 : 0,
                          .can_overflow = child_slots_can_overflow != 0,
                          .parent = ffi_type_at(parent_type_index)};
  int32_t index = kTVMFFIAny;
  ffi_types_lock();
  const char* reason = register_locked(&request, parent_type_index, &index);
  ffi_types_unlock();
  if (reason != NULL) {
    (void)ffi_raise("RuntimeError", "cannot register the type `%.*s`: %s",
                    (int)(key.size < 200 ? key.size : 200), key.size != 0 ? key.data : "", reason);
  }
  return index;
}
