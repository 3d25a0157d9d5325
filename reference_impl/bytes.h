/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short texts without a call. Names and keys are a few words long, less than it takes to call
 * memcpy() or memcmp(). The trick in all of this: the end of a text is read as a whole word that
 * overlaps with what was read before, so that nothing outside the text is touched.
 */
#ifndef FFI_CTS_REFERENCE_BYTES_H_
#define FFI_CTS_REFERENCE_BYTES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ffi_cts/abi.h"

/* False for a size without a pointer, which is a mistake of whoever made it. */
static inline bool ffi_is_readable(TVMFFIByteArray bytes) {
  return bytes.data != NULL || bytes.size == 0;
}

static inline uint64_t ffi_load_8(const char* at) {
  uint64_t word;
  memcpy(&word, at, sizeof(word));
  return word;
}

static inline uint32_t ffi_load_4(const char* at) {
  uint32_t word;
  memcpy(&word, at, sizeof(word));
  return word;
}

/* A text of less than 8 bytes as the word that it makes in memory with zeros behind it. */
static inline uint64_t ffi_load_short(const char* at, size_t size) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (size >= 4) {
    return ffi_load_4(at) | (uint64_t)ffi_load_4(at + size - 4) << 8 * (size - 4);
  }
  if (size == 0) {
    return 0;
  }
  const unsigned char* byte = (const unsigned char*)at;
  size_t middle = size / 2;
  size_t last = size - 1;
  return (uint64_t)byte[0] | (uint64_t)byte[middle] << 8 * middle |
         (uint64_t)byte[last] << 8 * last;
#else
  uint64_t word = 0;
  if (size != 0) {
    memcpy(&word, at, size);
  }
  return word;
#endif
}

/* Whether two texts of the same size are equal. */
static inline bool ffi_same_text(const char* a, const char* b, size_t size) {
  if (size < 8) {
    return ffi_load_short(a, size) == ffi_load_short(b, size);
  }
  for (size_t i = 0; i < size - 8; i += 8) {
    if (ffi_load_8(a + i) != ffi_load_8(b + i)) {
      return false;
    }
  }
  return ffi_load_8(a + size - 8) == ffi_load_8(b + size - 8);
}

static inline bool ffi_same_bytes(TVMFFIByteArray a, TVMFFIByteArray b) {
  return a.size == b.size && ffi_same_text(a.data, b.data, a.size);
}

static inline uint64_t ffi_hash_step(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ (hash >> 32);
}

/* A hash of the content, the same in every process on machines of one byte order. */
static inline uint64_t ffi_hash(TVMFFIByteArray bytes) {
  uint64_t hash = bytes.size;
  if (bytes.size < 8) {
    return ffi_hash_step(hash, ffi_load_short(bytes.data, bytes.size));
  }
  for (size_t i = 0; i < bytes.size - 8; i += 8) {
    hash = ffi_hash_step(hash, ffi_load_8(bytes.data + i));
  }
  return ffi_hash_step(hash, ffi_load_8(bytes.data + bytes.size - 8));
}

#endif /* FFI_CTS_REFERENCE_BYTES_H_ */
