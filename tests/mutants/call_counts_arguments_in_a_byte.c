/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: no more than 255 arguments arrive */
/* violates: FUNC-CALL-05 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  return correct_TVMFFIFunctionCall(func, args, num_args & 255, result);
}
