/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the deleter of a function runs when a function is made, too */
/* violates: FUNC-CREATE-09 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0 && deleter != NULL) {
    deleter(self);
  }
  return code;
}
