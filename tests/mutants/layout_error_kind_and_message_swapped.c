/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: kind and message of an error object are swapped */
/* violates: LAYOUT-RUN-04 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  return correct_TVMFFIErrorCreate(message, kind, backtrace, out);
}
