/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: results lose their upper half */
/* violates: FUNC-CALL-06 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  int code = correct_TVMFFIFunctionCall(func, args, num_args, result);
  if (result->type_index < kTVMFFIStaticObjectBegin) {
    result->v_uint64 &= UINT32_MAX;
  }
  return code;
}
