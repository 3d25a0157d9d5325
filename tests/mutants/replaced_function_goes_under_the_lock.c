/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the table releases what was replaced while it holds its lock */
/* violates: GLOB-SET-11 */
#define TVMFFIFunctionSetGlobal correct_TVMFFIFunctionSetGlobal
#define TVMFFIFunctionGetGlobal correct_TVMFFIFunctionGetGlobal
#include "global_table.c"
#undef TVMFFIFunctionSetGlobal
#undef TVMFFIFunctionGetGlobal

static pthread_mutex_t whole_table = PTHREAD_MUTEX_INITIALIZER;

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int allow_override) {
  (void)pthread_mutex_lock(&whole_table);
  int code = correct_TVMFFIFunctionSetGlobal(name, f, allow_override);
  (void)pthread_mutex_unlock(&whole_table);
  return code;
}

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  (void)pthread_mutex_lock(&whole_table);
  int code = correct_TVMFFIFunctionGetGlobal(name, out);
  (void)pthread_mutex_unlock(&whole_table);
  return code;
}
