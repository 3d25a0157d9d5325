/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a look-up adds its reference as to any number, not in one atomic operation */
/* violates: GLOB-THREAD-01 */
#include "internal.h"

static inline TVMFFIObject* plain_retain(TVMFFIObject* object) {
  if (object != NULL) object->combined_ref_count += FFI_STRONG_ONE;
  return object;
}

#define ffi_retain plain_retain
#include "global_table.c"
