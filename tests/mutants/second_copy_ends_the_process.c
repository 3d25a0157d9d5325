/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: loading registers a function by an exported name, and a name that is taken is the end */
/* violates: PROC-SCOPE-03 */
#include <stdlib.h>

#include "global_table.c"

static int answer(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  (void)self;
  (void)args;
  (void)num_args;
  ffi_set_pod(result, kTVMFFIInt, 42);
  return 0;
}

__attribute__((constructor)) static void register_answer(void) {
  TVMFFIByteArray name = {"mutant.answer", 13};
  TVMFFIObjectHandle function = NULL;
  if (TVMFFIFunctionCreate(NULL, answer, NULL, &function) != 0) abort();
  if (TVMFFIFunctionSetGlobal(&name, function, 0) != 0) abort();
  (void)TVMFFIObjectDecRef(function);
}
