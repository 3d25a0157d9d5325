/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a block freed twice */
#include <stdlib.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  char* volatile block = malloc(2000);
  free(block);
  free(block);
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
