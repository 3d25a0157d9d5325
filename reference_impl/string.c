/* SPDX-License-Identifier: Apache-2.0 */
/* Strings and bytes: up to seven bytes inside the value, longer ones in an object. */
#include <string.h>

#include "internal.h"

enum { MAX_SMALL_SIZE = 7 };

/* Followed, in the same block, by the content and a NUL. */
typedef struct {
  TVMFFIObject header;
  TVMFFIByteArray bytes;
} bytes_object;

static void bytes_delete(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(self);
  }
}

/* Unused bytes are zero, so equal strings have equal bits and the content ends with a NUL. */
static void set_small(TVMFFIByteArray bytes, int32_t type_index, TVMFFIAny* out) {
  char content[8] = {0};
  if (bytes.size != 0) {
    memcpy(content, bytes.data, bytes.size);
  }
  out->type_index = type_index;
  out->small_str_len = (uint32_t)bytes.size;
  memcpy(out->v_bytes, content, sizeof(content));
}

FFI_INLINE int set_heap(TVMFFIByteArray bytes, int32_t type_index, TVMFFIAny* out) {
  if (FFI_UNLIKELY(bytes.size > FFI_MAX_PAYLOAD)) {
    return ffi_raise_no_memory();
  }
  bytes_object* object =
      (void*)ffi_object_new(sizeof(*object) + bytes.size + 1, type_index, bytes_delete);
  if (FFI_UNLIKELY(object == NULL)) {
    return ffi_alloc_failed();
  }
  char* content = (char*)(object + 1);
  memcpy(content, bytes.data, bytes.size);
  content[bytes.size] = '\0';
  object->bytes.data = content;
  object->bytes.size = bytes.size;
  ffi_set_object(out, &object->header);
  return 0;
}

FFI_INLINE int make(TVMFFIByteArray bytes, int32_t small_type, int32_t heap_type, TVMFFIAny* out) {
  if (FFI_UNLIKELY(bytes.data == NULL && bytes.size != 0)) {
    return ffi_raise("ValueError", "%zu bytes at a NULL pointer", bytes.size);
  }
  if (bytes.size <= MAX_SMALL_SIZE) {
    set_small(bytes, small_type, out);
    return 0;
  }
  return set_heap(bytes, heap_type, out);
}

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return make(bytes, kTVMFFISmallStr, kTVMFFIStr, out);
}

int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return make(bytes, kTVMFFISmallBytes, kTVMFFIBytes, out);
}

/* Borrow `input`; the caller owns what is stored in `out`. */
int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (FFI_UNLIKELY(input == NULL)) {
    return ffi_raise("ValueError", "no bytes to make a string of");
  }
  return make(*input, kTVMFFISmallStr, kTVMFFIStr, out);
}

int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (FFI_UNLIKELY(input == NULL)) {
    return ffi_raise("ValueError", "no bytes to make a bytes value of");
  }
  return make(*input, kTVMFFISmallBytes, kTVMFFIBytes, out);
}
