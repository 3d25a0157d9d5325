/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a call takes every function for one of its own and uses the fields behind the cell */
/* violates: XLIB-CALL-02 XLIB-CALL-04 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  const function_object* function = func;
  if (function->header.deleter != function_delete) {
    return ffi_raise("TypeError", "this function was made elsewhere");
  }
  return function->callback(function->self, args, num_args, result);
}
