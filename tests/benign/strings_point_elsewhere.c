/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: the content of a string or bytes object is a block of its own */
#define bytes_delete inline_bytes_delete
#define ffi_string_new inline_string_new
#define ffi_bytes_new inline_bytes_new
#define TVMFFIStringFromByteArray inline_TVMFFIStringFromByteArray
#define TVMFFIBytesFromByteArray inline_TVMFFIBytesFromByteArray
#include "string.c"
#undef bytes_delete
#undef ffi_string_new
#undef ffi_bytes_new
#undef TVMFFIStringFromByteArray
#undef TVMFFIBytesFromByteArray

static void bytes_delete(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0) {
    free((char*)((bytes_object*)self)->bytes.data);
  }
  inline_bytes_delete(self, flags);
}

/* Out of memory, the content stays where it is. */
static int move_content(int code, TVMFFIAny* value) {
  if (code != 0 || value->type_index < kTVMFFIStaticObjectBegin) return code;
  bytes_object* object = (bytes_object*)value->v_obj;
  char* content = malloc(object->bytes.size + 1);
  if (content == NULL) return code;
  memcpy(content, object->bytes.data, object->bytes.size + 1);
  memset((char*)object->bytes.data, '#', object->bytes.size + 1);
  object->bytes.data = content;
  object->header.deleter = bytes_delete;
  return code;
}

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return move_content(inline_string_new(bytes, out), out);
}

int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  return move_content(inline_bytes_new(bytes, out), out);
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  return move_content(inline_TVMFFIStringFromByteArray(input, out), out);
}

FFI_CTS_EXPORT int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  return move_content(inline_TVMFFIBytesFromByteArray(input, out), out);
}
