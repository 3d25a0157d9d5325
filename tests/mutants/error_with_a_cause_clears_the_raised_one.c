/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: making an error with cause and context empties the slot */
/* violates: ERR-CAUSE-08 */
#define TVMFFIErrorCreateWithCauseAndExtraContext correct_create
#include "error.c"
#undef TVMFFIErrorCreateWithCauseAndExtraContext

FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  int code = correct_create(kind, message, backtrace, cause_chain, extra_context, out);
  ffi_set_raised(NULL);
  return code;
}
