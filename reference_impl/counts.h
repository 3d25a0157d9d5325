/* SPDX-License-Identifier: Apache-2.0 */
/* Reference counts: two halves of one atomic word in the header of every object. */
#ifndef FFI_CTS_REFERENCE_COUNTS_H_
#define FFI_CTS_REFERENCE_COUNTS_H_

#include <stddef.h>
#include <stdint.h>

#include "ffi_cts/abi.h"

#include "compiler.h"

#pragma GCC visibility push(hidden)

#define FFI_STRONG_ONE ((uint64_t)1)
#define FFI_WEAK_ONE ((uint64_t)1 << 32)
#define FFI_BOTH_ONE (FFI_STRONG_ONE | FFI_WEAK_ONE)

/* The deleter in the object decides, whichever library made it; without one nothing happens. */
static inline void ffi_run_deleter(TVMFFIObject* object, int flags) {
  if (object->deleter != NULL) {
    object->deleter(object, flags);
  }
}

/* The strong count just reached zero, as `before` (the word before the decrement) tells. */
void ffi_last_strong_gone(TVMFFIObject* object, uint64_t before);

/* Relaxed: whoever increments already holds a reference, so nothing needs to be published. */
static inline void ffi_incref(TVMFFIObject* object) {
  (void)__atomic_fetch_add(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_RELAXED);
}

/* Takes one strong reference from the caller. Release: our writes come before the deletion. */
static inline void ffi_decref(TVMFFIObject* object) {
  uint64_t before =
      __atomic_fetch_sub(&object->combined_ref_count, FFI_STRONG_ONE, __ATOMIC_RELEASE);
  if ((uint32_t)before == 1) {
    ffi_last_strong_gone(object, before);
  }
}

/* Allows NULL. Returns its argument, now with one more strong reference. */
static inline TVMFFIObject* ffi_retain(void* object) {
  if (object != NULL) {
    ffi_incref(object);
  }
  return object;
}

/* Allows NULL. */
static inline void ffi_release(void* object) {
  if (object != NULL) {
    ffi_decref(object);
  }
}

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_COUNTS_H_ */
