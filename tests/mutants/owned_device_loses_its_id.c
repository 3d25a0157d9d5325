/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: owning a device drops its id */
/* violates: ANY-POD-01 */
#define TVMFFIAnyViewToOwnedAny correct_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny

FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out) {
  int code = correct_TVMFFIAnyViewToOwnedAny(any_view, out);
  if (code == 0 && out->type_index == kTVMFFIDevice) out->v_device.device_id = 0;
  return code;
}
