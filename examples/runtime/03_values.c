/* SPDX-License-Identifier: Apache-2.0 */
/* Step 3: values. A view borrows what it refers to; an owned value has a reference or a copy. */
#include "mine.h"

static int move_object(TVMFFIObject** place, TVMFFIAny* out) {
  TVMFFIObject* object = *place;
  if (object == NULL) return fail("ValueError", "the object was moved already");
  *place = NULL;
  *out = (TVMFFIAny){.type_index = object->type_index, .v_obj = object};
  return 0;
}

int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  TVMFFIAny view = *any_view; /* out may be the same place */
  const TVMFFIByteArray* array = view.v_ptr;
  switch (view.type_index) {
    case kTVMFFIRawStr:
      return own_text(kTVMFFIStr, view.v_c_str, strlen(view.v_c_str), out);
    case kTVMFFISmallStr:
      return own_text(kTVMFFIStr, view.v_bytes, view.small_str_len, out);
    case kTVMFFIByteArrayPtr:
      return own_text(kTVMFFIBytes, array->data, array->size, out);
    case kTVMFFISmallBytes:
      return own_text(kTVMFFIBytes, view.v_bytes, view.small_str_len, out);
    case kTVMFFIObjectRValueRef:
      return move_object(view.v_ptr, out);
    default:
      *out = view;
      out->zero_padding = 0;
      if (view.type_index >= kTVMFFIStaticObjectBegin) retain(view.v_obj);
      return 0;
  }
}
