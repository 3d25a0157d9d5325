/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: type keys are read up to a terminator */
/* violates: STR-BOUND-04 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  TVMFFIByteArray text = {type_key->data, strlen(type_key->data)};
  return correct_TVMFFITypeKeyToIndex(&text, out_tindex);
}
