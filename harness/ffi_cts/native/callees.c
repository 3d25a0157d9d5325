/* SPDX-License-Identifier: Apache-2.0 */
/* The callee of the calls that are measured from Python: a safe call that does nothing. */
#include "ffi_cts/abi.h"

int cts_nothing(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result);

int cts_nothing(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  (void)self;
  (void)args;
  (void)num_args;
  (void)result;
  return 0;
}
