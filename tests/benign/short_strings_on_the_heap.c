/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: every string and bytes value is an object, even the empty one */
#define ffi_string_new small_or_heap_string
#define ffi_bytes_new small_or_heap_bytes
#define TVMFFIStringFromByteArray small_or_heap_TVMFFIStringFromByteArray
#define TVMFFIBytesFromByteArray small_or_heap_TVMFFIBytesFromByteArray
#include "string.c"
#undef ffi_string_new
#undef ffi_bytes_new
#undef TVMFFIStringFromByteArray
#undef TVMFFIBytesFromByteArray

static int make_object(TVMFFIByteArray bytes, int32_t type_index, TVMFFIAny* out) {
  if (bytes.data == NULL) {
    if (bytes.size != 0) return ffi_raise("ValueError", "bytes at a NULL pointer");
    bytes.data = "";
  }
  return set_heap(bytes, type_index, out);
}

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return make_object(bytes, kTVMFFIStr, out);
}

int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return make_object(bytes, kTVMFFIBytes, out);
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (input == NULL) return ffi_raise("ValueError", "no bytes");
  return make_object(*input, kTVMFFIStr, out);
}

FFI_CTS_EXPORT int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (input == NULL) return ffi_raise("ValueError", "no bytes");
  return make_object(*input, kTVMFFIBytes, out);
}
