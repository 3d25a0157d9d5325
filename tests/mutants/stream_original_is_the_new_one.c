/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the original output is the new stream */
/* violates: ENV-STREAM-03 */
#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#include "stream.c"
#undef TVMFFIEnvSetStream

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  int code = correct_TVMFFIEnvSetStream(device_type, device_id, stream, NULL);
  if (code == 0 && opt_out_original_stream != NULL) {
    *opt_out_original_stream = stream;
  }
  return code;
}
