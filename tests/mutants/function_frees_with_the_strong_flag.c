/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a function's storage goes with its last strong reference, weak references or not */
/* violates: REF-WEAK-01 */
#define function_delete correct_function_delete
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate
#undef function_delete

static void delete_all_at_once(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0) {
    correct_function_delete(self, kTVMFFIObjectDeleterFlagBitMaskBoth);
  }
}

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) ((TVMFFIObject*)*out)->deleter = delete_all_at_once;
  return code;
}
