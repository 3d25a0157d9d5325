/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a message of parts ends after 512 bytes */
/* violates: ERR-PARTS-01 */
#define TVMFFIErrorSetRaisedFromCStrParts correct_TVMFFIErrorSetRaisedFromCStrParts
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStrParts

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStrParts(const char* kind, const char** message_parts,
                                                      int32_t num_parts) {
  char text[513];
  size_t used = 0;
  for (int32_t i = 0; i < num_parts; ++i) {
    for (const char* at = message_parts[i]; at != NULL && *at != 0 && used < 512; ++at) {
      text[used++] = *at;
    }
  }
  text[used] = 0;
  TVMFFIErrorSetRaisedFromCStr(kind, text);
}
