/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error's texts end at their first NUL */
/* violates: ERR-CREATE-01 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static TVMFFIByteArray until_nul(const TVMFFIByteArray* text) {
  const char* nul = text->size != 0 ? memchr(text->data, 0, text->size) : NULL;
  TVMFFIByteArray cut = {text->data, nul != NULL ? (size_t)(nul - text->data) : text->size};
  return cut;
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  TVMFFIByteArray short_kind = until_nul(kind);
  TVMFFIByteArray short_message = until_nul(message);
  TVMFFIByteArray short_backtrace = until_nul(backtrace);
  return correct_TVMFFIErrorCreate(&short_kind, &short_message, &short_backtrace, out);
}
