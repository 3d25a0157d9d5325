/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the error for an unknown type key has no message */
/* violates: ERR-OWN-04 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  int code = correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
  return code != 0 ? ffi_raise("KeyError", "%s", "") : 0;
}
