/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error is made and raised by exported names, which may be those of another runtime */
/* violates: PROC-SCOPE-01 */
#define TVMFFIErrorSetRaisedFromCStr correct_TVMFFIErrorSetRaisedFromCStr
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStr

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  TVMFFIByteArray parts[2] = {from_c_string(kind), from_c_string(message)};
  TVMFFIByteArray nowhere = {NULL, 0};
  TVMFFIObjectHandle error = NULL;
  if (TVMFFIErrorCreate(&parts[0], &parts[1], &nowhere, &error) != 0) return;
  TVMFFIErrorSetRaised(error);
  (void)TVMFFIObjectDecRef(error);
}
