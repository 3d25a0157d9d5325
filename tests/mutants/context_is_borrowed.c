/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error has no reference of its own to its extra context */
/* violates: ERR-CAUSE-02 ERR-CAUSE-03 */
#define TVMFFIErrorCreateWithCauseAndExtraContext correct_TVMFFIErrorCreateWithCauseAndExtraContext
#include "error.c"
#undef TVMFFIErrorCreateWithCauseAndExtraContext

FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreateWithCauseAndExtraContext(kind, message, backtrace,
                                                               cause_chain, extra_context, out);
  if (code == 0) {
    if (extra_context != NULL) {
      ((TVMFFIObject*)extra_context)->combined_ref_count -= FFI_STRONG_ONE;
    }
  }
  return code;
}
