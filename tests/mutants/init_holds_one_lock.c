/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the lock is held while the initialiser runs */
/* violates: INIT-ONCE-06 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  static pthread_mutex_t all = PTHREAD_MUTEX_INITIALIZER;
  (void)pthread_mutex_lock(&all);
  int code = correct_TVMFFIHandleInitOnce(handle_addr, init_func);
  (void)pthread_mutex_unlock(&all);
  return code;
}
