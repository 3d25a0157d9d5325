/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: every allocator is set for all threads */
/* violates: ENV-ALLOC-03 */
#define TVMFFIEnvSetDLPackManagedTensorAllocator correct_TVMFFIEnvSetDLPackManagedTensorAllocator
#include "env.c"
#undef TVMFFIEnvSetDLPackManagedTensorAllocator

FFI_CTS_EXPORT int TVMFFIEnvSetDLPackManagedTensorAllocator(
    DLPackManagedTensorAllocator allocator, int write_to_global_context,
    DLPackManagedTensorAllocator* opt_out_original_allocator) {
  return correct_TVMFFIEnvSetDLPackManagedTensorAllocator(allocator, 1 | write_to_global_context,
                                                          opt_out_original_allocator);
}
