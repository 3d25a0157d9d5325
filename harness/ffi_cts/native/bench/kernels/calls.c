/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of functions that return at once, or fail. */
#include "kernels.h"

static void loop_call(bench_state* s, uint64_t n) {
  TVMFFIAny result = {0};
  int bad = 0;
  int32_t num_args = (int32_t)s->op->number;
  EACH(n) bad |= s->api->FunctionCall(s->obj, s->args, num_args, &result);
  s->bad |= bad | result.type_index;
}

/* What generated code does that knows the object layout: no call into the library at all. */
static void loop_safe_call(bench_state* s, uint64_t n) {
  const TVMFFIFunctionCell* cell =
      (const TVMFFIFunctionCell*)(const void*)((const char*)s->obj + sizeof(TVMFFIObject));
  TVMFFIAny result = {0};
  int bad = 0;
  int32_t num_args = (int32_t)s->op->number;
  EACH(n) bad |= cell->safe_call(s->obj, s->args, num_args, &result);
  s->bad |= bad | result.type_index;
}

static int fails(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  const bench_state* s = (const bench_state*)self;
  (void)args;
  (void)num_args;
  (void)result;
  s->api->ErrorSetRaised(s->other);
  return -1;
}

static const char* prepare_failing(bench_state* s) {
  if (s->api->FunctionCreate(s, fails, NULL, &s->obj) != 0) return "FunctionCreate fails";
  return make_error(s, &s->other);
}

static void loop_failing(bench_state* s, uint64_t n) {
  TVMFFIAny result = {0};
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    bad |= s->api->FunctionCall(s->obj, s->args, 0, &result) != -1;
    s->api->ErrorMoveFromRaised(&error);
    bad |= s->api->ObjectDecRef(error);
    bad |= error != s->other;
  }
  s->bad |= bad;
}

#define CALL "FunctionCreate FunctionCall ObjectDecRef"

#define CALL_OP(count, flags)                               \
  {"call.args_" #count,                                     \
   "FunctionCall of an empty function, arguments: " #count, \
   CALL,                                                    \
   bench_prepare_function,                                  \
   loop_call,                                               \
   check_codes,                                             \
   clean_objects,                                           \
   NULL,                                                    \
   count,                                                   \
   flags}

static const bench_op ops[] = {
    CALL_OP(0, BENCH_SHARED),
    CALL_OP(1, 0),
    CALL_OP(3, 0),
    CALL_OP(8, 0),
    {"call.safe_call", "calls through the safe_call field of a function object", CALL,
     bench_prepare_function, loop_safe_call, check_codes, clean_objects, NULL, 1, 0},
    {"call.failing", "a call that raises an error object made before; moves and drops it",
     CALL " ErrorCreate ErrorSetRaised ErrorMoveFromRaised", prepare_failing, loop_failing,
     bench_check_no_error_left, clean_objects, NULL, 0, 0},
};

const bench_topic bench_calls = {ops, sizeof(ops) / sizeof(ops[0])};
