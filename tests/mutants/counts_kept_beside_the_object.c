/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: references taken through this library are counted in a table of its own */
/* violates: XLIB-DROP-04 REF-INC-01 */
#define TVMFFIObjectIncRef correct_TVMFFIObjectIncRef
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectIncRef
#undef TVMFFIObjectDecRef

enum { SLOTS = 256 };
static struct {
  void* object;
  uint32_t extra;
} table[SLOTS];

FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj) {
  for (int i = 0; i < SLOTS; ++i) {
    if (table[i].object == obj || table[i].extra == 0) {
      table[i].object = obj;
      ++table[i].extra;
      return 0;
    }
  }
  return correct_TVMFFIObjectIncRef(obj);
}

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  for (int i = 0; i < SLOTS; ++i) {
    if (table[i].object == obj && table[i].extra != 0) {
      --table[i].extra;
      return 0;
    }
  }
  return correct_TVMFFIObjectDecRef(obj);
}
