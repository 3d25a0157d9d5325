/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: integer arguments lose their upper half */
/* violates: FUNC-CALL-02 FUNC-CELL-03 */
#include <string.h>
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  TVMFFIAny* copy = malloc((size_t)num_args * sizeof(*copy) + 1);
  if (num_args > 0) {
    memcpy(copy, args, (size_t)num_args * sizeof(*copy));
  }
  for (int32_t i = 0; i < num_args; ++i) {
    if (copy[i].type_index == kTVMFFIInt) {
      copy[i].v_int64 = (int32_t)copy[i].v_int64;
    }
  }
  int code = correct_TVMFFIFunctionCall(func, copy, num_args, result);
  free(copy);
  return code;
}
