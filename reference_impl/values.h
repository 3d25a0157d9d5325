/* SPDX-License-Identifier: Apache-2.0 */
/* Values: the 16-byte TVMFFIAny, and what is stored in one. */
#ifndef FFI_CTS_REFERENCE_VALUES_H_
#define FFI_CTS_REFERENCE_VALUES_H_

#include <stddef.h>
#include <stdint.h>

#include "ffi_cts/abi.h"

#pragma GCC visibility push(hidden)

/* The content of a NULL pointer is the empty array. */
static inline TVMFFIByteArray ffi_bytes_or_empty(const TVMFFIByteArray* bytes) {
  TVMFFIByteArray empty = {NULL, 0};
  return bytes != NULL ? *bytes : empty;
}

/* Stores a value without payload bits outside `bits`. */
static inline void ffi_set_pod(TVMFFIAny* out, int32_t type_index, uint64_t bits) {
  out->type_index = type_index;
  out->zero_padding = 0;
  out->v_uint64 = bits;
}

/* Stores an object; the caller's reference moves into `out`. */
static inline void ffi_set_object(TVMFFIAny* out, TVMFFIObject* object) {
  ffi_set_pod(out, object->type_index, 0);
  out->v_obj = object;
}

/* Stores a new String or Bytes that the owner of `out` owns. */
int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out);
int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out);

/* Stores a value that owns what `view` only refers to. */
int ffi_any_to_owned(const TVMFFIAny* view, TVMFFIAny* out);

/* Imports without alignment or contiguity demands; takes `from` on success only. */
int ffi_tensor_import(DLManagedTensorVersioned* from, TVMFFIObjectHandle* out);

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_VALUES_H_ */
