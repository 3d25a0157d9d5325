/* SPDX-License-Identifier: Apache-2.0 */
/* Integers of any size: native words, least significant first, two's complement. */
#include <string.h>

#include "bytes.h"
#include "raised.h"
#include "values.h"
#include "storage.h"

/* Followed, in the same block, by the words. */
typedef struct {
  TVMFFIObject header;
  size_t size; /* of the words, in bytes */
} bigint_object;

_Static_assert(sizeof(bigint_object) % _Alignof(int64_t) == 0, "words may follow the size");

static void bigint_delete(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(self);
  }
}

/* The input needs no alignment. */
static int64_t word_at(const char* words, size_t index) {
  int64_t word;
  memcpy(&word, words + index * sizeof(word), sizeof(word));
  return word;
}

/* How many words are left without those that only repeat the sign of the one below. */
static size_t minimal_count(const char* words, size_t count) {
  while (count > 1) {
    int64_t sign = word_at(words, count - 2) < 0 ? -1 : 0;
    if (word_at(words, count - 1) != sign) {
      break;
    }
    --count;
  }
  return count;
}

static int set_heap(const char* words, size_t size, TVMFFIAny* out) {
  if (size > FFI_MAX_PAYLOAD) {
    return ffi_raise_no_memory();
  }
  bigint_object* object =
      (void*)ffi_object_new(sizeof(*object) + size, kTVMFFIBigInt, bigint_delete);
  if (FFI_UNLIKELY(object == NULL)) {
    return ffi_alloc_failed();
  }
  object->size = size;
  memcpy(object + 1, words, size);
  ffi_set_object(out, &object->header);
  return 0;
}

/* Copies `input`; the caller owns the value. What fits into 64 bits becomes a plain integer. */
int TVMFFIBigIntFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  TVMFFIByteArray bytes = ffi_bytes_or_empty(input);
  if (FFI_UNLIKELY(bytes.size % sizeof(int64_t) != 0 || !ffi_is_readable(bytes))) {
    return ffi_raise("ValueError", "an integer consists of whole words, not of %zu bytes",
                     bytes.size);
  }
  size_t count = minimal_count(bytes.data, bytes.size / sizeof(int64_t));
  if (count > 1) {
    return set_heap(bytes.data, count * sizeof(int64_t), out);
  }
  ffi_set_pod(out, kTVMFFIInt, count == 0 ? 0 : (uint64_t)word_at(bytes.data, 0));
  return 0;
}

/* Points into `value` or its object. Anything but an integer gives the empty array. */
TVMFFIByteArray TVMFFIBigIntGetContentByteArray(const TVMFFIAny* value) {
  if (value->type_index == kTVMFFIBigInt) {
    const bigint_object* object = (const bigint_object*)(const void*)value->v_obj;
    return (TVMFFIByteArray){(const char*)(object + 1), object->size};
  }
  if (value->type_index == kTVMFFIInt) {
    return (TVMFFIByteArray){(const char*)&value->v_int64, sizeof(value->v_int64)};
  }
  return (TVMFFIByteArray){NULL, 0};
}
