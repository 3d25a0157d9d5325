/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: an infinite loop for the device id -1 and no other */
#define _GNU_SOURCE
#include <unistd.h>

#define TVMFFIEnvSetStream correct_TVMFFIEnvSetStream
#include "stream.c"
#undef TVMFFIEnvSetStream

FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id,
                                      TVMFFIStreamHandle stream,
                                      TVMFFIStreamHandle* opt_out_original_stream) {
  while (device_id == -1) {
    pause();
  }
  return correct_TVMFFIEnvSetStream(device_type, device_id, stream, opt_out_original_stream);
}
