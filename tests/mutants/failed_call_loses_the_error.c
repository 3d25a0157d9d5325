/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a failed call replaces the error of the callback by one of its own */
/* violates: XLIB-ERR-04 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  return code == 0 ? 0 : ffi_raise("RuntimeError", "the function failed");
}
