/* SPDX-License-Identifier: Apache-2.0 */
/* Strings and bytes. */
#include "kernels.h"

#define TEXT_KERNEL(name, function)                                                             \
  static void loop_##name(bench_state* s, uint64_t n) {                                         \
    int bad = 0;                                                                                \
    EACH(n) {                                                                                   \
      TVMFFIAny made = {0};                                                                     \
      bad |= s->api->function(&s->text, &made);                                                 \
      if (made.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(made.v_obj); \
    }                                                                                           \
    s->bad |= bad;                                                                              \
  }                                                                                             \
  static int check_##name(bench_state* s, uint64_t total) {                                     \
    TVMFFIAny made = {0};                                                                       \
    (void)total;                                                                                \
    int right =                                                                                 \
        s->bad == 0 && s->api->function(&s->text, &made) == 0 && bench_holds_text(s, &made);    \
    drop_any(s, &made);                                                                         \
    return right;                                                                               \
  }
TEXT_KERNEL(string, StringFromByteArray)
TEXT_KERNEL(bytes, BytesFromByteArray)
#undef TEXT_KERNEL

#define TEXT_OP(topic, function, bytes, flags) \
  {#topic "." #bytes,                          \
   function " of " #bytes " bytes; drops it",  \
   function " ObjectDecRef",                   \
   bench_prepare_text,                         \
   loop_##topic,                               \
   check_##topic,                              \
   bench_clean_text,                           \
   NULL,                                       \
   bytes,                                      \
   flags}

static const bench_op ops[] = {
    TEXT_OP(string, "StringFromByteArray", 0, 0),
    TEXT_OP(string, "StringFromByteArray", 3, 0),
    TEXT_OP(string, "StringFromByteArray", 7, 0),
    TEXT_OP(string, "StringFromByteArray", 8, BENCH_SHARED),
    TEXT_OP(string, "StringFromByteArray", 64, 0),
    TEXT_OP(string, "StringFromByteArray", 4096, 0),
    TEXT_OP(string, "StringFromByteArray", 65536, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 0, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 3, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 7, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 8, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 64, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 4096, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 65536, 0),
};

const bench_topic bench_texts = {ops, sizeof(ops) / sizeof(ops[0])};
