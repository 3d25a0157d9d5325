/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: allow_override is refused for a new name */
/* violates: GLOB-SET-03 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  if (allow_override && ffi_map_find(&table, *name, ffi_hash(*name)) == NULL) {
    return ffi_raise("ValueError", "nothing to override");
  }
  return correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
}
