/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a function has the type index of ffi.Object */
/* violates: FUNC-CREATE-01 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    ((TVMFFIObject*)*out)->type_index = kTVMFFIObject;
  }
  return code;
}
