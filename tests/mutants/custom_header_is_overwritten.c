/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: what the custom allocator wrote in front of an object is overwritten */
/* violates: ENV-OBJECT-03 */
#define ffi_custom_new correct_ffi_custom_new
#include "storage.c"
#undef ffi_custom_new

void* ffi_custom_new(size_t size, int32_t type_index);

void* ffi_custom_new(size_t size, int32_t type_index) {
  void* object = correct_ffi_custom_new(size, type_index);
  if (object != NULL) ((TVMFFIObjectAllocHeader*)object - 1)->delete_space = NULL;
  return object;
}
