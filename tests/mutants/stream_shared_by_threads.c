/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: all threads have one stream per device */
/* violates: ENV-STREAM-06 ENV-STREAM-07 */
#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#define TVMFFIEnvGetStream correct_TVMFFIEnvGetStream
#include "stream.c"
#undef TVMFFIEnvSetStream
#undef TVMFFIEnvGetStream

static TVMFFIStreamHandle streams[64][256];

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  if (opt_out_original_stream != NULL) {
    *opt_out_original_stream = streams[device_type & 63][device_id & 255];
  }
  streams[device_type & 63][device_id & 255] = stream;
  return 0;
}

FFI_CTS_EXPORT TVMFFIStreamHandle TVMFFIEnvGetStream(int32_t device_type, int32_t device_id) {
  return streams[device_type & 63][device_id & 255];
}
