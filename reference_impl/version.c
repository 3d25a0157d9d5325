/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the ABI that this library implements. */
#include "ffi_cts/abi.h"

void TVMFFIGetVersion(TVMFFIVersion* out_version) {
  TVMFFIVersion version = {0, 1, 16};
  *out_version = version;
}
