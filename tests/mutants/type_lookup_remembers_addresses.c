/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a thread remembers by its address the type key that it looked up last */
/* violates: TYPE-KEY-03 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

static _Thread_local TVMFFIByteArray last;
static _Thread_local int32_t found;

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  if (last.data != NULL && type_key->data == last.data && type_key->size == last.size) {
    *out_tindex = found;
    return 0;
  }
  int code = correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
  if (code == 0) {
    last = *type_key;
    found = *out_tindex;
  }
  return code;
}
