/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIFunctionCall turns -1 into 1 */
/* violates: ERR-CALL-01 ERR-CALL-02 ERR-CROSS-03 FUNC-CALL-09 FUNC-CELL-04 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  return correct_TVMFFIFunctionCall(func, args, num_args, result) == 0 ? 0 : 1;
}
