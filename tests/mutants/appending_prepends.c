/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: appending to a backtrace puts the new text first */
/* violates: ERR-TRACE-03 ERR-TRACE-04 ERR-CROSS-02 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void wrong_update(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                         int32_t update_mode) {
  error_object* error = self;
  TVMFFIByteArray old = error->cell.backtrace;
  char* copy = malloc(old.size + 1);
  memcpy(copy, old.data, old.size);
  old.data = copy;
  error_update_backtrace(self, backtrace, kTVMFFIBacktraceUpdateModeReplace);
  if (update_mode == kTVMFFIBacktraceUpdateModeAppend) {
    error_update_backtrace(self, &old, kTVMFFIBacktraceUpdateModeAppend);
  }
  free(copy);
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) {
    ((error_object*)*out)->cell.update_backtrace = wrong_update;
  }
  return code;
}
