/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an object result gets one more reference */
/* violates: FUNC-CALL-07 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  if (result->type_index >= kTVMFFIStaticObjectBegin) {
    ffi_incref(result->v_obj);
  }
  return code;
}
