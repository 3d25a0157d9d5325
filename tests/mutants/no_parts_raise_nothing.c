/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: without parts no error is raised */
/* violates: ERR-PARTS-03 */
#define TVMFFIErrorSetRaisedFromCStrParts correct_TVMFFIErrorSetRaisedFromCStrParts
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStrParts

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStrParts(const char* kind, const char** message_parts,
                                                      int32_t num_parts) {
  if (num_parts > 0) {
    correct_TVMFFIErrorSetRaisedFromCStrParts(kind, message_parts, num_parts);
  }
}
