/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a function that is replaced loses a reference too many */
/* violates: GLOB-SET-04 GLOB-GET-03 */
#define _POSIX_C_SOURCE 200809L
#include "internal.h"

static void release_twice(TVMFFIObject* object) {
  ffi_release(object);
  ffi_release(object);
}

#define ffi_release release_twice
#include "global_table.c"
