/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error with a cause takes its kind for its message */
/* violates: ERR-CAUSE-04 */
#define TVMFFIErrorCreateWithCauseAndExtraContext correct_TVMFFIErrorCreateWithCauseAndExtraContext
#include "error.c"
#undef TVMFFIErrorCreateWithCauseAndExtraContext

FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  return correct_TVMFFIErrorCreateWithCauseAndExtraContext(message, kind, backtrace, cause_chain,
                                                           extra_context, out);
}
