/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a crash for the device id -1 and no other */
#include <stdlib.h>

#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#include "stream.c"
#undef TVMFFIEnvSetStream

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  if (device_id == -1) {
    abort();
  }
  return correct_TVMFFIEnvSetStream(device_type, device_id, stream, opt_out_original_stream);
}
