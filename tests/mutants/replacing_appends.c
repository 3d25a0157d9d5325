/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: replacing a backtrace appends to it */
/* violates: ERR-TRACE-02 ERR-TRACE-04 ERR-CROSS-02 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void wrong_update(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                         int32_t update_mode) {
  (void)update_mode;
  error_update_backtrace(self, backtrace, kTVMFFIBacktraceUpdateModeAppend);
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) {
    ((error_object*)*out)->cell.update_backtrace = wrong_update;
  }
  return code;
}
