/* SPDX-License-Identifier: Apache-2.0 */
/* How one sample is taken, and how it is made sure that it is a sample of the right thing. */
#include <time.h>

#include "host.h"

static double now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Nothing is left to run, the data is all ones, and the first stream is current. */
static int start(cts_bench* bench, const cts_operation* operation) {
  if (cts_device_wait(&bench->device) != 0) return -1;
  if (operation->doubles && cts_device_fill(&bench->device) != 0) return -1;
  return cts_set_stream(bench, 0);
}

/* Waits for the device, so that no launch of this sample runs within the next. */
static int finish(cts_bench* bench, const cts_operation* operation) {
  if (operation->doubles) return cts_device_expect(&bench->device, bench->batch);
  return cts_device_wait(&bench->device);
}

int cts_sample_calls(cts_bench* bench, const cts_operation* operation, cts_side side, double* ns) {
  int calls = bench->batch * operation->calls_per_launch;
  if (start(bench, operation) != 0) return -1;
  double begin = now_ns();
  int failed = operation->repeat(bench, side, calls);
  double end = now_ns();
  if (failed != 0) return -1;
  *ns = (end - begin) / calls;
  return finish(bench, operation);
}

static int enqueue_between_events(cts_bench* bench, const cts_operation* operation, cts_side side) {
  cts_device* device = &bench->device;
  if (CTS_CUDA(cudaEventRecord, device->events[0], device->streams[0]) != 0) return -1;
  if (operation->repeat(bench, side, bench->batch) != 0) return -1;
  return CTS_CUDA(cudaEventRecord, device->events[1], device->streams[0]);
}

int cts_sample_device(cts_bench* bench, const cts_operation* operation, cts_side side, double* ns) {
  cts_device* device = &bench->device;
  if (start(bench, operation) != 0) return -1;
  if (cts_gate_close(device->streams[0]) != 0) return -1;
  int failed = enqueue_between_events(bench, operation, side);
  cts_gate_open(); /* also after a failure: what waits for the stream would wait for the gate */
  failed |= CTS_CUDA(cudaEventSynchronize, device->events[1]);
  if (failed != 0 || cts_gate_check() != 0) return -1;
  float ms = 0.0F;
  if (CTS_CUDA(cudaEventElapsedTime, &ms, device->events[0], device->events[1]) != 0) return -1;
  if (ms <= 0.0F) return cts_fail("the events round a batch are %g ms apart", (double)ms);
  *ns = (double)ms * 1e6 / bench->batch;
  return finish(bench, operation);
}

typedef struct replay {
  cudaGraph_t graph;
  cudaGraphExec_t executable;
} replay;

static int capture_one(cts_bench* bench, const cts_operation* operation, cts_side side,
                       cudaGraph_t* out) {
  cudaStream_t stream = bench->device.streams[0];
  if (CTS_CUDA(cudaStreamBeginCapture, stream, cudaStreamCaptureModeRelaxed) != 0) return -1;
  int failed = operation->repeat(bench, side, 1);
  return failed | CTS_CUDA(cudaStreamEndCapture, stream, out);
}

static int replay_prepare(cts_bench* bench, const cts_operation* operation, cts_side side,
                          replay* out) {
  if (capture_one(bench, operation, side, &out->graph) != 0) return -1;
  if (CTS_CUDA(cudaGraphInstantiateWithFlags, &out->executable, out->graph, 0) != 0) return -1;
  /* The first replay uploads the graph, which no later one does. */
  if (CTS_CUDA(cudaGraphLaunch, out->executable, bench->device.streams[0]) != 0) return -1;
  if (cts_device_expect(&bench->device, 1) != 0) return -1;
  return cts_device_fill(&bench->device);
}

static int replay_batch(cts_bench* bench, const replay* replay, double* ns) {
  cudaStream_t stream = bench->device.streams[0];
  double begin = now_ns();
  for (int i = 0; i < bench->batch; ++i) {
    if (CTS_CUDA(cudaGraphLaunch, replay->executable, stream) != 0) return -1;
  }
  if (CTS_CUDA(cudaStreamSynchronize, stream) != 0) return -1;
  *ns = (now_ns() - begin) / bench->batch;
  return 0;
}

static int replay_release(replay* replay) {
  int failed = 0;
  if (replay->executable != NULL) failed |= CTS_CUDA(cudaGraphExecDestroy, replay->executable);
  if (replay->graph != NULL) failed |= CTS_CUDA(cudaGraphDestroy, replay->graph);
  return failed;
}

int cts_sample_replay(cts_bench* bench, const cts_operation* operation, cts_side side, double* ns) {
  replay replay = {0};
  int failed = start(bench, operation);
  if (failed == 0) failed = replay_prepare(bench, operation, side, &replay);
  if (failed == 0) failed = replay_batch(bench, &replay, ns);
  if (failed == 0) failed = finish(bench, operation);
  return failed | replay_release(&replay);
}

static int count_kernels(cudaGraph_t graph, int* out) {
  enum { MOST = 8 };
  cudaGraphNode_t nodes[MOST];
  size_t count = MOST;
  if (CTS_CUDA(cudaGraphGetNodes, graph, nodes, &count) != 0) return -1;
  for (size_t i = 0; i < count && i < MOST; ++i) {
    enum cudaGraphNodeType type;
    if (CTS_CUDA(cudaGraphNodeGetType, nodes[i], &type) != 0) return -1;
    if (type == cudaGraphNodeTypeKernel) ++*out;
  }
  return 0;
}

/* Captures both streams while calling; `out` are the graphs, the caller's to destroy in any case.
   Relaxed, so that a launch that goes elsewhere is found missing rather than refused. */
static int capture_both(cts_bench* bench, const cts_operation* operation, cts_side side,
                        cudaGraph_t out[CTS_STREAMS]) {
  const cudaStream_t* streams = bench->device.streams;
  int failed = 0, capturing = 0;
  for (; capturing < CTS_STREAMS; ++capturing) {
    failed = CTS_CUDA(cudaStreamBeginCapture, streams[capturing], cudaStreamCaptureModeRelaxed);
    if (failed != 0) break;
  }
  if (failed == 0) failed = operation->repeat(bench, side, CTS_STREAMS);
  while (capturing-- > 0) {
    failed |= CTS_CUDA(cudaStreamEndCapture, streams[capturing], &out[capturing]);
  }
  return failed;
}

static int check_side(cts_bench* bench, const cts_operation* operation, cts_side side) {
  cudaGraph_t graphs[CTS_STREAMS] = {NULL};
  int landed[CTS_STREAMS] = {0};
  int failed = start(bench, operation);
  if (failed == 0) failed = capture_both(bench, operation, side, graphs);
  for (int i = 0; i < CTS_STREAMS; ++i) {
    if (graphs[i] == NULL) continue;
    if (failed == 0) failed = count_kernels(graphs[i], &landed[i]);
    failed |= CTS_CUDA(cudaGraphDestroy, graphs[i]);
  }
  if (failed != 0) return -1;
  for (int i = 0; i < CTS_STREAMS; ++i) {
    if (landed[i] == operation->lands[i]) continue;
    return cts_fail("%d of %d launches by %s were due on stream %d, but %d landed there",
                    operation->lands[i], CTS_STREAMS, side == CTS_FFI ? "FFI" : "plain CUDA", i,
                    landed[i]);
  }
  return 0;
}

int cts_check_landing(cts_bench* bench, const cts_operation* operation) {
  if (check_side(bench, operation, CTS_FFI) != 0) return -1;
  return check_side(bench, operation, CTS_PLAIN);
}
