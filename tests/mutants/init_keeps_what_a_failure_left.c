/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the initialiser writes straight into the handle, also when it then fails */
/* violates: INIT-ONCE-03 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

static _Thread_local int (*wrapped)(void** result);
static _Thread_local void* left;

static int init_and_look(void** result) {
  int code = wrapped(result);
  left = *result;
  return code;
}

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  wrapped = init_func;
  int code = correct_TVMFFIHandleInitOnce(handle_addr, init_and_look);
  if (code != 0) *handle_addr = left;
  return code;
}
