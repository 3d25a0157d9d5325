/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a thread remembers by its address the name of the global function that it found last */
/* violates: GLOB-GET-02 */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

static _Thread_local TVMFFIByteArray last;
static _Thread_local TVMFFIObject* found;

/* Each thread keeps a reference to what it found last, which nobody forbids. */
FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  if (found != NULL && name->data == last.data && name->size == last.size) {
    *out = ffi_retain(found);
    return 0;
  }
  int code = correct_TVMFFIFunctionGetGlobal(name, out);
  if (code == 0 && *out != NULL) {
    last = *name;
    ffi_release(found);
    found = ffi_retain(*out);
  }
  return code;
}
