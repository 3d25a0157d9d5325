/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: no machine has more than 1,024 devices of a type, and what is beyond is refused */
#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#include "stream.c"
#undef TVMFFIEnvSetStream

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  if (device_id > 1023) {
    return ffi_raise("ValueError", "there is no device %d", device_id);
  }
  return correct_TVMFFIEnvSetStream(device_type, device_id, stream, opt_out_original_stream);
}
