/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a handle that was deinitialised is not made again */
/* violates: INIT-DEINIT-03 */
#define TVMFFIHandleInitOnce correct_TVMFFIHandleInitOnce
#include "init_once.c"
#undef TVMFFIHandleInitOnce

FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  static struct {
    void** place;
    void* result;
  } made[256];
  static int count;
  for (int i = 0; i < count; ++i) {
    if (made[i].place == handle_addr) {
      *handle_addr = made[i].result;
      return 0;
    }
  }
  int code = correct_TVMFFIHandleInitOnce(handle_addr, init_func);
  if (code == 0 && count < 256) {
    made[count].place = handle_addr;
    made[count++].result = *handle_addr;
  }
  return code;
}
