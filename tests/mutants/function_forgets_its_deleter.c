/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the deleter of a function never runs */
/* violates: FUNC-CREATE-04 FUNC-CREATE-06 FUNC-CROSS-01 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  (void)deleter;
  return correct_TVMFFIFunctionCreate(self, safe_call, NULL, out);
}
