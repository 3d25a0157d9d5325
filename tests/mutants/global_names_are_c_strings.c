/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the names of global functions are read up to a terminator */
/* violates: STR-BOUND-03 */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  TVMFFIByteArray text = {name->data, strlen(name->data)};
  return correct_TVMFFIFunctionGetGlobal(&text, out);
}
