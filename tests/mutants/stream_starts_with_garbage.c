/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a device that never got a stream has one */
/* violates: ENV-STREAM-02 */
#define TVMFFIEnvGetStream correct_TVMFFIEnvGetStream
#include "stream.c"
#undef TVMFFIEnvGetStream

FFI_CTS_EXPORT TVMFFIStreamHandle TVMFFIEnvGetStream(int32_t device_type, int32_t device_id) {
  if (find_device(&ffi_this_thread, device_type, device_id) == NULL) {
    return (TVMFFIStreamHandle)&ffi_this_thread;
  }
  return correct_TVMFFIEnvGetStream(device_type, device_id);
}
