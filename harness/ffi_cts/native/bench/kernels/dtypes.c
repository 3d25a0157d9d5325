/* SPDX-License-Identifier: Apache-2.0 */
/* Names of data types. */
#include "kernels.h"

static const char* prepare_dtype(bench_state* s) {
  s->text = bytes_of(s->op->text);
  return s->api->DataTypeFromString(&s->text, &s->dtype) == 0 ? NULL : "the name is refused";
}

static void loop_dtype_from(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->DataTypeFromString(&s->text, &s->dtype);
  s->bad |= bad;
}

static void loop_dtype_to(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIAny name = {0};
    bad |= s->api->DataTypeToString(&s->dtype, &name);
    if (name.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(name.v_obj);
  }
  s->bad |= bad;
}

static int check_dtype_name(bench_state* s, uint64_t total) {
  TVMFFIAny name = {0};
  (void)total;
  int right = s->bad == 0 && s->api->DataTypeToString(&s->dtype, &name) == 0;
  right = right && bench_holds_text(s, &name);
  drop_any(s, &name);
  return right;
}

#define DTYPE_OP(name, text)                               \
  {"dtype.from_string_" name,                              \
   "DataTypeFromString of " text,                          \
   "DataTypeFromString DataTypeToString ObjectDecRef",     \
   prepare_dtype,                                          \
   loop_dtype_from,                                        \
   check_dtype_name,                                       \
   NULL,                                                   \
   text,                                                   \
   0,                                                      \
   0},                                                     \
      {"dtype.to_string_" name,                            \
       "DataTypeToString of " text "; drops the string",   \
       "DataTypeFromString DataTypeToString ObjectDecRef", \
       prepare_dtype,                                      \
       loop_dtype_to,                                      \
       check_dtype_name,                                   \
       NULL,                                               \
       text,                                               \
       0,                                                  \
       0}

static const bench_op ops[] = {
    DTYPE_OP("float32", "float32"),   DTYPE_OP("int64", "int64"),
    DTYPE_OP("bfloat16", "bfloat16"), DTYPE_OP("float8", "float8_e4m3fn"),
    DTYPE_OP("vector", "float16x8"),
};

const bench_topic bench_dtypes = {ops, sizeof(ops) / sizeof(ops[0])};
