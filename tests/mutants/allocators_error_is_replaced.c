/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: whatever the custom allocator raised, the error of a failed allocation is MemoryError */
/* violates: ENV-OBJECT-01 */
#define ffi_alloc_failed correct_ffi_alloc_failed
#include "allocator.c"
#undef ffi_alloc_failed

int ffi_alloc_failed(void) { return ffi_raise_no_memory(); }
