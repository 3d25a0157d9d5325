/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the cause of an error gets a reference too many */
/* violates: ERR-CAUSE-03 ERR-CAUSE-05 */
#define TVMFFIErrorCreateWithCauseAndExtraContext correct_TVMFFIErrorCreateWithCauseAndExtraContext
#include "error.c"
#undef TVMFFIErrorCreateWithCauseAndExtraContext

FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  (void)ffi_retain(cause_chain);
  return correct_TVMFFIErrorCreateWithCauseAndExtraContext(kind, message, backtrace, cause_chain,
                                                           extra_context, out);
}
