/* SPDX-License-Identifier: Apache-2.0 */
/* The environment: the allocator, whose signature has no context, hence the global; and streams. */
#include "kernels.h"

static DLManagedTensorVersioned* environment_tensor;

static int allocate(DLTensor* prototype, DLManagedTensorVersioned** out, void* error_ctx,
                    void (*SetError)(void* error_ctx, const char* kind, const char* message)) {
  (void)prototype;
  (void)error_ctx;
  (void)SetError;
  *out = environment_tensor;
  return 0;
}

static const char* prepare_allocator(bench_state* s) {
  bench_prepare_producers(s);
  environment_tensor = &s->versioned;
  return s->api->EnvSetDLPackManagedTensorAllocator(allocate, 0, NULL) == 0
             ? NULL
             : "EnvSetDLPackManagedTensorAllocator fails";
}

static void clean_allocator(bench_state* s) {
  s->api->EnvSetDLPackManagedTensorAllocator(NULL, 0, NULL);
  environment_tensor = NULL;
}

static void loop_tensor_alloc(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->EnvTensorAlloc(&s->tensor, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static void loop_get_allocator(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->EnvGetDLPackManagedTensorAllocator() != allocate;
  s->bad |= bad;
}

static void loop_set_allocator(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->EnvSetDLPackManagedTensorAllocator(allocate, 0, NULL);
  s->bad |= bad;
}

static void loop_check_signals(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->EnvCheckSignals();
  s->bad |= bad;
}

/* Streams. */

enum { STREAM_DEVICE = 0 };

static const char* prepare_stream(bench_state* s) {
  s->handle = s;
  return s->api->EnvSetStream(kDLCUDA, STREAM_DEVICE, s->handle, NULL) == 0 ? NULL
                                                                            : "EnvSetStream fails";
}

static void clean_stream(bench_state* s) {
  s->api->EnvSetStream(kDLCUDA, STREAM_DEVICE, NULL, NULL);
}

static void loop_get_stream(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->EnvGetStream(kDLCUDA, STREAM_DEVICE) != s->handle;
  s->bad |= bad;
}

static void loop_set_stream(bench_state* s, uint64_t n) {
  int bad = 0;
  TVMFFIStreamHandle before = NULL;
  EACH(n) bad |= s->api->EnvSetStream(kDLCUDA, STREAM_DEVICE, s->handle, &before);
  s->bad |= bad | (n != 0 && before != s->handle);
}

static const bench_op ops[] = {
    {"env.tensor_alloc", "EnvTensorAlloc from an allocator that has one ready; drops it",
     "EnvSetDLPackManagedTensorAllocator EnvTensorAlloc ObjectDecRef", prepare_allocator,
     loop_tensor_alloc, check_deletions, clean_allocator, NULL, 0, 0},
    {"env.get_allocator", "EnvGetDLPackManagedTensorAllocator",
     "EnvSetDLPackManagedTensorAllocator EnvGetDLPackManagedTensorAllocator", prepare_allocator,
     loop_get_allocator, check_codes, clean_allocator, NULL, 0, 0},
    {"env.set_allocator", "EnvSetDLPackManagedTensorAllocator for this thread",
     "EnvSetDLPackManagedTensorAllocator", prepare_allocator, loop_set_allocator, check_codes,
     clean_allocator, NULL, 0, 0},
    {"env.check_signals", "EnvCheckSignals", "EnvCheckSignals", NULL, loop_check_signals,
     check_codes, NULL, NULL, 0, 0},
    {"stream.get", "EnvGetStream", "EnvGetStream EnvSetStream", prepare_stream, loop_get_stream,
     check_codes, clean_stream, NULL, 0, 0},
    {"stream.set", "EnvSetStream, asking for the one before", "EnvSetStream", prepare_stream,
     loop_set_stream, check_codes, clean_stream, NULL, 0, 0},
};

const bench_topic bench_environment = {ops, sizeof(ops) / sizeof(ops[0])};
