/* SPDX-License-Identifier: Apache-2.0 */
/* Values that become owned ones. */
#include "kernels.h"

static void loop_to_owned(bench_state* s, uint64_t n) {
  int bad = 0;
  TVMFFIAny owned = {0};
  EACH(n) {
    bad |= s->api->AnyViewToOwnedAny(&s->args[0], &owned);
    if (owned.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(owned.v_obj);
  }
  s->bad |= bad;
}

static const char* prepare_int_view(bench_state* s) {
  s->args[0].type_index = kTVMFFIInt;
  s->args[0].v_int64 = 42;
  return NULL;
}

static const char* prepare_object_view(bench_state* s) {
  const char* why = bench_prepare_function(s);
  s->args[0].type_index = kTVMFFIFunction;
  s->args[0].v_obj = (TVMFFIObject*)s->obj;
  return why;
}

static const char* prepare_raw_string_view(bench_state* s) {
  s->args[0].type_index = kTVMFFIRawStr;
  s->args[0].v_c_str = s->op->text;
  return NULL;
}

static const char* prepare_byte_array_view(bench_state* s) {
  s->text = bytes_of(s->op->text);
  s->args[0].type_index = kTVMFFIByteArrayPtr;
  s->args[0].v_ptr = &s->text;
  return NULL;
}

static int check_owned(bench_state* s, uint64_t total) {
  TVMFFIAny owned = {0};
  (void)total;
  int right = s->bad == 0 && s->api->AnyViewToOwnedAny(&s->args[0], &owned) == 0;
  if (owned.type_index >= kTVMFFIStaticObjectBegin) s->api->ObjectDecRef(owned.v_obj);
  int32_t from = s->args[0].type_index;
  int borrowed = from == kTVMFFIRawStr || from == kTVMFFIByteArrayPtr;
  return right && (borrowed ? owned.type_index != from : owned.type_index == from);
}

#define VIEW "AnyViewToOwnedAny ObjectDecRef"
#define LONG_TEXT "a text of forty bytes, which is no short"

static const bench_op ops[] = {
    {"any.int", "AnyViewToOwnedAny of an integer", VIEW, prepare_int_view, loop_to_owned,
     check_owned, NULL, NULL, 0, 0},
    {"any.object", "AnyViewToOwnedAny of a function; drops it", VIEW " FunctionCreate",
     prepare_object_view, loop_to_owned, check_owned, clean_objects, NULL, 0, 0},
    {"any.raw_string_4", "AnyViewToOwnedAny of a C string of 4 bytes; drops it", VIEW,
     prepare_raw_string_view, loop_to_owned, check_owned, NULL, "text", 0, 0},
    {"any.raw_string_40", "AnyViewToOwnedAny of a C string of 40 bytes; drops it", VIEW,
     prepare_raw_string_view, loop_to_owned, check_owned, NULL, LONG_TEXT, 0, 0},
    {"any.byte_array_40", "AnyViewToOwnedAny of a byte array of 40 bytes; drops it", VIEW,
     prepare_byte_array_view, loop_to_owned, check_owned, NULL, LONG_TEXT, 0, 0},
};

const bench_topic bench_values = {ops, sizeof(ops) / sizeof(ops[0])};
