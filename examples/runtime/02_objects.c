/* SPDX-License-Identifier: Apache-2.0 */
/* Step 2: objects. A header of 24 bytes, two counts in one word, a deleter that is told what to do.
 */
#include "mine.h"

#define STRONG ((uint64_t)1)
#define WEAK ((uint64_t)1 << 32)

void* must(void* memory) {
  if (memory == NULL) abort();
  return memory;
}

/* Storage: what gives it back stands right before the object. */

static void free_storage(void* object) { free((TVMFFIObjectAllocHeader*)object - 1); }

static void* malloc_storage(size_t size, int32_t type_index) {
  (void)type_index;
  TVMFFIObjectAllocHeader* before = must(malloc(sizeof *before + size));
  before->delete_space = free_storage;
  return before + 1;
}

void* (*take_storage)(size_t size, int32_t type_index) = malloc_storage;

void* new_object(size_t size, int32_t type_index, void (*deleter)(void* self, int flags)) {
  TVMFFIObject* object = take_storage(size, type_index);
  if (object == NULL) return NULL;
  memset(object, 0, size);
  object->combined_ref_count = STRONG | WEAK; /* all strong references share one weak one */
  object->type_index = type_index;
  object->deleter = deleter;
  return object;
}

void free_object(void* object) {
  TVMFFIObjectAllocHeader* before = (TVMFFIObjectAllocHeader*)object - 1;
  if (before->delete_space != NULL) before->delete_space(object);
}

/* Counts. Other libraries count in the same word at the same time, so a lock would not help. */

void retain(void* object) {
  if (object == NULL) return;
  (void)__atomic_fetch_add(&((TVMFFIObject*)object)->combined_ref_count, STRONG, __ATOMIC_RELAXED);
}

void release(void* object) {
  TVMFFIObject* self = object;
  if (self == NULL) return;
  uint64_t before = __atomic_fetch_sub(&self->combined_ref_count, STRONG, __ATOMIC_ACQ_REL);
  if ((uint32_t)before != 1 || self->deleter == NULL) return;
  self->deleter(self, kTVMFFIObjectDeleterFlagBitMaskStrong);
  before = __atomic_fetch_sub(&self->combined_ref_count, WEAK, __ATOMIC_ACQ_REL);
  if (before >> 32 == 1) self->deleter(self, kTVMFFIObjectDeleterFlagBitMaskWeak);
}

int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  retain(obj);
  return 0;
}

int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  release(obj);
  return 0;
}

/* The simplest object: somebody's pointer, and how to give it back. */

typedef struct {
  TVMFFIObject header;
  TVMFFIOpaqueObjectCell cell;
  void (*deleter)(void* handle);
} Opaque;

static void delete_opaque(void* object, int flags) {
  Opaque* self = object;
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) && self->deleter != NULL)
    self->deleter(self->cell.handle);
  if (flags & kTVMFFIObjectDeleterFlagBitMaskWeak) free_object(self);
}

int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index, void (*deleter)(void* handle),
                             TVMFFIObjectHandle* out) {
  Opaque* self = new_object(sizeof *self, type_index, delete_opaque);
  if (self == NULL) return -1;
  self->cell.handle = handle;
  self->deleter = deleter;
  *out = self;
  return 0;
}

/* Until there are errors, a failure is nothing but its code; until there are strings, no copy. */

PLACEHOLDER int fail(const char* kind, const char* message) {
  (void)kind;
  (void)message;
  return -1;
}

PLACEHOLDER int own_text(int32_t type_index, const char* data, size_t size, TVMFFIAny* out) {
  (void)type_index;
  (void)data;
  (void)size;
  (void)out;
  return fail("NotImplementedError", "this runtime has no strings yet");
}
