/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error has no cause, whatever it was given */
/* violates: ERR-CAUSE-01 ERR-CAUSE-02 ERR-CAUSE-05 ERR-CAUSE-06 */
#define TVMFFIErrorCreateWithCauseAndExtraContext correct_TVMFFIErrorCreateWithCauseAndExtraContext
#include "error.c"
#undef TVMFFIErrorCreateWithCauseAndExtraContext

FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  (void)cause_chain;
  return correct_TVMFFIErrorCreateWithCauseAndExtraContext(kind, message, backtrace, NULL,
                                                           extra_context, out);
}
