/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the initialiser runs although the handle is there */
/* violates: INIT-ONCE-01 INIT-ONCE-02 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  void* result = NULL;
  int code = init_func(&result);
  if (code == 0) {
    *handle_addr = result;
  }
  return code;
}
