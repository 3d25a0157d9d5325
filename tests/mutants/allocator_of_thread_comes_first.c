/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the getter asks the thread before the process */
/* violates: ENV-ALLOC-05 */
#define TVMFFIEnvGetDLPackManagedTensorAllocator correct_TVMFFIEnvGetDLPackManagedTensorAllocator
#include "env.c"
#undef TVMFFIEnvGetDLPackManagedTensorAllocator

FFI_CTS_EXPORT DLPackManagedTensorAllocator TVMFFIEnvGetDLPackManagedTensorAllocator(void) {
  return allocator_for_this_thread();
}
