/* SPDX-License-Identifier: Apache-2.0 */
/* Containers: built-in global functions of a complete runtime. */
#include "kernels.h"

static const char* find_global(bench_state* s, const char* name, TVMFFIObjectHandle* out) {
  TVMFFIByteArray text = bytes_of(name);
  if (s->api->FunctionGetGlobal(&text, out) != 0 || *out == NULL) {
    return "the library has no such global function";
  }
  return NULL;
}

static const char* prepare_make(bench_state* s) {
  for (int i = 0; i < BENCH_MAX_ARGS; ++i) {
    s->args[i].type_index = kTVMFFIInt;
    s->args[i].v_int64 = i;
  }
  return find_global(s, s->op->text, &s->obj);
}

/* obj: the getter; other: a container of the numbers 0, 1, 2, 3 made by the function before it. */
static const char* prepare_get(bench_state* s) {
  TVMFFIAny made = {0};
  const char* maker = strncmp(s->op->text, "ffi.Array", 9) == 0  ? "ffi.Array"
                      : strncmp(s->op->text, "ffi.List", 8) == 0 ? "ffi.List"
                      : strncmp(s->op->text, "ffi.Map", 7) == 0  ? "ffi.Map"
                                                                 : "ffi.Dict";
  TVMFFIObjectHandle make = NULL;
  const char* why = find_global(s, maker, &make);
  if (why == NULL) why = prepare_make(s);
  if (why == NULL && s->api->FunctionCall(make, s->args, 4, &made) != 0) why = "making it fails";
  drop(s, &make);
  if (why != NULL) return why;
  s->other = made.v_obj;
  s->args[0].type_index = made.type_index;
  s->args[0].v_obj = made.v_obj;
  s->args[1].v_int64 = 2;
  return NULL;
}

static void loop_global_call(bench_state* s, uint64_t n) {
  int bad = 0;
  int32_t num_args = (int32_t)s->op->number;
  EACH(n) {
    TVMFFIAny result = {0};
    bad |= s->api->FunctionCall(s->obj, s->args, num_args, &result);
    if (result.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(result.v_obj);
  }
  s->bad |= bad;
}

static int check_made(bench_state* s, uint64_t total) {
  TVMFFIAny result = {0};
  (void)total;
  int right = s->bad == 0;
  right = right && s->api->FunctionCall(s->obj, s->args, (int32_t)s->op->number, &result) == 0;
  right = right && result.type_index >= kTVMFFIStaticObjectBegin;
  drop_any(s, &result);
  return right;
}

/* Arrays hold 2 at 2; maps made of 0, 1, 2, 3 hold 3 under 2. */
static int check_got(bench_state* s, uint64_t total) {
  TVMFFIAny result = {0};
  (void)total;
  int64_t expected =
      strncmp(s->op->text, "ffi.Array", 9) == 0 || strncmp(s->op->text, "ffi.List", 8) == 0 ? 2 : 3;
  int right = s->bad == 0 && s->api->FunctionCall(s->obj, s->args, 2, &result) == 0;
  right = right && result.type_index == kTVMFFIInt && result.v_int64 == expected;
  drop_any(s, &result);
  return right;
}

#define GLOBAL "FunctionGetGlobal FunctionCall ObjectDecRef"

#define MAKE_OP(name, function)         \
  {"container." name "_of_4",           \
   function " of 4 integers; drops it", \
   GLOBAL,                              \
   prepare_make,                        \
   loop_global_call,                    \
   check_made,                          \
   clean_objects,                       \
   function,                            \
   4,                                   \
   0}

#define GET_OP(name, function) \
  {"container." name "_get",   \
   function,                   \
   GLOBAL,                     \
   prepare_get,                \
   loop_global_call,           \
   check_got,                  \
   clean_objects,              \
   function,                   \
   2,                          \
   0}

static const bench_op ops[] = {
    MAKE_OP("array", "ffi.Array"),     MAKE_OP("list", "ffi.List"),
    MAKE_OP("map", "ffi.Map"),         MAKE_OP("dict", "ffi.Dict"),
    MAKE_OP("shape", "ffi.Shape"),     GET_OP("array", "ffi.ArrayGetItem"),
    GET_OP("list", "ffi.ListGetItem"), GET_OP("map", "ffi.MapGetItem"),
    GET_OP("dict", "ffi.DictGetItem"),
};

const bench_topic bench_containers = {ops, sizeof(ops) / sizeof(ops[0])};
