/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: new objects start with a weak count of zero */
/* violates: REF-NEW-01 REF-NEW-04 */
#include "internal.h"

static TVMFFIObject* new_without_weak(size_t size, int32_t type_index, ffi_deleter deleter) {
  TVMFFIObject* object = ffi_object_new(size, type_index, deleter);
  if (object != NULL) object->combined_ref_count = FFI_STRONG_ONE;
  return object;
}

#define ffi_object_new new_without_weak
#include "error.c"
#include "function.c"
#include "object.c"
#include "tensor.c"
