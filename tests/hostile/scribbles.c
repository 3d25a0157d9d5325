/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: zeroes over the object that it returns and far beyond */
#include <string.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  static char small[16];
  memset(small, 0, (size_t)1 << 30);
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
