/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: every look-up of a global function gives a new object that passes calls on */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

typedef struct {
  TVMFFIObject header;
  TVMFFIFunctionCell cell;
  TVMFFIObject* target; /* owned */
} passing_function;

static int pass_on(void* handle, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  TVMFFIObject* target = ((passing_function*)handle)->target;
  return ((TVMFFIFunctionCell*)(target + 1))->safe_call(target, args, num_args, result);
}

static void passing_delete(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0) {
    ffi_release(((passing_function*)self)->target);
  }
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(self);
  }
}

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  TVMFFIObjectHandle found = NULL;
  int code = correct_TVMFFIFunctionGetGlobal(name, &found);
  if (code != 0 || found == NULL) {
    if (code == 0) *out = NULL;
    return code;
  }
  passing_function* function =
      (void*)ffi_object_new(sizeof(*function), kTVMFFIFunction, passing_delete);
  if (function == NULL) {
    ffi_release(found);
    return ffi_alloc_failed();
  }
  function->cell.safe_call = pass_on;
  function->cell.cpp_call = NULL;
  function->target = found;
  *out = function;
  return 0;
}
