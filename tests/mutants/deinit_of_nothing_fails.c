/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: deinitialising a NULL handle fails */
/* violates: INIT-DEINIT-02 */
#define TVMFFIHandleDeinitOnce correct_TVMFFIHandleDeinitOnce
#include "init_once.c"
#undef TVMFFIHandleDeinitOnce

FFI_CTS_EXPORT int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle)) {
  return *handle_addr == NULL ? ffi_raise("ValueError", "nothing there")
                              : correct_TVMFFIHandleDeinitOnce(handle_addr, deinit_func);
}
