/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a library that finds its functions in the global scope takes them for another runtime's */
/* violates: PROC-SCOPE-02 */
#include <dlfcn.h>
#include <stdlib.h>
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  if (dlsym(RTLD_DEFAULT, "TVMFFIFunctionCreate") != NULL) {
    return ffi_raise("RuntimeError", "another runtime is in this process");
  }
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
