/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a NULL allocator leaves the old one in place */
/* violates: ENV-ALLOC-01 ENV-TENSOR-06 */
#define TVMFFIEnvSetDLPackManagedTensorAllocator correct_TVMFFIEnvSetDLPackManagedTensorAllocator
#include "env.c"
#undef TVMFFIEnvSetDLPackManagedTensorAllocator

FFI_CTS_EXPORT int TVMFFIEnvSetDLPackManagedTensorAllocator(
    DLPackManagedTensorAllocator allocator, int write_to_global_context,
    DLPackManagedTensorAllocator* opt_out_original_allocator) {
  if (allocator == NULL) {
    allocator = ffi_this_thread.tensor_allocator;
  }
  return correct_TVMFFIEnvSetDLPackManagedTensorAllocator(allocator, write_to_global_context,
                                                          opt_out_original_allocator);
}
