/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: cause and context go with the storage of the error, not with its content */
/* violates: ERR-CAUSE-07 */
#define TVMFFIErrorCreateWithCauseAndExtraContext correct_create
#include "error.c"
#undef TVMFFIErrorCreateWithCauseAndExtraContext

static void late_delete(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    error_delete(self, kTVMFFIObjectDeleterFlagBitMaskBoth);
  }
}

FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  int code = correct_create(kind, message, backtrace, cause_chain, extra_context, out);
  if (code == 0) ((TVMFFIObject*)*out)->deleter = late_delete;
  return code;
}
