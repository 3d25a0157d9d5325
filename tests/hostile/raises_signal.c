/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a signal raised */
#define _GNU_SOURCE
#include <signal.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  raise(SIGUSR1);
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
