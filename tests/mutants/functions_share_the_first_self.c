/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: every function gets the self of the first one */
/* violates: FUNC-CREATE-06 FUNC-CALL-01 */
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

static void* first_self;

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) {
    if (first_self == NULL) {
      first_self = self;
    }
    ((function_object*)*out)->self = first_self;
  }
  return code;
}
