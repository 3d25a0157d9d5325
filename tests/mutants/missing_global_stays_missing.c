/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a thread remembers the name that it missed last, and misses it for ever */
/* violates: GLOB-GET-02 */
#include <string.h>

#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

static _Thread_local char missed[64];
static _Thread_local size_t missed_size;

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  if (missed_size != 0 && name->size == missed_size &&
      memcmp(name->data, missed, missed_size) == 0) {
    *out = NULL;
    return 0;
  }
  int code = correct_TVMFFIFunctionGetGlobal(name, out);
  if (code == 0 && *out == NULL && name->size <= sizeof(missed)) {
    memcpy(missed, name->data, name->size);
    missed_size = name->size;
  }
  return code;
}
