/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a message raised from a C string ends after 4095 bytes */
/* violates: ERR-TEXT-01 */
#include <string.h>

#define TVMFFIErrorSetRaisedFromCStr correct_TVMFFIErrorSetRaisedFromCStr
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStr

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  char buffer[4096];
  (void)snprintf(buffer, sizeof(buffer), "%s", message);
  correct_TVMFFIErrorSetRaisedFromCStr(kind, buffer);
}
