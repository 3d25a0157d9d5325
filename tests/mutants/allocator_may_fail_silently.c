/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a custom allocator that returns NULL is trusted to have raised an error */
/* violates: ENV-OBJECT-02 */
#define ffi_alloc_failed correct_ffi_alloc_failed
#include "allocator.c"
#undef ffi_alloc_failed

int ffi_alloc_failed(void) { return ffi_has_custom_allocator() ? -1 : ffi_raise_no_memory(); }
