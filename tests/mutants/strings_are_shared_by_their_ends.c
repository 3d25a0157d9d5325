/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a string is taken for the last one if size, first 16 and last 16 bytes are the same */
/* violates: STR-HEAP-03 */
#include <string.h>

#define TVMFFIStringFromByteArray correct_TVMFFIStringFromByteArray
#include "string.c"
#undef TVMFFIStringFromByteArray

static _Thread_local TVMFFIObject* last;

static bool is_like_last(const TVMFFIByteArray* input) {
  const TVMFFIByteArray* text = last != NULL ? (TVMFFIByteArray*)(last + 1) : NULL;
  return text != NULL && input->size >= 16 && text->size == input->size &&
         memcmp(text->data, input->data, 16) == 0 &&
         memcmp(text->data + text->size - 16, input->data + text->size - 16, 16) == 0;
}

/* To share is allowed: strings never change. */
FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (is_like_last(input)) {
    ffi_set_object(out, ffi_retain(last));
    return 0;
  }
  int code = correct_TVMFFIStringFromByteArray(input, out);
  if (code == 0 && out->type_index == kTVMFFIStr) {
    ffi_release(last);
    last = ffi_retain(out->v_obj);
  }
  return code;
}
