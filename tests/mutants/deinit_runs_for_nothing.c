/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the finaliser runs for a NULL handle */
/* violates: INIT-DEINIT-02 INIT-DEINIT-01 */
#define TVMFFIHandleDeinitOnce correct_TVMFFIHandleDeinitOnce
#include "init_once.c"
#undef TVMFFIHandleDeinitOnce

FFI_CTS_EXPORT int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle)) {
  return deinit_func(__atomic_exchange_n(handle_addr, NULL, __ATOMIC_ACQ_REL));
}
