/* SPDX-License-Identifier: Apache-2.0 */
/* Functions made from C callbacks, and the call itself. */
#include "counts.h"
#include "raised.h"
#include "storage.h"

typedef struct {
  TVMFFIObject header;
  TVMFFIFunctionCell cell;
  void* self; /* the caller's until `deleter` gets it back */
  TVMFFISafeCallType callback;
  void (*deleter)(void* self);
} function_object;

/*
 * What the cell offers to everyone who holds the function: turns the handle of the function into
 * the `self` of the callback. A tail call, so the function may die while its callback runs. A
 * callback without a `self` stands in the cell itself: what it gets instead is free.
 */
static int function_safe_call(void* handle, const TVMFFIAny* args, int32_t num_args,
                              TVMFFIAny* result) {
  const function_object* function = handle;
  return function->callback(function->self, args, num_args, result);
}

static void function_delete(void* self, int flags) {
  function_object* function = self;
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0 && function->deleter != NULL) {
    function->deleter(function->self);
  }
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(function);
  }
}

/* On success the new function owns `self`; on failure the caller still does. */
int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call, void (*deleter)(void* self),
                         TVMFFIObjectHandle* out) {
  if (FFI_UNLIKELY(safe_call == NULL)) {
    return ffi_raise("ValueError", "a function needs a callback");
  }
  function_object* function =
      (void*)ffi_object_new(sizeof(*function), kTVMFFIFunction, function_delete);
  if (FFI_UNLIKELY(function == NULL)) {
    return ffi_alloc_failed();
  }
  function->cell.safe_call = self != NULL ? function_safe_call : safe_call;
  function->cell.cpp_call = NULL;
  function->self = self;
  function->callback = safe_call;
  function->deleter = deleter;
  *out = function;
  return 0;
}

/*
 * Borrows function and arguments; the caller owns the result. Works for the functions of every
 * library, because it relies on nothing but the cell. Checks no more than a call through the cell
 * does: whoever has no function must not call it.
 */
int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                       TVMFFIAny* result) {
  const TVMFFIFunctionCell* cell = (TVMFFIFunctionCell*)((TVMFFIObject*)func + 1);
  return cell->safe_call(func, args, num_args, result);
}
