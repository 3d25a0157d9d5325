/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the safe call in the cell expects the closure rather than the object */
/* violates: LAYOUT-RUN-05 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    ((TVMFFIFunctionCell*)((TVMFFIObject*)*out + 1))->safe_call = safe_call;
  }
  return code;
}
