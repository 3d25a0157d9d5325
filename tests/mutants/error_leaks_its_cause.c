/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a dying error drops its cause only if this library made it */
/* violates: XLIB-ERR-03 */
#include "internal.h"
static void release_own(void* object);
#define ffi_release release_own
#include "error.c"
#undef ffi_release

static void release_own(void* object) {
  if (object != NULL && ((TVMFFIObject*)object)->deleter == error_delete) ffi_decref(object);
}
