/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: SIGABRT whenever a reference is given back, as when a library is unloaded */
#include <stdlib.h>

#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  (void)obj;
  abort();
}
