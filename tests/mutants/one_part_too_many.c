/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the part behind the last one is joined too */
/* violates: ERR-PARTS-01 ERR-PARTS-03 */
#define TVMFFIErrorSetRaisedFromCStrParts correct_TVMFFIErrorSetRaisedFromCStrParts
#include "raised.c"
#undef TVMFFIErrorSetRaisedFromCStrParts

FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStrParts(const char* kind, const char** message_parts,
                                                      int32_t num_parts) {
  correct_TVMFFIErrorSetRaisedFromCStrParts(kind, message_parts, num_parts + 1);
}
