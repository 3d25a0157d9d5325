/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The benchmark driver: kernels that call a library through a table of function pointers, and
 * the meters that measure them. Nothing here is linked with the library under test.
 */
#ifndef FFI_CTS_BENCH_H_
#define FFI_CTS_BENCH_H_

#include <stdint.h>

#include "ffi_cts/abi.h"

/* The functions that kernels call. A library may lack any of them. */
#define BENCH_FUNCTIONS(X)               \
  X(AnyViewToOwnedAny)                   \
  X(Backtrace)                           \
  X(BigIntFromByteArray)                 \
  X(BigIntGetContentByteArray)           \
  X(BytesFromByteArray)                  \
  X(DataTypeFromString)                  \
  X(DataTypeToString)                    \
  X(EnvCheckSignals)                     \
  X(EnvGetDLPackManagedTensorAllocator)  \
  X(EnvGetStream)                        \
  X(EnvSetDLPackManagedTensorAllocator)  \
  X(EnvSetStream)                        \
  X(EnvTensorAlloc)                      \
  X(ErrorCreate)                         \
  X(ErrorCreateWithCauseAndExtraContext) \
  X(ErrorMoveFromRaised)                 \
  X(ErrorSetRaised)                      \
  X(ErrorSetRaisedFromCStr)              \
  X(ErrorSetRaisedFromCStrParts)         \
  X(FunctionCall)                        \
  X(FunctionCreate)                      \
  X(FunctionGetGlobal)                   \
  X(FunctionSetGlobal)                   \
  X(GetCustomAllocator)                  \
  X(GetTypeAttrColumn)                   \
  X(GetTypeInfo)                         \
  X(GetVersion)                          \
  X(HandleInitOnce)                      \
  X(ObjectCreateOpaque)                  \
  X(ObjectDecRef)                        \
  X(ObjectIncRef)                        \
  X(StringFromByteArray)                 \
  X(TensorCreateUnsafeView)              \
  X(TensorFromDLPack)                    \
  X(TensorFromDLPackVersioned)           \
  X(TensorToDLPack)                      \
  X(TensorToDLPackVersioned)             \
  X(TypeGetOrAllocIndex)                 \
  X(TypeKeyToIndex)                      \
  X(TypeRegisterAttr)

typedef struct bench_api {
#define BENCH_POINTER(name) __typeof__(&TVMFFI##name) name;
  BENCH_FUNCTIONS(BENCH_POINTER)
#undef BENCH_POINTER
} bench_api;

typedef struct bench_op bench_op;

enum { BENCH_MAX_ARGS = 8, BENCH_MAX_DIMS = 4 };

/* What one run of one kernel works on. Zeroed before `prepare`. */
typedef struct bench_state {
  const bench_api* api;
  const bench_op* op;
  TVMFFIObjectHandle obj;         /* the object worked on; `clean` drops it */
  TVMFFIObjectHandle other;       /* a second one, likewise */
  TVMFFIAny args[BENCH_MAX_ARGS]; /* arguments of a call */
  TVMFFIAny result;               /* what the last iteration gave, for `check` */
  TVMFFIByteArray text;           /* a string argument, owned by the driver */
  DLDataType dtype;
  DLTensor tensor;
  int64_t shape[BENCH_MAX_DIMS];
  int64_t strides[BENCH_MAX_DIMS];
  DLManagedTensor legacy;
  DLManagedTensorVersioned versioned;
  void* handle;
  int32_t type_index;
  const void* answer; /* a pointer that the last iteration gave */
  int bad;            /* or-ed return codes of every iteration */
} bench_state;

enum {
  BENCH_CONTROL = 1, /* doesn't call the library */
  BENCH_SHARED = 2,  /* two threads may run it on one state */
  BENCH_HEAVY = 4,   /* tens of thousands of instructions: fewer are counted */
};

/*
 * One operation. `prepare` gives NULL, or why the operation can't be measured on this library.
 * `loop` runs n iterations. `check` says whether the results of `total` iterations were right.
 */
struct bench_op {
  const char* name;
  const char* says;  /* what one iteration does */
  const char* needs; /* functions without the prefix TVMFFI, separated by spaces */
  const char* (*prepare)(bench_state* state);
  void (*loop)(bench_state* state, uint64_t n);
  int (*check)(bench_state* state, uint64_t total);
  void (*clean)(bench_state* state);
  const char* text; /* parameter: a string argument */
  uint64_t number;  /* parameter: a count, size or flag */
  unsigned flags;
};

/* The operations of one topic; kernels/table.c joins them. */
typedef struct bench_topic {
  const bench_op* ops;
  unsigned count;
} bench_topic;

/* The operation at `index` of all, NULL behind the last. */
const bench_op* bench_op_at(unsigned index);

/* Deleters and initialisers that ran on this thread. */
extern _Thread_local uint64_t bench_deletions;

/* Meters. Each runs n iterations and gives nanoseconds or instructions for all of them. */
double bench_nanoseconds(bench_state* state, uint64_t n);
double bench_nanoseconds_two_threads(bench_state* state, uint64_t n);
int bench_counter_open(void);
double bench_counted(int counter, bench_state* state, uint64_t n);

/* Requests to callgrind; outside of valgrind they do nothing. */
int bench_under_valgrind(void);
void bench_callgrind_start(void);
void bench_callgrind_zero(void);
void bench_callgrind_dump(const char* label);

#endif /* FFI_CTS_BENCH_H_ */
