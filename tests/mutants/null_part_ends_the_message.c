/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the message ends at the first part that is NULL */
/* violates: ERR-PARTS-02 */
#define TVMFFIErrorSetRaisedFromCStrParts correct_TVMFFIErrorSetRaisedFromCStrParts
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStrParts

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStrParts(const char* kind, const char** message_parts,
                                                      int32_t num_parts) {
  int32_t count = 0;
  while (count < num_parts && message_parts[count] != NULL) {
    ++count;
  }
  correct_TVMFFIErrorSetRaisedFromCStrParts(kind, message_parts, count);
}
