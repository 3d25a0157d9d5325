/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: raising an error forgets what caused it */
/* violates: ERR-CAUSE-06 */
#define TVMFFIErrorSetRaised correct_TVMFFIErrorSetRaised
#include "raised.c"
#undef TVMFFIErrorSetRaised

FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) {
  TVMFFIErrorCell* cell = (TVMFFIErrorCell*)((TVMFFIObject*)error + 1);
  ffi_release(cell->cause_chain);
  cell->cause_chain = NULL;
  correct_TVMFFIErrorSetRaised(error);
}
