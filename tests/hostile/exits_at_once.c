/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: _exit(0) inside a call */
#define _GNU_SOURCE
#include <unistd.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  _exit(0);
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
