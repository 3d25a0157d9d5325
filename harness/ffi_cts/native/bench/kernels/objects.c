/* SPDX-License-Identifier: Apache-2.0 */
/* Objects: references, and making and dropping them. */
#include "kernels.h"

static void loop_incref_decref(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    bad |= s->api->ObjectIncRef(s->obj);
    bad |= s->api->ObjectDecRef(s->obj);
  }
  s->bad |= bad;
}

static void loop_function_create(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->FunctionCreate(NULL, bench_nothing, bench_count_deletion, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static const char* prepare_opaque(bench_state* s) {
  s->handle = s;
  return NULL;
}

static void loop_opaque(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |=
        s->api->ObjectCreateOpaque(s->handle, kTVMFFIOpaquePyObject, bench_count_deletion, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static const bench_op ops[] = {
    {"object.incref_decref", "takes and drops a reference",
     "FunctionCreate ObjectIncRef ObjectDecRef", bench_prepare_function, loop_incref_decref,
     bench_check_one_reference, clean_objects, NULL, 0, BENCH_SHARED},
    {"object.function", "makes a function object and drops it", "FunctionCreate ObjectDecRef", NULL,
     loop_function_create, check_deletions, NULL, NULL, 0, BENCH_SHARED},
    {"object.opaque", "makes an opaque object and drops it", "ObjectCreateOpaque ObjectDecRef",
     prepare_opaque, loop_opaque, check_deletions, NULL, NULL, 0, 0},
};

const bench_topic bench_objects = {ops, sizeof(ops) / sizeof(ops[0])};
