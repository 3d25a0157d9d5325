/* SPDX-License-Identifier: Apache-2.0 */
/* The fake CUDA runtime from inside.

   Work is queued on its stream and done no sooner than something waits for it, so host code that
   forgets to wait shows. Device memory is host memory, and device time is a counter that every
   kernel moves on. What the tests set in the environment:
     FAKE_CUDA_LOG         file that gets a line for each call, each work done, and the ledger
     FAKE_CUDA_FAIL        "N:CODE": the N-th call returns CODE, without effect unless it releases
     FAKE_CUDA_DEVICES     number of devices (1)
     FAKE_CUDA_CAPABILITY  major version of their compute capability (9) */
#ifndef FAKE_CUDA_FAKE_H_
#define FAKE_CUDA_FAKE_H_

#include <stdbool.h>
#include <stdint.h>

#include <cuda_runtime_api.h>

enum { FAKE_NOOP_NS = 1000, FAKE_SCALE_NS = 2500, FAKE_QUEUE = 1024 };

typedef enum fake_kind {
  FAKE_NOOP,
  FAKE_SCALE,
  FAKE_COPY,
  FAKE_RECORD,
  FAKE_HOST_FUNCTION
} fake_kind;

/* One piece of queued work; all pointers are borrowed. */
typedef struct fake_work {
  fake_kind kind;
  void* to;
  const void* from;
  int64_t count; /* elements to scale, bytes to copy */
  float factor;
  struct fake_event* event;
  cudaHostFn_t function;
} fake_work;

/* Nothing is ever given back to the heap, so that use after release is seen, not suffered. */
typedef struct fake_event {
  int number;
  bool alive, recorded, done;
  struct fake_stream* stream;
  uint64_t time_ns;
} fake_event;

typedef struct fake_graph {
  int number;
  bool alive;
  int count;
  fake_work work[FAKE_QUEUE];
} fake_graph;

typedef struct fake_exec {
  int number;
  bool alive;
  fake_graph graph;
} fake_exec;

typedef struct fake_stream {
  int number; /* 0 is the default stream */
  bool alive;
  fake_graph* capture; /* owned while capturing */
  int queued;
  fake_work queue[FAKE_QUEUE];
} fake_stream;

/* Counts and logs a call; what it returns other than cudaSuccess, the call is to return. */
__attribute__((format(printf, 2, 3))) cudaError_t fake_call(const char* name, const char* format,
                                                            ...);
__attribute__((format(printf, 1, 2))) void fake_log(const char* format, ...);

/* What is alive, for the ledger that the log ends with. */
typedef struct fake_ledger {
  int streams, events, graphs, executables, memory, captures;
} fake_ledger;
extern fake_ledger fake_live;

/* A setting of the environment, or `otherwise`. */
int fake_setting(const char* name, int otherwise);

/* NULL is the default stream. NULL for a stream that is no longer alive. */
fake_stream* fake_stream_of(cudaStream_t stream);

/* Queues the work, or keeps it in the graph while the stream captures. */
cudaError_t fake_enqueue(cudaStream_t stream, fake_work work);

/* Does all the work of the stream. */
void fake_drain(fake_stream* stream);
void fake_drain_all(void);

#endif /* FAKE_CUDA_FAKE_H_ */
