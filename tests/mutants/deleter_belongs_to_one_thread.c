/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the deleter of a function does nothing on another thread than the one that made it */
/* violates: XLIB-THREAD-01 REF-THREAD-04 REF-THREAD-02 XLIB-THREAD-02 */
#define function_delete correct_function_delete
#define TVMFFIFunctionCreate correct_TVMFFIFunctionCreate
#include "function.c"
#undef TVMFFIFunctionCreate

static _Thread_local int makes_functions;

static void delete_on_making_thread(void* self, int flags) {
  if (makes_functions) correct_function_delete(self, flags);
}

FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call,
                                        void (*deleter)(void* self), TVMFFIObjectHandle* out) {
  makes_functions = 1;
  int code = correct_TVMFFIFunctionCreate(self, safe_call, deleter, out);
  if (code == 0) ((TVMFFIObject*)*out)->deleter = delete_on_making_thread;
  return code;
}
