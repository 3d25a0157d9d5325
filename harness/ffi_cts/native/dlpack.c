/* SPDX-License-Identifier: Apache-2.0 */
/* DLPack producers: they count their deletions and leave nothing readable behind. */
#include <stdlib.h>
#include <string.h>

#include "native.h"

/* Both kinds of managed tensor stand at the start of their block, shape and strides behind. */
typedef struct block_prefix {
  size_t size;
  cts_deletions* log;
} block_prefix;

enum { POISON = 0xDB };

static block_prefix* prefix_of(void* managed) {
  return (block_prefix*)(void*)((char*)managed - sizeof(block_prefix));
}

static void* block_new(size_t managed_size, const DLTensor* prototype, cts_deletions* log,
                       int64_t** dims) {
  size_t ndim = prototype->ndim > 0 ? (size_t)prototype->ndim : 0;
  size_t size = sizeof(block_prefix) + managed_size + 2 * ndim * sizeof(int64_t);
  block_prefix* prefix = (block_prefix*)calloc(1, size);
  if (prefix == NULL) return NULL;
  prefix->size = size;
  prefix->log = log;
  void* managed = prefix + 1;
  *dims = (int64_t*)(void*)((char*)managed + managed_size);
  return managed;
}

/* Copies the prototype; NULL shape or strides stay NULL. */
static void fill(DLTensor* tensor, const DLTensor* prototype, int64_t* dims) {
  size_t ndim = prototype->ndim > 0 ? (size_t)prototype->ndim : 0;
  *tensor = *prototype;
  if (prototype->shape != NULL) {
    memcpy(dims, prototype->shape, ndim * sizeof(int64_t));
    tensor->shape = dims;
  }
  if (prototype->strides != NULL) {
    memcpy(dims + ndim, prototype->strides, ndim * sizeof(int64_t));
    tensor->strides = dims + ndim;
  }
}

static void block_delete(void* managed) {
  block_prefix* prefix = prefix_of(managed);
  cts_deletions* log = prefix->log;
  log->last_self = managed;
  log->last_thread = cts_thread_id();
  __atomic_fetch_add(&log->count, 1, __ATOMIC_SEQ_CST);
  size_t size = prefix->size;
  memset(prefix, POISON, size);
  free(prefix);
}

static void delete_legacy(DLManagedTensor* self) { block_delete(self); }

static void delete_versioned(DLManagedTensorVersioned* self) { block_delete(self); }

DLManagedTensor* cts_dlpack_legacy(const DLTensor* prototype, cts_deletions* log,
                                   int with_deleter) {
  int64_t* dims = NULL;
  DLManagedTensor* managed =
      (DLManagedTensor*)block_new(sizeof(DLManagedTensor), prototype, log, &dims);
  if (managed == NULL) return NULL;
  fill(&managed->dl_tensor, prototype, dims);
  managed->manager_ctx = log;
  managed->deleter = with_deleter ? delete_legacy : NULL;
  return managed;
}

DLManagedTensorVersioned* cts_dlpack_versioned(const DLTensor* prototype, cts_deletions* log,
                                               int with_deleter, uint32_t major, uint32_t minor,
                                               uint64_t flags) {
  int64_t* dims = NULL;
  DLManagedTensorVersioned* managed =
      (DLManagedTensorVersioned*)block_new(sizeof(DLManagedTensorVersioned), prototype, log, &dims);
  if (managed == NULL) return NULL;
  fill(&managed->dl_tensor, prototype, dims);
  managed->version.major = major;
  managed->version.minor = minor;
  managed->flags = flags;
  managed->manager_ctx = log;
  managed->deleter = with_deleter ? delete_versioned : NULL;
  return managed;
}

void cts_dlpack_discard(void* managed) { free(prefix_of(managed)); }

void cts_dlpack_release_legacy(DLManagedTensor* managed) {
  if (managed->deleter != NULL) managed->deleter(managed);
}

void cts_dlpack_release_versioned(DLManagedTensorVersioned* managed) {
  if (managed->deleter != NULL) managed->deleter(managed);
}
