/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the lowest bit of a function's self is lost */
/* violates: FUNC-CREATE-08 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  void* rounded = (void*)((uintptr_t)self & ~(uintptr_t)1);
  return correct_TVMFFIFunctionCreate(rounded, safe_call, deleter, out);
}
