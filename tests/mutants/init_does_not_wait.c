/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: threads do not wait for the one that initialises */
/* violates: INIT-ONCE-05 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  static int busy;
  if (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQ_REL) != 0) {
    return 0;
  }
  int code = correct_TVMFFIHandleInitOnce(handle_addr, init_func);
  __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
  return code;
}
