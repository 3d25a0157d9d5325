/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: whether the handle is there is asked in front of the lock, and not again behind it */
/* violates: INIT-ONCE-05 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

static pthread_mutex_t checked = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  if (__atomic_load_n(handle_addr, __ATOMIC_ACQUIRE) != NULL) return 0;
  void* result = NULL;
  (void)pthread_mutex_lock(&checked);
  int code = call_init(init_func, &result);
  if (code == 0) __atomic_store_n(handle_addr, result, __ATOMIC_RELEASE);
  (void)pthread_mutex_unlock(&checked);
  return code;
}
