/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the finaliser gets the address of the handle */
/* violates: INIT-DEINIT-01 */
#define TVMFFIHandleDeinitOnce correct_TVMFFIHandleDeinitOnce
#include "init_once.c"
#undef TVMFFIHandleDeinitOnce

FFI_CTS_EXPORT int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle)) {
  void* handle = __atomic_exchange_n(handle_addr, NULL, __ATOMIC_ACQ_REL);
  return handle != NULL ? deinit_func(handle_addr) : 0;
}
