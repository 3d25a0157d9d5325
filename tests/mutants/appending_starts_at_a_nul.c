/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an updated backtrace is kept as a C string, and what is appended goes where that ends */
/* violates: ERR-TRACE-04 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void update_a_c_string(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                              int32_t update_mode) {
  error_object* error = self;
  if (update_mode == kTVMFFIBacktraceUpdateModeAppend && error->heap_backtrace != NULL) {
    error->cell.backtrace.size = strlen(error->heap_backtrace);
  }
  error_update_backtrace(self, backtrace, update_mode);
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) {
    ((error_object*)*out)->cell.update_backtrace = update_a_c_string;
  }
  return code;
}
