/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error that somebody held weakly is never freed: only the flag Both does it */
/* violates: REF-LEAK-01 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void delete_unless_weak(void* self, int flags) {
  if (flags != kTVMFFIObjectDeleterFlagBitMaskWeak) error_delete(self, flags);
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) ((TVMFFIObject*)*out)->deleter = delete_unless_weak;
  return code;
}
