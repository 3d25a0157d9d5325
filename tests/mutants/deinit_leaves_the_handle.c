/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the handle stays after the finaliser ran */
/* violates: INIT-DEINIT-01 INIT-DEINIT-03 */
#define TVMFFIHandleDeinitOnce correct_TVMFFIHandleDeinitOnce
#include "init_once.c"
#undef TVMFFIHandleDeinitOnce

FFI_CTS_EXPORT int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle)) {
  return *handle_addr != NULL ? deinit_func(*handle_addr) : 0;
}
