/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a backtrace does not grow beyond 256 bytes */
/* violates: ERR-TRACE-04 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void wrong_update(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                         int32_t update_mode) {
  if (update_mode == kTVMFFIBacktraceUpdateModeAppend &&
      ((error_object*)self)->cell.backtrace.size + backtrace->size > 256) {
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
