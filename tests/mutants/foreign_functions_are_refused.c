/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: only functions of this library can be called */
/* violates: FUNC-CELL-03 FUNC-CELL-04 FUNC-CROSS-01 ERR-CROSS-03 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  if (((TVMFFIObject*)func)->deleter != function_delete) {
    return ffi_raise("TypeError", "not a function of this library");
  }
  return correct_TVMFFIFunctionCall(func, args, num_args, result);
}
