/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFITypeKeyToIndex fails with 1 */
/* violates: ERR-OWN-01 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  return -correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
}
