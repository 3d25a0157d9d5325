/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a call takes the result for a view and adds a reference */
/* violates: REF-CALL-03 REF-LEAK-04 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  if (code == 0 && result->type_index >= kTVMFFIStaticObjectBegin) ffi_incref(result->v_obj);
  return code;
}
