/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a crash when an object gets its seventh reference */
#include <stdlib.h>

#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#include "object.c"
#undef TVMFFIObjectIncRef

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  int code = correct_TVMFFIObjectIncRef(obj);
  if ((uint32_t)((TVMFFIObject*)obj)->combined_ref_count == 7) {
    abort();
  }
  return code;
}
