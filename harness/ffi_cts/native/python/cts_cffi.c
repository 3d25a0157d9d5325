/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small binding in C: it turns integers into argument slots, calls, and reads the result.
 * cffi puts this text before the code that it generates.
 */
#include <stdint.h>
#include <string.h>

#include "ffi_cts/abi.h"

static __typeof__(&TVMFFIFunctionCall) function_call;
static int64_t failures;

static void cts_use(void* pointer) { memcpy(&function_call, &pointer, sizeof(pointer)); }

static int64_t cts_failures(void) { return failures; }

static int64_t call(void* function, TVMFFIAny* args, int32_t num_args) {
  TVMFFIAny result = {0};
  if (function_call(function, args, num_args, &result) != 0) {
    ++failures;
    return 0;
  }
  return result.type_index == kTVMFFIInt ? result.v_int64 : 0;
}

static int64_t cts_call_0(void* function) { return call(function, NULL, 0); }

static int64_t cts_call_3(void* function, int64_t a, int64_t b, int64_t c) {
  TVMFFIAny args[3] = {
      {.type_index = kTVMFFIInt, .v_int64 = a},
      {.type_index = kTVMFFIInt, .v_int64 = b},
      {.type_index = kTVMFFIInt, .v_int64 = c},
  };
  return call(function, args, 3);
}
