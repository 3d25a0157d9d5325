/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: recursion without end */

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

static int dig(volatile char* above) {
  volatile char frame[4096];
  frame[0] = above != NULL ? above[0] : 0;
  return dig(frame) + frame[0];
}

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  if (dig(NULL) != 0) {
    return -1;
  }
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
