/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: megabytes on standard error, then death */
#include <stdio.h>
#include <stdlib.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  for (int line = 0; line < 100000; ++line) {
    fprintf(stderr, "complaint number %d of a library that likes to talk\n", line);
  }
  abort();
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
