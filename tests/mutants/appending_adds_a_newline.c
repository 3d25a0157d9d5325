/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: appending to a backtrace puts a line break between */
/* violates: ERR-TRACE-03 ERR-TRACE-04 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void wrong_update(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                         int32_t update_mode) {
  static const TVMFFIByteArray line_break = {"\n", 1};
  if (update_mode == kTVMFFIBacktraceUpdateModeAppend) {
    error_update_backtrace(self, &line_break, update_mode);
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
