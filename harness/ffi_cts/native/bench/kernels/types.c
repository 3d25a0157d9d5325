/* SPDX-License-Identifier: Apache-2.0 */
/* Types and their attributes. */
#include "kernels.h"

static const char* prepare_type(bench_state* s) {
  s->text = bytes_of("ffi_cts.bench.Type");
  s->type_index = s->api->TypeGetOrAllocIndex(&s->text, -1, 1, 0, 1, kTVMFFIObject);
  return s->type_index >= kTVMFFIDynObjectBegin ? NULL : "TypeGetOrAllocIndex fails";
}

static const char* prepare_static_type(bench_state* s) {
  s->text = bytes_of("ffi.Function");
  s->type_index = kTVMFFIFunction;
  return NULL;
}

static void loop_type_key(bench_state* s, uint64_t n) {
  int bad = 0;
  int32_t index = 0;
  EACH(n) bad |= s->api->TypeKeyToIndex(&s->text, &index);
  s->bad |= bad | (n != 0 && index != s->type_index);
}

static void loop_type_again(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    bad |= s->api->TypeGetOrAllocIndex(&s->text, -1, 1, 0, 1, kTVMFFIObject) != s->type_index;
  }
  s->bad |= bad;
}

static void loop_type_info(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->GetTypeInfo(s->type_index) == NULL;
  s->bad |= bad;
}

static int check_type_info(bench_state* s, uint64_t total) {
  (void)total;
  return s->bad == 0 && s->api->GetTypeInfo(s->type_index)->type_index == s->type_index;
}

static const char* prepare_attribute(bench_state* s) {
  const char* why = prepare_type(s);
  if (why != NULL) return why;
  s->text = bytes_of("__ffi_cts_bench__");
  if (s->api->GetTypeAttrColumn(&s->text) != NULL) return NULL;
  s->args[0].type_index = kTVMFFIInt;
  s->args[0].v_int64 = 1;
  return s->api->TypeRegisterAttr(s->type_index, &s->text, &s->args[0]) == 0
             ? NULL
             : "TypeRegisterAttr fails";
}

static void loop_attribute(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->GetTypeAttrColumn(&s->text) == NULL;
  s->bad |= bad;
}

static void loop_attribute_miss(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->GetTypeAttrColumn(&s->text) != NULL;
  s->bad |= bad;
}

static const bench_op ops[] = {
    {"type.key_to_index_static", "TypeKeyToIndex of a built-in type", "TypeKeyToIndex",
     prepare_static_type, loop_type_key, check_codes, NULL, NULL, 0, 0},
    {"type.key_to_index", "TypeKeyToIndex of a registered type",
     "TypeGetOrAllocIndex TypeKeyToIndex", prepare_type, loop_type_key, check_codes, NULL, NULL, 0,
     BENCH_SHARED},
    {"type.get_or_alloc", "TypeGetOrAllocIndex of a key that is there", "TypeGetOrAllocIndex",
     prepare_type, loop_type_again, check_codes, NULL, NULL, 0, 0},
    {"type.info", "GetTypeInfo", "GetTypeInfo", prepare_static_type, loop_type_info,
     check_type_info, NULL, NULL, 0, 0},
    {"type.attribute", "GetTypeAttrColumn",
     "TypeGetOrAllocIndex TypeRegisterAttr GetTypeAttrColumn", prepare_attribute, loop_attribute,
     check_codes, NULL, NULL, 0, BENCH_SHARED},
    {"type.attribute_miss", "GetTypeAttrColumn of a name that is not there", "GetTypeAttrColumn",
     bench_prepare_absent_name, loop_attribute_miss, check_codes, NULL, NULL, 0, 0},
};

const bench_topic bench_types = {ops, sizeof(ops) / sizeof(ops[0])};
