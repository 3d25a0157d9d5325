/* SPDX-License-Identifier: Apache-2.0 */
/* Step 1: a library that says which release it implements. */
#include "mine.h"

void TVMFFIGetVersion(TVMFFIVersion* out_version) {
  *out_version = (TVMFFIVersion){.major = 0, .minor = 1, .patch = 15};
}
