/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an unknown type key has the index -1 and is no failure */
/* violates: TYPE-KEY-01 TYPE-KEY-02 ERR-OWN-01 TYPE-ALLOC-11 */
#define TVMFFITypeKeyToIndex correct_TVMFFITypeKeyToIndex
#include "type_table.c"
#undef TVMFFITypeKeyToIndex

FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  if (correct_TVMFFITypeKeyToIndex(type_key, out_tindex) != 0) {
    ffi_release(ffi_this_thread.raised);
    ffi_this_thread.raised = NULL;
    *out_tindex = kTVMFFIAny;
  }
  return 0;
}
