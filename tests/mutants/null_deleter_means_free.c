/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a function without deleter frees its self */
/* violates: FUNC-CREATE-05 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter != NULL ? deleter : free, out);
}
