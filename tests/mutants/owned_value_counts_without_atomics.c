/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the reference of an owned value is added as to any number, not in one atomic operation */
/* violates: REF-THREAD-06 */
#include "internal.h"

static inline void plain_incref(TVMFFIObject* object) {
  object->combined_ref_count += FFI_STRONG_ONE;
}

#define ffi_incref plain_incref
#include "any.c"
