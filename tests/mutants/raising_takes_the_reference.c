/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIErrorSetRaised takes the caller's reference */
/* violates: ERR-RAISE-02 */
#define TVMFFIErrorSetRaised correct_TVMFFIErrorSetRaised
#include "raised.c"
#undef TVMFFIErrorSetRaised

FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) { ffi_set_raised(error); }
