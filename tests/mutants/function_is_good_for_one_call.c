/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a call gives the closure back as if it were the only one */
/* violates: REF-CALL-04 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  function_object* function = func;
  if (function->header.deleter == function_delete && function->deleter != NULL) {
    function->deleter(function->self);
    function->deleter = NULL;
  }
  return code;
}
