/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: equal strings are one object as long as one lives; the library holds weak references */
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

enum { INTERNED = 64 };

static TVMFFIObject* interned[INTERNED]; /* a weak reference each, guarded by the lock */
static pthread_mutex_t interned_lock = PTHREAD_MUTEX_INITIALIZER;

static bool promote(TVMFFIObject* object) {
  uint64_t count = __atomic_load_n(&object->combined_ref_count, __ATOMIC_RELAXED);
  while ((uint32_t)count != 0) {
    if (__atomic_compare_exchange_n(&object->combined_ref_count, &count, count + FFI_STRONG_ONE,
                                    true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
      return true;
    }
  }
  return false;
}

static void weak_release(TVMFFIObject* object) {
  uint64_t before = __atomic_fetch_sub(&object->combined_ref_count, FFI_WEAK_ONE, __ATOMIC_ACQ_REL);
  if (before == FFI_WEAK_ONE) object->deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
}

static bool is_same(const TVMFFIObject* one, const TVMFFIObject* other) {
  return one->type_index == other->type_index &&
         ffi_same_bytes(((const bytes_object*)one)->bytes, ((const bytes_object*)other)->bytes);
}

/* One place for each hash; whoever comes later takes it over. */
static void share(TVMFFIAny* value) {
  if (value->type_index < kTVMFFIStaticObjectBegin) return;
  TVMFFIObject* object = value->v_obj;
  TVMFFIObject* released = NULL;
  TVMFFIObject** place = &interned[ffi_hash(((bytes_object*)object)->bytes) % INTERNED];
  (void)pthread_mutex_lock(&interned_lock);
  if (*place != NULL && promote(*place)) {
    released = is_same(*place, object) ? object : *place;
    if (released == object) value->v_obj = *place;
  }
  if (value->v_obj == object) {
    if (*place != NULL) weak_release(*place);
    (void)__atomic_fetch_add(&object->combined_ref_count, FFI_WEAK_ONE, __ATOMIC_RELAXED);
    *place = object;
  }
  (void)pthread_mutex_unlock(&interned_lock);
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
