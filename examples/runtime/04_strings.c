/* SPDX-License-Identifier: Apache-2.0 */
/* Step 4: strings and bytes. Up to seven bytes lie in the value, more of them in an object. */
#include "mine.h"

typedef struct {
  TVMFFIObject header;
  TVMFFIByteArray content;
  char bytes[];
} Text;

static void delete_text(void* object, int flags) {
  if (flags & kTVMFFIObjectDeleterFlagBitMaskWeak) free_object(object);
}

bool readable(const TVMFFIByteArray* array) {
  if (array->data != NULL || array->size == 0) return true;
  (void)fail("ValueError", "a byte array has a size but no data");
  return false;
}

int own_text(int32_t type_index, const char* data, size_t size, TVMFFIAny* out) {
  TVMFFIByteArray given = {data, size};
  if (!readable(&given)) return -1;
  TVMFFIAny made = {0}; /* bytes that the content does not use are zero */
  if (size <= 7) {
    made.type_index = type_index == kTVMFFIStr ? kTVMFFISmallStr : kTVMFFISmallBytes;
    made.small_str_len = (uint32_t)size;
    if (size > 0) memcpy(made.v_bytes, data, size);
  } else {
    Text* text = new_object(sizeof *text + size + 1, type_index, delete_text);
    if (text == NULL) return -1;
    memcpy(text->bytes, data, size); /* the NUL behind it is there: objects begin as zeros */
    text->content = (TVMFFIByteArray){text->bytes, size};
    made.type_index = type_index;
    made.v_obj = &text->header;
  }
  *out = made;
  return 0;
}

int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  return own_text(kTVMFFIStr, input->data, input->size, out);
}

int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  return own_text(kTVMFFIBytes, input->data, input->size, out);
}
