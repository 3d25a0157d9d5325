/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a thread remembers by its address the name of an element type that it read last */
/* violates: DTYPE-FROM-08 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

static _Thread_local TVMFFIByteArray last;
static _Thread_local DLDataType found;

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  if (last.data != NULL && str->data == last.data && str->size == last.size) {
    *out = found;
    return 0;
  }
  int code = correct_TVMFFIDataTypeFromString(str, out);
  if (code == 0) {
    last = *str;
    found = *out;
  }
  return code;
}
