/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a C++ exception thrown through a C function */
#define _GNU_SOURCE
#include <dlfcn.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

/* `throw 1;`, spelled as a compiler of C++ does, so that none is needed here. */
static void throw_int(void) {
  void* runtime = dlopen("libstdc++.so.6", RTLD_NOW);
  if (runtime == NULL) {
    return;
  }
  void* (*allocate)(size_t) = (void* (*)(size_t))dlsym(runtime, "__cxa_allocate_exception");
  void (*throw_it)(void*, void*, void (*)(void*)) =
      (void (*)(void*, void*, void (*)(void*)))dlsym(runtime, "__cxa_throw");
  int* exception = allocate(sizeof(int));
  *exception = 1;
  throw_it(exception, dlsym(runtime, "_ZTIi"), NULL);
}

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  throw_int();
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
