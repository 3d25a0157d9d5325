/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: names of global functions end at their first NUL */
/* violates: GLOB-NAME-01 */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal
#undef TVMFFIFunctionSetGlobal

static TVMFFIByteArray until_nul(const TVMFFIByteArray* name) {
  const char* nul = memchr(name->data, 0, name->size);
  TVMFFIByteArray cut = {name->data, nul != NULL ? (size_t)(nul - name->data) : name->size};
  return cut;
}

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  TVMFFIByteArray cut = until_nul(name);
  return correct_TVMFFIFunctionGetGlobal(&cut, out);
}

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  TVMFFIByteArray cut = until_nul(name);
  return correct_TVMFFIFunctionSetGlobal(&cut, f, allow_override);
}
