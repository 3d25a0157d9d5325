/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an updated backtrace is the caller's memory */
/* violates: ERR-TRACE-06 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void wrong_update(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                         int32_t update_mode) {
  error_object* error = self;
  if (update_mode == kTVMFFIBacktraceUpdateModeReplace || error->cell.backtrace.size == 0) {
    error->cell.backtrace = *backtrace;
    return;
  }
  error_update_backtrace(self, backtrace, update_mode);
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) {
    ((error_object*)*out)->cell.update_backtrace = wrong_update;
  }
  return code;
}
