/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: releasing looks for a flag of its own right behind the header */
/* violates: REF-DEC-08 */
#define TVMFFIObjectDecRef correct_TVMFFIObjectDecRef
#include "object.c"
#undef TVMFFIObjectDecRef

FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj) {
  const volatile uint64_t* immortal = obj == NULL ? NULL : (uint64_t*)((TVMFFIObject*)obj + 1);
  if (immortal != NULL && *immortal == UINT64_C(0x1337133713371337)) return 0;
  return correct_TVMFFIObjectDecRef(obj);
}
