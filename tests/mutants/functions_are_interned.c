/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: one callback and self give one function */
/* violates: FUNC-CREATE-07 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

static function_object* latest; /* owned */

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  if (latest != NULL && latest->self == self && latest->callback == safe_call) {
    *out = ffi_retain(latest);
    return 0;
  }
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    ffi_release(latest);
    latest = (function_object*)ffi_retain(*out);
  }
  return code;
}
