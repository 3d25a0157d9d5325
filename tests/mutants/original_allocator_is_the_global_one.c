/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the original allocator handed out is the one that the getter would give */
/* violates: ENV-ALLOC-02 */
#define TVMFFIEnvSetDLPackManagedTensorAllocator correct_set_allocator
#include "env.c"
#undef TVMFFIEnvSetDLPackManagedTensorAllocator

FFI_CTS_EXPORT int TVMFFIEnvSetDLPackManagedTensorAllocator(
    DLPackManagedTensorAllocator allocator, int write_to_global_context,
    DLPackManagedTensorAllocator* opt_out_original_allocator) {
  DLPackManagedTensorAllocator before = TVMFFIEnvGetDLPackManagedTensorAllocator();
  int code = correct_set_allocator(allocator, write_to_global_context, NULL);
  if (opt_out_original_allocator != NULL) *opt_out_original_allocator = before;
  return code;
}
