/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the original output is written although it is NULL */
/* violates: ENV-STREAM-01 */
#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#include "stream.c"
#undef TVMFFIEnvSetStream

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  TVMFFIStreamHandle before = TVMFFIEnvGetStream(device_type, device_id);
  *(TVMFFIStreamHandle volatile*)opt_out_original_stream = before;
  return correct_TVMFFIEnvSetStream(device_type, device_id, stream, NULL);
}
