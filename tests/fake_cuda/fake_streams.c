/* SPDX-License-Identifier: Apache-2.0 */
/* Streams, events, host functions and the work that they order. */
#include <stdlib.h>
#include <string.h>

#include "fake.h"

enum { MOST_STREAMS = 64 };

static fake_stream default_stream = {.alive = true};
static fake_stream* streams[MOST_STREAMS];
static int stream_count;
static uint64_t device_ns;

fake_stream* fake_stream_of(cudaStream_t stream) {
  if (stream == NULL) return &default_stream;
  return stream->alive ? stream : NULL;
}

static int number_of(cudaStream_t stream) { return stream == NULL ? 0 : stream->number; }

static void scale(const fake_work* work) {
  float* data = (float*)work->to;
  for (int64_t i = 0; i < work->count; ++i) data[i] *= work->factor;
}

static void run(const fake_stream* stream, const fake_work* work) {
  static const char* const names[] = {"noop", "scale", "copy", "record", "host function"};
  fake_log("run %s s%d", names[work->kind], stream->number);
  switch (work->kind) {
    case FAKE_NOOP:
      device_ns += FAKE_NOOP_NS;
      break;
    case FAKE_SCALE:
      device_ns += FAKE_SCALE_NS;
      scale(work);
      break;
    case FAKE_COPY:
      memcpy(work->to, work->from, (size_t)work->count);
      break;
    case FAKE_RECORD:
      work->event->done = true;
      work->event->time_ns = device_ns;
      break;
    case FAKE_HOST_FUNCTION:
      work->function(work->to);
      break;
  }
}

void fake_drain(fake_stream* stream) {
  for (int i = 0; i < stream->queued; ++i) run(stream, &stream->queue[i]);
  stream->queued = 0;
}

void fake_drain_all(void) {
  fake_drain(&default_stream);
  for (int i = 0; i < stream_count; ++i) fake_drain(streams[i]);
}

cudaError_t fake_enqueue(cudaStream_t handle, fake_work work) {
  fake_stream* stream = fake_stream_of(handle);
  if (stream == NULL) return cudaErrorInvalidResourceHandle;
  fake_graph* graph = stream->capture;
  int* count = graph != NULL ? &graph->count : &stream->queued;
  fake_work* queue = graph != NULL ? graph->work : stream->queue;
  if (*count == FAKE_QUEUE) return cudaErrorInvalidValue;
  queue[(*count)++] = work;
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* out, unsigned flags) {
  cudaError_t code =
      fake_call("cudaStreamCreateWithFlags", "s%d flags=%u", stream_count + 1, flags);
  if (code != cudaSuccess) return code;
  fake_stream* stream = (fake_stream*)calloc(1, sizeof(fake_stream));
  if (stream == NULL || stream_count == MOST_STREAMS) abort();
  streams[stream_count++] = stream;
  stream->number = stream_count;
  stream->alive = true;
  ++fake_live.streams;
  *out = stream;
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  cudaError_t code = fake_call("cudaStreamDestroy", "s%d", number_of(handle));
  fake_stream* stream = handle != NULL ? fake_stream_of(handle) : NULL;
  if (stream == NULL) return cudaErrorInvalidResourceHandle;
  fake_drain(stream);
  stream->alive = false;
  --fake_live.streams;
  return code;
}

cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  cudaError_t code = fake_call("cudaStreamSynchronize", "s%d", number_of(handle));
  fake_stream* stream = fake_stream_of(handle);
  if (stream == NULL || stream->capture != NULL) return cudaErrorInvalidResourceHandle;
  if (code == cudaSuccess) fake_drain(stream);
  return code;
}

cudaError_t cudaEventCreate(cudaEvent_t* out) {
  static int count;
  cudaError_t code = fake_call("cudaEventCreate", "e%d", count + 1);
  if (code != cudaSuccess) return code;
  fake_event* event = (fake_event*)calloc(1, sizeof(fake_event));
  if (event == NULL) abort();
  event->number = ++count;
  event->alive = true;
  ++fake_live.events;
  *out = event;
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  cudaError_t code = fake_call("cudaEventDestroy", "e%d", event->number);
  if (!event->alive) return cudaErrorInvalidResourceHandle;
  event->alive = false;
  --fake_live.events;
  return code;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  cudaError_t code = fake_call("cudaEventRecord", "e%d s%d", event->number, number_of(stream));
  if (code != cudaSuccess) return code;
  if (!event->alive) return cudaErrorInvalidResourceHandle;
  event->recorded = true;
  event->done = false;
  event->stream = fake_stream_of(stream);
  return fake_enqueue(stream, (fake_work){.kind = FAKE_RECORD, .event = event});
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  cudaError_t code = fake_call("cudaEventSynchronize", "e%d", event->number);
  if (!event->alive) return cudaErrorInvalidResourceHandle;
  if (code == cudaSuccess && event->recorded && !event->done) fake_drain(event->stream);
  return code;
}

cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t start, cudaEvent_t end) {
  cudaError_t code = fake_call("cudaEventElapsedTime", "e%d e%d", start->number, end->number);
  if (code != cudaSuccess) return code;
  if (!start->done || !end->done) return cudaErrorInvalidResourceHandle;
  *ms = (float)((double)(end->time_ns - start->time_ns) / 1e6);
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t size, enum cudaMemcpyKind kind,
                            cudaStream_t stream) {
  cudaError_t code = fake_call("cudaMemcpyAsync", "kind=%d s%d", (int)kind, number_of(stream));
  if (code != cudaSuccess) return code;
  fake_work work = {.kind = FAKE_COPY, .to = to, .from = from, .count = (int64_t)size};
  return fake_enqueue(stream, work);
}

cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void* data) {
  cudaError_t code = fake_call("cudaLaunchHostFunc", "s%d", number_of(stream));
  if (code != cudaSuccess) return code;
  fake_work work = {.kind = FAKE_HOST_FUNCTION, .function = function, .to = data};
  return fake_enqueue(stream, work);
}
