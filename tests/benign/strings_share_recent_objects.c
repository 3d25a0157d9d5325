/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: a string or bytes value equal to one of the latest four is the very same object */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <pthread.h>
#define ffi_string_new unshared_string_new
#define ffi_bytes_new unshared_bytes_new
#define TVMFFIStringFromByteArray unshared_TVMFFIStringFromByteArray
#define TVMFFIBytesFromByteArray unshared_TVMFFIBytesFromByteArray
#include "string.c"
#undef ffi_string_new
#undef ffi_bytes_new
#undef TVMFFIStringFromByteArray
#undef TVMFFIBytesFromByteArray

enum { RECENT = 4 };

static TVMFFIObject* recent[RECENT]; /* owned, guarded by recent_lock; latest at next - 1 */
static unsigned next;
static pthread_mutex_t recent_lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_same(const TVMFFIObject* one, const TVMFFIObject* other) {
  return one->type_index == other->type_index &&
         ffi_same_bytes(((const bytes_object*)one)->bytes, ((const bytes_object*)other)->bytes);
}

/* Puts the object that is kept, if there is one, in place of an equal new one, else keeps it. */
static void share(TVMFFIAny* value) {
  if (value->type_index < kTVMFFIStaticObjectBegin) return;
  TVMFFIObject* released = NULL;
  (void)pthread_mutex_lock(&recent_lock);
  unsigned i = 0;
  while (i < RECENT && (recent[i] == NULL || !is_same(recent[i], value->v_obj))) ++i;
  if (i < RECENT) {
    released = value->v_obj;
    value->v_obj = ffi_retain(recent[i]);
  } else {
    released = recent[next % RECENT];
    recent[next++ % RECENT] = ffi_retain(value->v_obj);
  }
  (void)pthread_mutex_unlock(&recent_lock);
  ffi_release(released);
}

int ffi_string_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  int code = unshared_string_new(bytes, out);
  if (code == 0) share(out);
  return code;
}

int ffi_bytes_new(TVMFFIByteArray bytes, TVMFFIAny* out) {
  int code = unshared_bytes_new(bytes, out);
  if (code == 0) share(out);
  return code;
}

FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = unshared_TVMFFIStringFromByteArray(input, out);
  if (code == 0) share(out);
  return code;
}

FFI_CTS_EXPORT int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  int code = unshared_TVMFFIBytesFromByteArray(input, out);
  if (code == 0) share(out);
  return code;
}
