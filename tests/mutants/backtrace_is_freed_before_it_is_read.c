/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: update_backtrace frees the old backtrace before it reads the new one */
/* violates: ERR-TRACE-08 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void wrong_update(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                         int32_t update_mode) {
  error_object* error = self;
  if (backtrace->data == error->cell.backtrace.data && backtrace->size != 0) {
    memset((char*)(uintptr_t)backtrace->data, '#', backtrace->size);
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
