/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the reference to a pending error is lost when another one takes its place */
/* violates: XLIB-ERR-02 */
#define TVMFFIErrorSetRaised correct_TVMFFIErrorSetRaised
#include "raised.c"
#undef TVMFFIErrorSetRaised

FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) {
  ffi_this_thread.raised = NULL;
  correct_TVMFFIErrorSetRaised(error);
}
