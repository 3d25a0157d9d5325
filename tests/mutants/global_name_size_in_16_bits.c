/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a look-up counts the bytes of a name in sixteen bits */
/* violates: GLOB-GET-02 */
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionGetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  if (name == NULL) {
    return correct_TVMFFIFunctionGetGlobal(name, out);
  }
  TVMFFIByteArray narrow = {name->data, (uint16_t)name->size};
  return correct_TVMFFIFunctionGetGlobal(&narrow, out);
}
