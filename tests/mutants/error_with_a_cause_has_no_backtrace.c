/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the backtrace is dropped when there is a cause */
/* violates: ERR-CAUSE-04 */
#define TVMFFIErrorCreateWithCauseAndExtraContext correct_create
#include "error.c"
#undef TVMFFIErrorCreateWithCauseAndExtraContext

FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  return correct_create(kind, message, cause_chain != NULL ? NULL : backtrace, cause_chain,
                        extra_context, out);
}
