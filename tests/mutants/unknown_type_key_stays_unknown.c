/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a thread remembers the type key that it missed last, and refuses it for ever */
/* violates: TYPE-KEY-03 */
#include <string.h>

#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

static _Thread_local char missed[64];
static _Thread_local size_t missed_size;

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  if (missed_size != 0 && type_key->size == missed_size &&
      memcmp(type_key->data, missed, missed_size) == 0) {
    return ffi_raise("KeyError", "there is no such type");
  }
  int code = correct_TVMFFITypeKeyToIndex(type_key, out_tindex);
  if (code != 0 && type_key->size <= sizeof(missed) && type_key->data != NULL) {
    memcpy(missed, type_key->data, type_key->size);
    missed_size = type_key->size;
  }
  return code;
}
