/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: all calls under way share one result slot */
/* violates: FUNC-THREAD-01 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

static TVMFFIAny shared;

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  shared = *result;
  int code = correct_TVMFFIFunctionCall(func, args, num_args, &shared);
  *result = shared;
  return code;
}
