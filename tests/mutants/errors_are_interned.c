/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: equal errors are one object */
/* violates: ERR-CREATE-07 ERR-CREATE-04 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static error_object* latest; /* owned, for ever */

static bool equal(TVMFFIByteArray a, const TVMFFIByteArray* b) {
  return a.size == b->size && (a.size == 0 || memcmp(a.data, b->data, a.size) == 0);
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  if (latest != NULL && equal(latest->cell.kind, kind) && equal(latest->cell.message, message)) {
    *out = ffi_retain(latest);
    return 0;
  }
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) {
    latest = (error_object*)ffi_retain(*out);
  }
  return code;
}
