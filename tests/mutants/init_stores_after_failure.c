/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a failed initialiser leaves something in the handle */
/* violates: INIT-ONCE-03 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  int code = correct_TVMFFIHandleInitOnce(handle_addr, init_func);
  if (code != 0) {
    *handle_addr = handle_addr;
  }
  return code;
}
