/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: threads initialise a handle at the same time */
/* violates: INIT-ONCE-05 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  if (__atomic_load_n(handle_addr, __ATOMIC_ACQUIRE) != NULL) {
    return 0;
  }
  void* result = NULL;
  int code = init_func(&result);
  if (code == 0) {
    __atomic_store_n(handle_addr, result, __ATOMIC_RELEASE);
  }
  return code;
}
