/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: the header of a heap block overwritten */
#include <stdlib.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  volatile char* block = malloc(2000);
  volatile char* next = malloc(2000);
  for (int i = 2000; i < 2048; ++i) {
    block[i] = 0x5a;
  }
  free((void*)next);
  free((void*)block);
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
