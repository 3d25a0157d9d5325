/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: error objects lie four bytes off the alignment of the header */
/* violates: REF-NEW-03 */
#include "internal.h"

static TVMFFIObject* new_misaligned(size_t size, int32_t type_index, ffi_deleter deleter) {
  char* block = ffi_builtin_new(size + 4);
  if (block == NULL) return NULL;
  TVMFFIObject* object = (TVMFFIObject*)(void*)(block + 4);
  object->combined_ref_count = FFI_BOTH_ONE;
  object->type_index = type_index;
  object->deleter = deleter;
  return object;
}

static void free_misaligned(void* object) { ffi_object_free((char*)object - 4); }

#define ffi_object_new new_misaligned
#define ffi_object_free free_misaligned
#include "error.c"
