/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody's first seven functions, right as far as they go: objects are counted, functions and
 * strings can be made, and nothing raises an error yet. With NO_WEAK_COUNT defined, a new function
 * begins without the weak reference that its strong ones share.
 */
#include <stdlib.h>
#include <string.h>

#include "ffi_cts/abi.h"

#define WEAK_ONE ((uint64_t)1 << 32)
#if defined(NO_WEAK_COUNT)
#define NEW_FUNCTION ((uint64_t)1)
#else
#define NEW_FUNCTION (WEAK_ONE | 1)
#endif

void TVMFFIGetVersion(TVMFFIVersion* out_version) {
  TVMFFIVersion version = {0, 1, 15};
  *out_version = version;
}

int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  if (obj == NULL) return 0;
  (void)__atomic_fetch_add(&((TVMFFIObject*)obj)->combined_ref_count, 1, __ATOMIC_RELAXED);
  return 0;
}

static void run_deleter(TVMFFIObject* object, int flags) {
  if (object->deleter != NULL) object->deleter(object, flags);
}

int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  TVMFFIObject* object = obj;
  if (obj == NULL) return 0;
  uint64_t before = __atomic_fetch_sub(&object->combined_ref_count, 1, __ATOMIC_ACQ_REL);
  if (before == (WEAK_ONE | 1)) {
    run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskBoth);
  } else if ((uint32_t)before == 1) {
    run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
    before = __atomic_fetch_sub(&object->combined_ref_count, WEAK_ONE, __ATOMIC_ACQ_REL);
    if (before == WEAK_ONE) run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
  }
  return 0;
}

/* From 0.1.13.post2 on, something lies in front of every object. */
static void* allocate(size_t size, int32_t type_index, uint64_t counts,
                      void (*deleter)(void* self, int flags)) {
  TVMFFIObjectAllocHeader* block = calloc(1, 16 + size);
  TVMFFIObject* object = (TVMFFIObject*)((char*)block + 16);
  if (block == NULL) abort();
  object->combined_ref_count = counts;
  object->type_index = type_index;
  object->deleter = deleter;
  return object;
}

static void deallocate(void* object) { free((char*)object - 16); }

typedef struct {
  TVMFFIObject header;
  TVMFFIFunctionCell cell;
  void* self;
  TVMFFISafeCallType safe_call;
  void (*deleter)(void* self);
} function_object;

static void function_delete(void* self, int flags) {
  function_object* function = self;
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0 && function->deleter != NULL) {
    function->deleter(function->self);
  }
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) deallocate(function);
}

static int call_function(void* handle, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  function_object* function = handle;
  void* self = function->self != NULL ? function->self : handle;
  return function->safe_call(self, args, num_args, result);
}

int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call, void (*deleter)(void* self),
                         TVMFFIObjectHandle* out) {
  function_object* function =
      allocate(sizeof(*function), kTVMFFIFunction, NEW_FUNCTION, function_delete);
  function->cell.safe_call = call_function;
  function->self = self;
  function->safe_call = safe_call;
  function->deleter = deleter;
  *out = function;
  return 0;
}

int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                       TVMFFIAny* result) {
  return ((function_object*)func)->cell.safe_call(func, args, num_args, result);
}

typedef struct {
  TVMFFIObject header;
  TVMFFIByteArray bytes;
} string_object;

static void string_delete(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) deallocate(self);
}

int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (input->data == NULL && input->size != 0) return -1;
  string_object* string =
      allocate(sizeof(*string) + input->size + 1, kTVMFFIStr, WEAK_ONE | 1, string_delete);
  char* content = (char*)(string + 1);
  if (input->size != 0) memcpy(content, input->data, input->size);
  string->bytes.data = content;
  string->bytes.size = input->size;
  memset(out, 0, sizeof(*out));
  out->type_index = kTVMFFIStr;
  out->v_obj = &string->header;
  return 0;
}
