/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the result of the initialiser is not stored */
/* violates: INIT-ONCE-01 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  void* result = NULL;
  return *handle_addr == NULL ? init_func(&result) : 0;
}
