/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a thread remembers what it found under a name last until it registers something itself */
/* violates: GLOB-THREAD-02 */
#include <string.h>

#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal
#undef TVMFFIFunctionSetGlobal

static _Thread_local char last[64];
static _Thread_local size_t last_size;
static _Thread_local TVMFFIObject* found; /* owned */

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  last_size = 0;
  return correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
}

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  if (last_size != 0 && name->size == last_size && memcmp(name->data, last, last_size) == 0) {
    *out = ffi_retain(found);
    return 0;
  }
  int code = correct_TVMFFIFunctionGetGlobal(name, out);
  if (code == 0 && *out != NULL && name->size <= sizeof(last)) {
    memcpy(last, name->data, name->size);
    last_size = name->size;
    ffi_release(found);
    found = ffi_retain(*out);
  }
  return code;
}
