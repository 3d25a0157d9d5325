/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors through DLPack. */
#include "kernels.h"

static const char* prepare_tensor(bench_state* s) {
  bench_prepare_producers(s);
  s->versioned.deleter = NULL;
  return s->api->TensorFromDLPackVersioned(&s->versioned, 0, 0, &s->obj) == 0
             ? NULL
             : "TensorFromDLPackVersioned fails";
}

static void loop_from_dlpack(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->TensorFromDLPack(&s->legacy, 0, 0, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static void loop_from_dlpack_versioned(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->TensorFromDLPackVersioned(&s->versioned, 0, 0, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static void loop_to_dlpack(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    DLManagedTensor* made = NULL;
    bad |= s->api->TensorToDLPack(s->obj, &made);
    bad |= made->dl_tensor.data != bench_tensor_data;
    made->deleter(made);
  }
  s->bad |= bad;
}

static void loop_to_dlpack_versioned(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    DLManagedTensorVersioned* made = NULL;
    bad |= s->api->TensorToDLPackVersioned(s->obj, &made);
    bad |= made->dl_tensor.data != bench_tensor_data;
    made->deleter(made);
  }
  s->bad |= bad;
}

static void loop_view(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->TensorCreateUnsafeView(s->obj, &s->tensor, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

#define IMPORT "TensorFromDLPackVersioned ObjectDecRef "

static const bench_op ops[] = {
    {"tensor.from_dlpack", "TensorFromDLPack of 3 dimensions; drops it",
     "TensorFromDLPack ObjectDecRef", bench_prepare_producers, loop_from_dlpack, check_deletions,
     NULL, NULL, 0, 0},
    {"tensor.from_dlpack_versioned", "TensorFromDLPackVersioned of 3 dimensions; drops it", IMPORT,
     bench_prepare_producers, loop_from_dlpack_versioned, check_deletions, NULL, NULL, 0,
     BENCH_SHARED},
    {"tensor.to_dlpack", "TensorToDLPack; calls the deleter of the export", IMPORT "TensorToDLPack",
     prepare_tensor, loop_to_dlpack, bench_check_one_reference, clean_objects, NULL, 0, 0},
    {"tensor.to_dlpack_versioned", "TensorToDLPackVersioned; calls the deleter of the export",
     IMPORT "TensorToDLPackVersioned", prepare_tensor, loop_to_dlpack_versioned,
     bench_check_one_reference, clean_objects, NULL, 0, 0},
    {"tensor.unsafe_view", "TensorCreateUnsafeView; drops it", IMPORT "TensorCreateUnsafeView",
     prepare_tensor, loop_view, bench_check_one_reference, clean_objects, NULL, 0, 0},
};

const bench_topic bench_tensors = {ops, sizeof(ops) / sizeof(ops[0])};
