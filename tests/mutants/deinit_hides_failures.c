/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a failed finaliser counts as success */
/* violates: INIT-DEINIT-05 */
#define TVMFFIHandleDeinitOnce correct_TVMFFIHandleDeinitOnce
#include "init_once.c"
#undef TVMFFIHandleDeinitOnce

FFI_CTS_EXPORT int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle)) {
  (void)correct_TVMFFIHandleDeinitOnce(handle_addr, deinit_func);
  return 0;
}
