/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: other kinds and wording, and every error raised in the library has a backtrace that is no
 * text */
#define ffi_raise correct_ffi_raise
#define TVMFFIErrorSetRaisedFromCStr correct_TVMFFIErrorSetRaisedFromCStr
#include "raised.c"
#undef ffi_raise
#undef TVMFFIErrorSetRaisedFromCStr

/* What ffi_raise() was asked to say is thrown away: kinds, wording and backtraces are free. */
int ffi_raise(const char* kind, const char* format, ...) {
  static const char backtrace[] = "\0\xff\xfe frame \n\n\0";
  static const char message[] = "\xc3( it failed \0 %s";
  TVMFFIByteArray texts[3] = {
      {"Odd.Kind of error", 17}, {message, sizeof(message) - 1}, {backtrace, sizeof(backtrace)}};
  (void)kind;
  (void)format;
  ffi_set_raised(ffi_error_new(texts[0], texts[1], texts[2], NULL, NULL));
  return -1;
}

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  static const char backtrace[] = "raised \0 somewhere\xff";
  TVMFFIByteArray odd = {backtrace, sizeof(backtrace)};
  ffi_set_raised(ffi_error_new(kind_or_default(kind), from_c_string(message), odd, NULL, NULL));
}
