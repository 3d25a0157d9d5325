/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: object arguments get a reference that is never given back */
/* violates: FUNC-CALL-04 */
#define TVMFFIFunctionCall correct_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall

FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                                      TVMFFIAny* result) {
  for (int32_t i = 0; i < num_args; ++i) {
    if (args[i].type_index >= kTVMFFIStaticObjectBegin) {
      ffi_incref(args[i].v_obj);
    }
  }
  return correct_TVMFFIFunctionCall(func, args, num_args, result);
}
