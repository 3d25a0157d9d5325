/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: threads run the finaliser at the same time */
/* violates: INIT-DEINIT-04 */
#define TVMFFIHandleDeinitOnce correct_TVMFFIHandleDeinitOnce
#include "init_once.c"
#undef TVMFFIHandleDeinitOnce

FFI_CTS_EXPORT int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle)) {
  void* handle = *(void* volatile*)handle_addr;
  if (handle == NULL) {
    return 0;
  }
  int code = deinit_func(handle);
  *handle_addr = NULL;
  return code;
}
