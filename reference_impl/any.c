/* SPDX-License-Identifier: Apache-2.0 */
/* From values that refer to something to values that own it. */
#include <string.h>

#include "counts.h"
#include "raised.h"
#include "values.h"

static int own_c_string(const char* text, TVMFFIAny* out) {
  if (text == NULL) {
    return ffi_raise("ValueError", "a raw string value with a NULL pointer");
  }
  TVMFFIByteArray bytes = {text, strlen(text)};
  return ffi_string_new(bytes, out);
}

static int own_byte_array(const TVMFFIByteArray* bytes, TVMFFIAny* out) {
  if (bytes == NULL) {
    return ffi_raise("ValueError", "a byte array value with a NULL pointer");
  }
  return ffi_bytes_new(*bytes, out);
}

/* The reference moves from the place that the value points to. */
static int own_moved_object(TVMFFIObject** place, TVMFFIAny* out) {
  TVMFFIObject* object = place != NULL ? *place : NULL;
  if (object == NULL) {
    return ffi_raise("ValueError", "nothing to move: an r-value reference without an object");
  }
  *place = NULL;
  ffi_set_object(out, object);
  return 0;
}

static int own_object(const TVMFFIAny* view, TVMFFIAny* out) {
  TVMFFIObject* object = view->v_obj;
  int32_t type_index = view->type_index;
  if (FFI_UNLIKELY(object == NULL)) {
    return ffi_raise("ValueError", "a value of type index %d with a NULL object", type_index);
  }
  ffi_incref(object);
  ffi_set_pod(out, type_index, 0);
  out->v_obj = object;
  return 0;
}

/* The tags between the plain ones and the objects: each in its own way. */
static FFI_NOINLINE int own_special(const TVMFFIAny* view, TVMFFIAny* out) {
  int32_t type_index = view->type_index;
  uint32_t size = 0;
  switch (type_index) {
    case kTVMFFIRawStr:
      return own_c_string(view->v_c_str, out);
    case kTVMFFIByteArrayPtr:
      return own_byte_array(view->v_ptr, out);
    case kTVMFFIObjectRValueRef:
      return own_moved_object(view->v_ptr, out);
    case kTVMFFISmallStr:
    case kTVMFFISmallBytes:
      size = view->small_str_len;
      break;
    default:
      break;
  }
  ffi_set_pod(out, type_index, view->v_uint64);
  out->small_str_len = size;
  return 0;
}

int ffi_any_to_owned(const TVMFFIAny* view, TVMFFIAny* out) {
  int32_t type_index = view->type_index;
  if (type_index >= kTVMFFIStaticObjectBegin) {
    return own_object(view, out);
  }
  if (type_index >= kTVMFFIRawStr) {
    return own_special(view, out);
  }
  ffi_set_pod(out, type_index, view->v_uint64);
  return 0;
}

/* Borrows `any_view`; the caller owns what is stored in `out`. Both may be the same. */
int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  return ffi_any_to_owned(any_view, out);
}
