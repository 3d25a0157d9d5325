/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that no implementation made, deleters that log, and the counting protocol itself. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"
#include "trace.h"

#define STRONG_ONE UINT64_C(1)
#define WEAK_ONE (UINT64_C(1) << 32)
#define STRONG_MASK UINT64_C(0xFFFFFFFF)
#define BOTH_ONE (STRONG_ONE | WEAK_ONE)

/* Layout of a foreign object's block; the ABI wants readable bytes before the header. */
typedef struct foreign {
  cts_deleter_log* log;
  TVMFFIObjectAllocHeader alloc;
  TVMFFIObject object;
} foreign;

static foreign* foreign_of(void* obj) {
  return (foreign*)(void*)((char*)obj - offsetof(foreign, object));
}

static void log_deletion(cts_deleter_log* log, void* self, int flags) {
  const TVMFFIObject* object = (const TVMFFIObject*)self;
  uint64_t count = __atomic_load_n(&object->combined_ref_count, __ATOMIC_ACQUIRE);
  int64_t slot = __atomic_fetch_add(&log->calls, 1, __ATOMIC_SEQ_CST);
  if (slot >= CTS_LOGGED_DELETIONS) return;
  log->call[slot].self = self;
  log->call[slot].flags = flags;
  log->call[slot].strong = (uint32_t)(count & STRONG_MASK);
  log->call[slot].weak = (uint32_t)(count >> 32);
  log->call[slot].thread = cts_thread_id();
}

static void foreign_deleter(void* self, int flags) {
  cts_deleter_log* log = foreign_of(self)->log;
  log_deletion(log, self, flags);
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) == 0) return;
  for (int32_t i = 0; i < log->drops_weak; ++i) cts_weak_decref(self);
}

TVMFFIObjectHandle cts_foreign_new(int32_t type_index, size_t payload, cts_deleter_log* log) {
  foreign* block = (foreign*)calloc(1, sizeof(foreign) + payload);
  if (block == NULL) return NULL;
  block->log = log;
  block->object.combined_ref_count = BOTH_ONE;
  block->object.type_index = type_index;
  block->object.deleter = foreign_deleter;
  return &block->object;
}

void cts_foreign_free(TVMFFIObjectHandle obj) { free(foreign_of(obj)); }

/* Which deleter a spied object had. Many may be spied that a library never deletes. */
typedef struct spy {
  struct spy* next;
  void* object;
  void (*deleter)(void* self, int flags);
  cts_deleter_log* log;
} spy;
static spy* spies; /* latest first; guarded by spies_lock */
static pthread_mutex_t spies_lock = PTHREAD_MUTEX_INITIALIZER;

/* The objects freed last that were spied on. */
enum { REMEMBERED = 256, NEAR_AN_OBJECT = 512 };
static void* deleted[REMEMBERED];
static uint32_t deletions;

static void remember_deleted(void* object) {
  deleted[__atomic_fetch_add(&deletions, 1, __ATOMIC_RELAXED) % REMEMBERED] = object;
}

int deleted_find(uint64_t address, trace_found* out) {
  for (int i = 0; i < REMEMBERED; ++i) {
    uint64_t object = (uint64_t)(uintptr_t)deleted[i];
    if (object == 0 || address < object - sizeof(foreign) || address >= object + NEAR_AN_OBJECT) {
      continue;
    }
    out->place = TRACE_DELETED_OBJECT;
    out->offset = (int64_t)(address - object);
    return 1;
  }
  return 0;
}

/* What is known of a spied object; forgotten with its block, whose address may come back. */
static spy look_up(void* object, int flags) {
  spy found = {.object = NULL};
  pthread_mutex_lock(&spies_lock);
  spy** place = &spies;
  while (*place != NULL && (*place)->object != object) place = &(*place)->next;
  if (*place != NULL) {
    found = **place;
    if (flags & kTVMFFIObjectDeleterFlagBitMaskWeak) {
      spy* gone = *place;
      *place = gone->next;
      remember_deleted(object);
      free(gone);
    }
  }
  pthread_mutex_unlock(&spies_lock);
  return found;
}

static void spy_deleter(void* self, int flags) {
  spy found = look_up(self, flags);
  if (found.log != NULL) log_deletion(found.log, self, flags);
  if (found.deleter != NULL) found.deleter(self, flags);
}

int cts_spy_deleter(TVMFFIObjectHandle obj, cts_deleter_log* log) {
  TVMFFIObject* object = (TVMFFIObject*)obj;
  spy* made = (spy*)malloc(sizeof(*made));
  if (made == NULL) return -1;
  made->object = obj;
  made->deleter = object->deleter;
  made->log = log;
  object->deleter = spy_deleter;
  pthread_mutex_lock(&spies_lock);
  made->next = spies;
  spies = made;
  pthread_mutex_unlock(&spies_lock);
  return 0;
}

static void run_deleter(TVMFFIObject* object, int flags) {
  if (object->deleter != NULL) object->deleter(object, flags);
}

void cts_weak_incref(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = (TVMFFIObject*)obj;
  __atomic_fetch_add(&object->combined_ref_count, WEAK_ONE, __ATOMIC_RELAXED);
}

void cts_weak_decref(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = (TVMFFIObject*)obj;
  uint64_t before = __atomic_fetch_sub(&object->combined_ref_count, WEAK_ONE, __ATOMIC_ACQ_REL);
  if (before == WEAK_ONE) run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
}

int cts_weak_promote(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = (TVMFFIObject*)obj;
  uint64_t count = __atomic_load_n(&object->combined_ref_count, __ATOMIC_RELAXED);
  while ((count & STRONG_MASK) != 0) {
    if (__atomic_compare_exchange_n(&object->combined_ref_count, &count, count + STRONG_ONE, 1,
                                    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
      return 1;
    }
  }
  return 0;
}

void cts_strong_incref(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = (TVMFFIObject*)obj;
  __atomic_fetch_add(&object->combined_ref_count, STRONG_ONE, __ATOMIC_RELAXED);
}

void cts_strong_decref(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = (TVMFFIObject*)obj;
  uint64_t before = __atomic_fetch_sub(&object->combined_ref_count, STRONG_ONE, __ATOMIC_ACQ_REL);
  if (before == BOTH_ONE) {
    run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskBoth);
  } else if ((before & STRONG_MASK) == STRONG_ONE) {
    run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
    cts_weak_decref(obj);
  }
}
