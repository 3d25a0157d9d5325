/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the original output is the new allocator */
/* violates: ENV-ALLOC-02 */
#define TVMFFIEnvSetDLPackManagedTensorAllocator correct_TVMFFIEnvSetDLPackManagedTensorAllocator
#include "env.c"
#undef TVMFFIEnvSetDLPackManagedTensorAllocator

FFI_CTS_EXPORT int TVMFFIEnvSetDLPackManagedTensorAllocator(
    DLPackManagedTensorAllocator allocator, int write_to_global_context,
    DLPackManagedTensorAllocator* opt_out_original_allocator) {
  int code =
      correct_TVMFFIEnvSetDLPackManagedTensorAllocator(allocator, write_to_global_context, NULL);
  if (opt_out_original_allocator != NULL) {
    *opt_out_original_allocator = allocator;
  }
  return code;
}
