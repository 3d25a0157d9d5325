/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: standard output flooded without end */
#define _GNU_SOURCE
#include <unistd.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  static const char line[] = "all work and no play makes a dull library\n";
  while (write(1, line, sizeof(line) - 1) != 0) {
  }
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
