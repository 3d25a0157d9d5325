/* SPDX-License-Identifier: Apache-2.0 */
/* Reference counts of objects, and opaque objects. */
#include "counts.h"
#include "raised.h"
#include "storage.h"

/* NULL is refused: there is no object whose new reference the caller could own. */
int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  if (FFI_UNLIKELY(obj == NULL)) {
    return ffi_raise("ValueError", "cannot add a reference to a NULL object");
  }
  ffi_incref(obj);
  return 0;
}

/* Takes one strong reference from the caller. NULL is allowed, as with free(). */
int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  ffi_release(obj);
  return 0;
}

/* ---- Opaque objects ---- */

typedef struct {
  TVMFFIObject header;
  TVMFFIOpaqueObjectCell cell; /* the handle is the caller's until `deleter` gets it back */
  void (*deleter)(void* handle);
} opaque_object;

static void opaque_delete(void* self, int flags) {
  opaque_object* object = self;
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0 && object->deleter != NULL) {
    object->deleter(object->cell.handle);
  }
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(object);
  }
}

/* On success the new object owns `handle`; on failure the caller still does. */
int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index, void (*deleter)(void* handle),
                             TVMFFIObjectHandle* out) {
  if (type_index != kTVMFFIOpaquePyObject) {
    return ffi_raise("ValueError", "type index %d is not one of an opaque object", type_index);
  }
  opaque_object* object = (void*)ffi_object_new(sizeof(*object), type_index, opaque_delete);
  if (object == NULL) {
    return ffi_alloc_failed();
  }
  object->cell.handle = handle;
  object->deleter = deleter;
  *out = object;
  return 0;
}
