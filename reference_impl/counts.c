/* SPDX-License-Identifier: Apache-2.0 */
/* What happens when a count of references reaches zero. */
#include "counts.h"

/*
 * Sees everything that other owners did before they let go. ThreadSanitizer doesn't understand
 * fences, so it gets a load that means the same here.
 */
static void acquire_before_deletion(const TVMFFIObject* object) {
#if defined(FFI_THREAD_SANITIZER)
  (void)__atomic_load_n(&object->combined_ref_count, __ATOMIC_ACQUIRE);
#else
  (void)object;
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
#endif
}

/*
 * All strong references together hold one weak reference. If that is the only one, content and
 * storage go in one call; otherwise the storage stays until the last weak reference is gone.
 */
void ffi_last_strong_gone(TVMFFIObject* object, uint64_t before) {
  acquire_before_deletion(object);
  if (FFI_LIKELY(before == FFI_BOTH_ONE)) {
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskBoth);
    return;
  }
  ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskStrong);
  before = __atomic_fetch_sub(&object->combined_ref_count, FFI_WEAK_ONE, __ATOMIC_RELEASE);
  if (before == FFI_WEAK_ONE) {
    acquire_before_deletion(object);
    ffi_run_deleter(object, kTVMFFIObjectDeleterFlagBitMaskWeak);
  }
}
