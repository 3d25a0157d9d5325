/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library that stands before another one and makes TVMFFIFunctionCall cost a little more:
 * EXTRA instructions, or PAUSES instructions that take long (in their place, the same number of
 * short ones when SLOW is 0). With RESTLESS, calls cost so many instructions more where a block
 * of the heap begins in the first quarter of a line of the cache, as comparing strings may; the
 * heap begins after BEFORE bytes. Everything else is the other library's. Linked with it, so that
 * a look-up of any other symbol goes there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ffi_cts/abi.h"

#ifndef EXTRA
#define EXTRA 0
#endif
#ifndef PAUSES
#define PAUSES 0
#endif
#ifndef SLOW
#define SLOW 0
#endif
#ifndef RESTLESS
#define RESTLESS 0
#endif
#ifndef BEFORE
#define BEFORE 0
#endif

#if !SLOW
#define WAIT "nop"
#elif defined(__x86_64__)
#define WAIT "pause"
#else
#define WAIT "isb"
#endif

static __typeof__(&TVMFFIFunctionCall) real_call;
static void* before;
static void* block;

__attribute__((constructor)) static void find_real(void) {
  void* symbol = dlsym(RTLD_NEXT, "TVMFFIFunctionCall");
  memcpy(&real_call, &symbol, sizeof(symbol));
  if (BEFORE > 0) before = malloc(BEFORE);
  if (RESTLESS > 0) block = malloc(4000);
}

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  __asm__ volatile(".rept %c0\n\tnop\n\t.endr" ::"i"(EXTRA));
  __asm__ volatile(".rept %c0\n\t" WAIT "\n\t.endr" ::"i"(PAUSES));
  if (RESTLESS > 0 && ((uintptr_t)block & 63) < 16) {
    __asm__ volatile(".rept %c0\n\tnop\n\t.endr" ::"i"(RESTLESS));
  }
  return real_call(func, args, num_args, result);
}
