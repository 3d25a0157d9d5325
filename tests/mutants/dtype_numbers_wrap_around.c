/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: bits and lanes are cut off */
/* violates: DTYPE-FROM-06 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  if (correct_TVMFFIDataTypeFromString(str, out) == 0) {
    return 0;
  }
  if (str->size < 4 || memcmp(str->data, "int", 3) != 0) {
    return -1;
  }
  uint64_t bits = 0;
  for (size_t i = 3; i < str->size; ++i) {
    if (str->data[i] < '0' || str->data[i] > '9') {
      return -1;
    }
    bits = bits * 10 + (uint64_t)(str->data[i] - '0');
  }
  ffi_set_raised(NULL);
  out->code = kDLInt;
  out->bits = (uint8_t)bits;
  out->lanes = 1;
  return 0;
}
