/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: devices of all types with one id have one stream */
/* violates: ENV-STREAM-04 */
#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#define TVMFFIEnvGetStream correct_TVMFFIEnvGetStream
#include "stream.c"
#undef TVMFFIEnvSetStream
#undef TVMFFIEnvGetStream

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  return correct_TVMFFIEnvSetStream(0 * device_type, device_id, stream, opt_out_original_stream);
}

FFI_CTS_EXPORT TVMFFIStreamHandle TVMFFIEnvGetStream(int32_t device_type, int32_t device_id) {
  return correct_TVMFFIEnvGetStream(0 * device_type, device_id);
}
