/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIGetVersion leaves the patch number alone */
/* violates: VER-GET-02 */
#define TVMFFIGetVersion correct_TVMFFIGetVersion
#include "version.c"
#undef TVMFFIGetVersion

FFI_CTS_EXPORT void TVMFFIGetVersion(TVMFFIVersion* out_version) {
  out_version->major = 0;
  out_version->minor = 1;
}
