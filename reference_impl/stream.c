/* SPDX-License-Identifier: Apache-2.0 */
/* The current stream of each device, for each thread on its own. Streams themselves are borrowed.
 */
#include <stdlib.h>
#include <string.h>

#include "raised.h"
#include "thread.h"

/* Far beyond any real machine, and near enough that a table indexed by both stays small. */
enum { MAX_DEVICE_TYPES = 1024, MAX_DEVICE_IDS = 65536 };

/* `used` bytes of `old` in a zeroed block of `size` bytes, or NULL with `old` untouched. */
static void* grow_zeroed(void* old, size_t used, size_t size) {
  char* grown = realloc(old, size);
  if (grown != NULL) {
    memset(grown + used, 0, size - used);
  }
  return grown;
}

static int add_rows(ffi_thread* thread, int32_t count) {
  size_t used = (size_t)thread->stream_rows * sizeof(ffi_stream_row);
  void* rows = grow_zeroed(thread->streams, used, (size_t)count * sizeof(ffi_stream_row));
  if (rows == NULL) {
    return ffi_raise_no_memory();
  }
  thread->streams = rows;
  thread->stream_rows = count;
  if (!thread->has_exit_hook) {
    ffi_thread_add_exit_hook();
  }
  return 0;
}

static int add_ids(ffi_stream_row* row, int32_t count) {
  size_t used = (size_t)row->count * sizeof(TVMFFIStreamHandle);
  void* ids = grow_zeroed(row->by_id, used, (size_t)count * sizeof(TVMFFIStreamHandle));
  if (ids == NULL) {
    return ffi_raise_no_memory();
  }
  row->by_id = ids;
  row->count = count;
  return 0;
}

/* Makes room for a device that has had no stream so far. */
static FFI_COLD int add_device(ffi_thread* thread, int32_t device_type, int32_t device_id) {
  if (device_type < 0 || device_type >= MAX_DEVICE_TYPES || device_id < 0 ||
      device_id >= MAX_DEVICE_IDS) {
    return ffi_raise("ValueError", "there is no device of type %d with id %d", device_type,
                     device_id);
  }
  if (device_type >= thread->stream_rows && add_rows(thread, device_type + 1) != 0) {
    return -1;
  }
  ffi_stream_row* row = &thread->streams[device_type];
  return device_id < row->count ? 0 : add_ids(row, device_id + 1);
}

/* Where the stream of a device is kept, or NULL. Negative numbers are large unsigned ones. */
static inline TVMFFIStreamHandle* find_device(const ffi_thread* thread, int32_t device_type,
                                              int32_t device_id) {
  if ((uint32_t)device_type >= (uint32_t)thread->stream_rows) {
    return NULL;
  }
  const ffi_stream_row* row = &thread->streams[device_type];
  return (uint32_t)device_id < (uint32_t)row->count ? &row->by_id[device_id] : NULL;
}

int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id, TVMFFIStreamHandle stream,
                       TVMFFIStreamHandle* opt_out_original_stream) {
  ffi_thread* thread = &ffi_this_thread;
  TVMFFIStreamHandle* place = find_device(thread, device_type, device_id);
  if (FFI_UNLIKELY(place == NULL)) {
    if (add_device(thread, device_type, device_id) != 0) {
      return -1;
    }
    place = find_device(thread, device_type, device_id);
  }
  if (opt_out_original_stream != NULL) {
    *opt_out_original_stream = *place;
  }
  *place = stream;
  return 0;
}

/* NULL, the default stream, for a device that never got one and for one that can't exist. */
TVMFFIStreamHandle TVMFFIEnvGetStream(int32_t device_type, int32_t device_id) {
  const TVMFFIStreamHandle* place = find_device(&ffi_this_thread, device_type, device_id);
  return place != NULL ? *place : NULL;
}

static void release_streams(ffi_thread* thread) {
  for (int32_t i = 0; i < thread->stream_rows; ++i) {
    free(thread->streams[i].by_id);
  }
  free(thread->streams);
  thread->streams = NULL;
  thread->stream_rows = 0;
}

__attribute__((constructor)) static void name_release(void) {
  ffi_thread_part_is_released_by(FFI_PART_STREAMS, release_streams);
}
