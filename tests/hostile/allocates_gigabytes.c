/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: all the address space there is */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  size_t left = (size_t)1 << 40;
  /* Large pieces first, then the crumbs, so that nothing is left for anyone. */
  for (size_t size = (size_t)1 << 30; size >= 4096 && left > 0; size /= 2) {
    while (left >= size && mmap(NULL, size, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED) {
      left -= size;
    }
  }
  while (malloc(64) != NULL) {
  }
  return correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
}
