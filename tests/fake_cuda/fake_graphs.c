/* SPDX-License-Identifier: Apache-2.0 */
/* Stream capture and graphs, which are lists of work. */
#include <stdlib.h>

#include "fake.h"

static fake_graph* new_graph(void) {
  static int count;
  fake_graph* graph = (fake_graph*)calloc(1, sizeof(fake_graph));
  if (graph == NULL) abort();
  graph->number = ++count;
  graph->alive = true;
  ++fake_live.graphs;
  return graph;
}

static void release(fake_graph* graph) {
  graph->alive = false;
  --fake_live.graphs;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, enum cudaStreamCaptureMode mode) {
  cudaError_t code = fake_call("cudaStreamBeginCapture", "s%d mode=%d", stream->number, (int)mode);
  if (code != cudaSuccess) return code;
  if (!stream->alive || stream->capture != NULL) return cudaErrorInvalidResourceHandle;
  stream->capture = new_graph();
  ++fake_live.captures;
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* out) {
  cudaError_t code = fake_call("cudaStreamEndCapture", "s%d", stream->number);
  if (!stream->alive || stream->capture == NULL) return cudaErrorInvalidResourceHandle;
  fake_graph* graph = stream->capture;
  stream->capture = NULL;
  --fake_live.captures;
  if (code != cudaSuccess) {
    release(graph);
    graph = NULL;
  }
  *out = graph;
  return code;
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count) {
  cudaError_t code = fake_call("cudaGraphGetNodes", "g%d", graph->number);
  if (code != cudaSuccess) return code;
  if (!graph->alive) return cudaErrorInvalidResourceHandle;
  size_t i = 0;
  for (; i < (size_t)graph->count && i < *count; ++i) nodes[i] = &graph->work[i];
  *count = i;
  return cudaSuccess;
}

cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, enum cudaGraphNodeType* type) {
  cudaError_t code = fake_call("cudaGraphNodeGetType", "%s", "");
  if (code != cudaSuccess) return code;
  bool kernel = node->kind == FAKE_NOOP || node->kind == FAKE_SCALE;
  *type = kernel ? cudaGraphNodeTypeKernel : cudaGraphNodeTypeHost;
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t* out, cudaGraph_t graph,
                                          unsigned long long flags) {
  static int count;
  cudaError_t code = fake_call("cudaGraphInstantiateWithFlags", "x%d g%d flags=%llu", count + 1,
                               graph->number, flags);
  if (code != cudaSuccess) return code;
  if (!graph->alive) return cudaErrorInvalidResourceHandle;
  fake_exec* executable = (fake_exec*)calloc(1, sizeof(fake_exec));
  if (executable == NULL) abort();
  executable->number = ++count;
  executable->alive = true;
  executable->graph = *graph;
  ++fake_live.executables;
  *out = executable;
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  cudaError_t code = fake_call("cudaGraphLaunch", "x%d s%d", executable->number, stream->number);
  if (code == cudaSuccess && !executable->alive) code = cudaErrorInvalidResourceHandle;
  for (int i = 0; code == cudaSuccess && i < executable->graph.count; ++i) {
    code = fake_enqueue(stream, executable->graph.work[i]);
  }
  return code;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  cudaError_t code = fake_call("cudaGraphExecDestroy", "x%d", executable->number);
  if (!executable->alive) return cudaErrorInvalidResourceHandle;
  executable->alive = false;
  --fake_live.executables;
  return code;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  cudaError_t code = fake_call("cudaGraphDestroy", "g%d", graph->number);
  if (!graph->alive) return cudaErrorInvalidResourceHandle;
  release(graph);
  return code;
}
