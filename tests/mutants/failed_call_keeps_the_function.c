/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a call holds on to the function and forgets it when the callback fails */
/* violates: REF-CALL-02 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  ffi_incref(func);
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  if (code == 0) ffi_decref(func);
  return code;
}
