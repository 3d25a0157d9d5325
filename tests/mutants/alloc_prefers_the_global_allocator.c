/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: allocation asks the process before the thread */
/* violates: ENV-TENSOR-07 */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  DLPackManagedTensorAllocator own = ffi_this_thread.tensor_allocator;
  ffi_this_thread.tensor_allocator = TVMFFIEnvGetDLPackManagedTensorAllocator();
  int code = correct_TVMFFIEnvTensorAlloc(prototype, out);
  ffi_this_thread.tensor_allocator = own;
  return code;
}
