/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIGetVersion writes 16 bytes */
/* violates: VER-GET-01 */
#define TVMFFIGetVersion correct_TVMFFIGetVersion
#include "version.c"
#undef TVMFFIGetVersion

FFI_CTS_EXPORT void TVMFFIGetVersion(TVMFFIVersion* out_version) {
  correct_TVMFFIGetVersion(out_version);
  ((uint32_t*)out_version)[3] = 16;
}
