/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: update_backtrace forgets what caused the error */
/* violates: ERR-TRACE-07 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#define TVMFFIErrorCreateWithCauseAndExtraContext correct_TVMFFIErrorCreateWithCauseAndExtraContext
#include "error.c"
#undef TVMFFIErrorCreate
#undef TVMFFIErrorCreateWithCauseAndExtraContext

static void wrong_update(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                         int32_t update_mode) {
  error_object* error = self;
  error_update_backtrace(self, backtrace, update_mode);
  ffi_release(error->cell.cause_chain);
  error->cell.cause_chain = NULL;
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) {
    ((error_object*)*out)->cell.update_backtrace = wrong_update;
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreateWithCauseAndExtraContext(kind, message, backtrace,
                                                               cause_chain, extra_context, out);
  if (code == 0) {
    ((error_object*)*out)->cell.update_backtrace = wrong_update;
  }
  return code;
}
