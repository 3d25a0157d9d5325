/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIDataTypeFromString fails without an error */
/* violates: ERR-OWN-02 ERR-OWN-03 */
#define TVMFFIDataTypeFromString correct_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString

FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  TVMFFIObject* before = ffi_this_thread.raised;
  ffi_this_thread.raised = NULL;
  int code = correct_TVMFFIDataTypeFromString(str, out);
  ffi_set_raised(before);
  return code;
}
