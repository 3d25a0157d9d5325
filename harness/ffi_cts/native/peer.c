/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict peer of tensor exchange: a producer whose memory is surrounded by pages that nobody
 * may touch, and that takes everything away once its deleter has run.
 *
 * A block is: guard, struct, guard, shape, guard, strides, guard, data, guard. Struct, shape and
 * strides end where their page ends, so that who reads past them dies of it.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "native.h"

enum { CANARY = 0xA5, PARTS = 4 };

typedef enum part { PART_STRUCT, PART_SHAPE, PART_STRIDES, PART_DATA } part;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static cts_peer* peers;
static int64_t strays;

static size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static size_t rounded(size_t size) {
  size_t page = page_size();
  return size == 0 ? page : (size + page - 1) / page * page;
}

static cts_peer* find(const void* managed) {
  pthread_mutex_lock(&lock);
  cts_peer* peer = peers;
  while (peer != NULL && peer->managed != managed) peer = peer->next;
  pthread_mutex_unlock(&lock);
  return peer;
}

int64_t cts_peer_strays(void) { return __atomic_load_n(&strays, __ATOMIC_SEQ_CST); }

int64_t cts_peer_spoiled(const cts_peer* peer) {
  if (peer->deletions > 0) return peer->spoiled;
  int64_t spoiled = 0;
  const unsigned char* at = (const unsigned char*)peer->part[PART_DATA];
  size_t first = (size_t)(peer->storage - peer->part[PART_DATA]);
  for (size_t i = 0; i < peer->part_size[PART_DATA]; ++i) {
    int outside = i < first || i >= first + (size_t)peer->size;
    spoiled += outside && at[i] != CANARY;
  }
  return spoiled;
}

/* What the deleter of a peer's tensor does, whoever calls it. */
static void delete_any(void* managed) {
  cts_peer* peer = find(managed);
  if (peer == NULL) {
    __atomic_fetch_add(&strays, 1, __ATOMIC_SEQ_CST);
    return;
  }
  peer->thread = cts_thread_id();
  int64_t spoiled = peer->deletions == 0 ? cts_peer_spoiled(peer) : 0;
  if (__atomic_fetch_add(&peer->deletions, 1, __ATOMIC_SEQ_CST) > 0) return;
  peer->spoiled = spoiled;
  for (int i = 0; i < PARTS; ++i) {
    (void)madvise(peer->part[i], peer->part_size[i], MADV_DONTNEED);
    (void)mprotect(peer->part[i], peer->part_size[i], PROT_NONE);
  }
}

static void delete_legacy(DLManagedTensor* self) { delete_any(self); }

static void delete_versioned(DLManagedTensorVersioned* self) { delete_any(self); }

/* Maps the block and opens its parts; 0 if there is no memory. */
static int map_parts(cts_peer* peer, const size_t sizes[PARTS]) {
  size_t page = page_size();
  size_t total = page;
  for (int i = 0; i < PARTS; ++i) total += rounded(sizes[i]) + page;
  char* block = (char*)mmap(NULL, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) return 0;
  peer->block = block;
  peer->block_size = total;
  char* at = block + page;
  for (int i = 0; i < PARTS; ++i) {
    peer->part[i] = at;
    peer->part_size[i] = rounded(sizes[i]);
    if (mprotect(at, peer->part_size[i], PROT_READ | PROT_WRITE) != 0) return 0;
    at += peer->part_size[i] + page;
  }
  return 1;
}

static char* end_of(const cts_peer* peer, part which) {
  return peer->part[which] + peer->part_size[which];
}

static int64_t* placed(const cts_peer* peer, part which, const int64_t* from, int32_t ndim) {
  size_t size = (size_t)ndim * sizeof(int64_t);
  char* at = end_of(peer, which) - size;
  if (from == NULL) return NULL;
  memcpy(at, from, size);
  return (int64_t*)(void*)at;
}

static DLTensor described(cts_peer* peer, const cts_peer_plan* plan) {
  DLTensor tensor = *plan->tensor;
  tensor.shape = placed(peer, PART_SHAPE, tensor.shape, tensor.ndim);
  tensor.strides = placed(peer, PART_STRIDES, tensor.strides, tensor.ndim);
  memset(peer->part[PART_DATA], CANARY, peer->part_size[PART_DATA]);
  peer->size = plan->size;
  peer->storage = plan->at_start ? peer->part[PART_DATA] : end_of(peer, PART_DATA) - plan->size;
  if (plan->size > 0) memcpy(peer->storage, plan->bytes, (size_t)plan->size);
  /* The sum is what counts, and it may lie before the block's own first byte. */
  uintptr_t first = (uintptr_t)peer->storage + (uintptr_t)plan->first;
  tensor.data = plan->null_data ? NULL : (void*)(first - (uintptr_t)tensor.byte_offset);
  return tensor;
}

/* The struct, at the end of its page; with `hide_tensor` all behind its flags lies beyond. */
static void write_struct(cts_peer* peer, const cts_peer_plan* plan, const DLTensor* tensor) {
  char* end = end_of(peer, PART_STRUCT);
  if (!plan->versioned) {
    DLManagedTensor managed = {*tensor, peer, plan->no_deleter ? NULL : delete_legacy};
    peer->managed = end - sizeof(managed);
    memcpy(peer->managed, &managed, sizeof(managed));
    return;
  }
  DLManagedTensorVersioned managed;
  memset(&managed, 0, sizeof(managed));
  managed.version.major = plan->major;
  managed.version.minor = plan->minor;
  managed.manager_ctx = peer;
  managed.deleter = plan->no_deleter ? NULL : delete_versioned;
  managed.flags = plan->flags;
  managed.dl_tensor = *tensor;
  size_t seen = plan->hide_tensor ? offsetof(DLManagedTensorVersioned, dl_tensor) : sizeof(managed);
  peer->managed = end - seen;
  memcpy(peer->managed, &managed, seen);
}

cts_peer* cts_peer_new(const cts_peer_plan* plan) {
  cts_peer* peer = (cts_peer*)calloc(1, sizeof(cts_peer));
  if (peer == NULL) return NULL;
  size_t dims = (size_t)plan->tensor->ndim * sizeof(int64_t);
  size_t sizes[PARTS] = {sizeof(DLManagedTensorVersioned), dims, dims, (size_t)plan->size};
  if (!map_parts(peer, sizes)) {
    free(peer);
    return NULL;
  }
  DLTensor tensor = described(peer, plan);
  write_struct(peer, plan, &tensor);
  peer->no_deleter = plan->no_deleter;
  pthread_mutex_lock(&lock);
  peer->next = peers;
  peers = peer;
  pthread_mutex_unlock(&lock);
  return peer;
}

/* Calls a deleter as a consumer does, by its own argument. */
static void call_deleter(void* managed, int versioned) {
  if (versioned) {
    cts_dlpack_release_versioned((DLManagedTensorVersioned*)managed);
  } else {
    cts_dlpack_release_legacy((DLManagedTensor*)managed);
  }
}

typedef struct release_job {
  void* managed;
  int versioned;
} release_job;

static void* release_body(void* argument) {
  const release_job* job = (const release_job*)argument;
  call_deleter(job->managed, job->versioned);
  return NULL;
}

int cts_peer_release(void* managed, int versioned, int elsewhere) {
  release_job job = {managed, versioned};
  if (!elsewhere) {
    release_body(&job);
    return 0;
  }
  pthread_t thread;
  if (pthread_create(&thread, NULL, release_body, &job) != 0) return CTS_NO_THREAD;
  return pthread_join(thread, NULL);
}

/* ---- capsules: Python is found in this process, so that the helpers link none ---- */

const char* cts_capsule_name(int versioned, int used) {
  static const char* const names[2][2] = {{"dltensor", "used_dltensor"},
                                          {"dltensor_versioned", "used_dltensor_versioned"}};
  return names[versioned != 0][used != 0];
}

static void* pointer_of(void* capsule, int* versioned) {
  const char* (*name_of)(void*) = NULL;
  void* (*get)(void*, const char*) = NULL;
  *(void**)(void*)&name_of = dlsym(RTLD_DEFAULT, "PyCapsule_GetName");
  *(void**)(void*)&get = dlsym(RTLD_DEFAULT, "PyCapsule_GetPointer");
  if (name_of == NULL || get == NULL) return NULL;
  const char* name = name_of(capsule);
  for (*versioned = 0; name != NULL && *versioned < 2; ++*versioned) {
    if (strcmp(name, cts_capsule_name(*versioned, 0)) == 0) return get(capsule, name);
  }
  return NULL;
}

void cts_capsule_drop(void* capsule) {
  int versioned = 0;
  void* managed = pointer_of(capsule, &versioned);
  if (managed == NULL) return; /* consumed */
  cts_peer* peer = find(managed);
  if (peer == NULL) {
    call_deleter(managed, versioned);
  } else if (!peer->no_deleter) {
    delete_any(managed); /* by what is known of it: the struct may be gone */
  }
}
