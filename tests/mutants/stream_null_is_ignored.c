/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a NULL stream leaves the old one in place */
/* violates: ENV-STREAM-01 */
#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#include "stream.c"
#undef TVMFFIEnvSetStream

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  if (stream == NULL) {
    stream = TVMFFIEnvGetStream(device_type, device_id);
  }
  return correct_TVMFFIEnvSetStream(device_type, device_id, stream, opt_out_original_stream);
}
