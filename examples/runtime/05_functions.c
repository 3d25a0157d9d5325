/* SPDX-License-Identifier: Apache-2.0 */
/* Step 5: functions. A function is an object with a safe_call that takes the object itself. */
#include "mine.h"

typedef struct {
  TVMFFIObject header;
  TVMFFIFunctionCell cell;
  void* self;
  TVMFFISafeCallType callback;
  void (*deleter)(void* self);
} Function;

/* In the cell of each function made here: from the object to the callback with its self. */
static int call_callback(void* handle, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  Function* function = handle;
  return function->callback(function->self, args, num_args, result);
}

static void delete_function(void* object, int flags) {
  Function* function = object;
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) && function->deleter != NULL)
    function->deleter(function->self);
  if (flags & kTVMFFIObjectDeleterFlagBitMaskWeak) free_object(function);
}

int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call, void (*deleter)(void* self),
                         TVMFFIObjectHandle* out) {
  Function* function = new_object(sizeof *function, kTVMFFIFunction, delete_function);
  if (function == NULL) return -1;
  function->cell.safe_call = call_callback;
  function->self = self;
  function->callback = safe_call;
  function->deleter = deleter;
  *out = function;
  return 0;
}

/* The function may be of another library: nothing is known of it but its cell. */
int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                       TVMFFIAny* result) {
  TVMFFIFunctionCell* cell = (TVMFFIFunctionCell*)((TVMFFIObject*)func + 1);
  return cell->safe_call(func, args, num_args, result);
}
