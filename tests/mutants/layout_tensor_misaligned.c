/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: tensor objects stand at odd multiples of 4 */
/* violates: LAYOUT-RUN-02 */
#include "internal.h"

static TVMFFIObject* crooked_new(size_t size, int32_t type_index, ffi_deleter deleter) {
  char* block = malloc(size + 4);
  if (block == NULL) {
    return NULL;
  }
  TVMFFIObject* object = (TVMFFIObject*)(void*)(block + 4);
  object->combined_ref_count = FFI_BOTH_ONE;
  object->type_index = type_index;
  object->deleter = deleter;
  return object;
}

static void crooked_free(void* object) { free((char*)object - 4); }

#define ffi_object_new crooked_new
#define ffi_object_free crooked_free
#include "tensor.c"
