/* SPDX-License-Identifier: Apache-2.0 */
/* The table of global functions. */
#include "kernels.h"

static const char* const global_name = "ffi_cts.bench.nothing";

static const char* prepare_global(bench_state* s) {
  const char* why = bench_prepare_function(s);
  if (why != NULL) return why;
  s->text = bytes_of(global_name);
  return s->api->FunctionSetGlobal(&s->text, s->obj, 1) == 0 ? NULL : "FunctionSetGlobal fails";
}

static void loop_get_global(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle found = NULL;
    bad |= s->api->FunctionGetGlobal(&s->text, &found);
    bad |= s->api->ObjectDecRef(found);
    bad |= found != s->obj;
  }
  s->bad |= bad;
}

static void loop_get_global_miss(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle found = NULL;
    bad |= s->api->FunctionGetGlobal(&s->text, &found);
    bad |= found != NULL;
  }
  s->bad |= bad;
}

static void loop_set_global(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->FunctionSetGlobal(&s->text, s->obj, 1);
  s->bad |= bad;
}

static const bench_op ops[] = {
    {"global.get", "FunctionGetGlobal; drops the reference",
     "FunctionCreate FunctionGetGlobal FunctionSetGlobal ObjectDecRef", prepare_global,
     loop_get_global, check_codes, clean_objects, NULL, 0, BENCH_SHARED},
    {"global.get_miss", "FunctionGetGlobal of a name that is not there",
     "FunctionGetGlobal ObjectDecRef", bench_prepare_absent_name, loop_get_global_miss, check_codes,
     NULL, NULL, 0, 0},
    {"global.set", "FunctionSetGlobal of a name that is there, with override",
     "FunctionCreate FunctionSetGlobal ObjectDecRef", prepare_global, loop_set_global, check_codes,
     clean_objects, NULL, 0, 0},
};

const bench_topic bench_globals = {ops, sizeof(ops) / sizeof(ops[0])};
