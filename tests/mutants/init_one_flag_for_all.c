/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only the first handle is ever initialised */
/* violates: INIT-ONCE-04 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  static void* first;
  int code = correct_TVMFFIHandleInitOnce(&first, init_func);
  if (code == 0) {
    *handle_addr = first;
  }
  return code;
}
