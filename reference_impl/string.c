/* SPDX-License-Identifier: Apache-2.0 */
/* Strings and bytes: up to seven bytes inside the value, longer ones in an object. */
#include <string.h>

#include "bytes.h"
#include "counts.h"
#include "raised.h"
#include "storage.h"
#include "values.h"

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
FFI_INLINE int set_small(TVMFFIByteArray bytes, int32_t type_index, TVMFFIAny* out) {
  uint64_t content = ffi_load_short(bytes.data, bytes.size); /* before, as `out` may hold it */
  out->type_index = type_index;
  out->small_str_len = (uint32_t)bytes.size;
  out->v_uint64 = content;
  return 0;
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
  char* content = memcpy(object + 1, bytes.data, bytes.size);
  content[bytes.size] = '\0';
  object->bytes.data = content;
  object->bytes.size = bytes.size;
  ffi_set_object(out, &object->header);
  return 0;
}

/* Not inlined, so that short strings don't pay for the registers that these save. */
static FFI_NOINLINE int new_string(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return set_heap(bytes, kTVMFFIStr, out);
}

static FFI_NOINLINE int new_bytes(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return set_heap(bytes, kTVMFFIBytes, out);
}

static FFI_COLD int no_content(size_t size) {
  return ffi_raise("ValueError", "%zu bytes at a NULL pointer", size);
}

/* Borrows `bytes`; the owner of `out` owns the new value. */
int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  if (FFI_UNLIKELY(!ffi_is_readable(bytes))) {
    return no_content(bytes.size);
  }
  return bytes.size <= MAX_SMALL_SIZE ? set_small(bytes, kTVMFFISmallStr, out)
                                      : new_string(bytes, out);
}

int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  if (FFI_UNLIKELY(!ffi_is_readable(bytes))) {
    return no_content(bytes.size);
  }
  return bytes.size <= MAX_SMALL_SIZE ? set_small(bytes, kTVMFFISmallBytes, out)
                                      : new_bytes(bytes, out);
}

/* Borrow `input`; the caller owns what is stored in `out`. */
int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (FFI_UNLIKELY(input == NULL)) {
    return ffi_raise("ValueError", "no bytes to make a string of");
  }
  return ffi_string_new(*input, out);
}

int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (FFI_UNLIKELY(input == NULL)) {
    return ffi_raise("ValueError", "no bytes to make a bytes value of");
  }
  return ffi_bytes_new(*input, out);
}
