/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: device ids that differ by 256 have one stream */
/* violates: ENV-STREAM-04 */
#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#define TVMFFIEnvGetStream correct_TVMFFIEnvGetStream
#include "stream.c"
#undef TVMFFIEnvSetStream
#undef TVMFFIEnvGetStream

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  return correct_TVMFFIEnvSetStream(device_type, (uint8_t)device_id, stream,
                                    opt_out_original_stream);
}

FFI_CTS_EXPORT TVMFFIStreamHandle TVMFFIEnvGetStream(int32_t device_type, int32_t device_id) {
  return correct_TVMFFIEnvGetStream(device_type, (uint8_t)device_id);
}
