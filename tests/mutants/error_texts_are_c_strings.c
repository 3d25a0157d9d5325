/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the message of an error is read up to a terminator */
/* violates: STR-BOUND-05 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  TVMFFIByteArray text = {message->data, strlen(message->data)};
  return correct_TVMFFIErrorCreate(kind, &text, backtrace, out);
}
