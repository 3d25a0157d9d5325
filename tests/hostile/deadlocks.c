/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a mutex that its own holder locks again */
#define _GNU_SOURCE
#include <pthread.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&lock);
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
