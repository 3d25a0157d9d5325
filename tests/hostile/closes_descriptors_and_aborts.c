/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: every file descriptor closed, then death */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    close(descriptor);
  }
  abort();
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
