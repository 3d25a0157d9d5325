/* SPDX-License-Identifier: Apache-2.0 */
/* Step 12: streams. Each thread has one for each device; nobody else sees it. */
#include "mine.h"

static Stream* find(int32_t device_type, int32_t device_id) {
  Stream* stream = this_thread()->streams;
  while (stream != NULL && (stream->device_type != device_type || stream->device_id != device_id))
    stream = stream->next;
  return stream;
}

int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id, TVMFFIStreamHandle stream,
                       TVMFFIStreamHandle* opt_out_original_stream) {
  Stream* found = find(device_type, device_id);
  if (found == NULL) {
    found = must(malloc(sizeof *found));
    *found = (Stream){device_type, device_id, NULL, this_thread()->streams};
    this_thread()->streams = found;
  }
  if (opt_out_original_stream != NULL) *opt_out_original_stream = found->handle;
  found->handle = stream;
  return 0;
}

TVMFFIStreamHandle TVMFFIEnvGetStream(int32_t device_type, int32_t device_id) {
  const Stream* found = find(device_type, device_id);
  return found != NULL ? found->handle : NULL;
}
