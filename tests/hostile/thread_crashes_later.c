/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a thread of its own that crashes later */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

static void* die_later(void* unused) {
  (void)unused;
  usleep(20000);
  abort();
}

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  pthread_t thread;
  pthread_create(&thread, NULL, die_later, NULL);
  usleep(200000); /* a call slow enough to be the one that is interrupted */
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
