/* SPDX-License-Identifier: Apache-2.0 */
/* Once-only initialisation, the version, allocators, big integers. */
#include "kernels.h"

static int initialise(void** result) {
  static int target;
  *result = &target;
  return 0;
}

static const char* prepare_once(bench_state* s) {
  return s->api->HandleInitOnce(&s->handle, initialise) == 0 ? NULL : "HandleInitOnce fails";
}

static void loop_once(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->HandleInitOnce(&s->handle, initialise);
  s->bad |= bad | (s->handle == NULL);
}

static void loop_version(bench_state* s, uint64_t n) {
  TVMFFIVersion version = {0, 0, 0};
  EACH(n) s->api->GetVersion(&version);
  s->bad |= n != 0 && version.major == 0 && version.minor == 0 && version.patch == 0;
}

static void loop_custom_allocator(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->GetCustomAllocator() == NULL;
  s->bad |= bad;
}

/* 40 bytes whose highest bit is clear: too large for 64 bits, so it must be an object. */
static const char* prepare_big(bench_state* s) {
  const char* why = bench_prepare_text(s);
  if (why != NULL) return why;
  if (s->api->BigIntFromByteArray(&s->text, &s->result) != 0) return "BigIntFromByteArray fails";
  return NULL;
}

static void clean_big(bench_state* s) {
  drop_any(s, &s->result);
  bench_clean_text(s);
}

static void loop_big_create(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIAny made = {0};
    bad |= s->api->BigIntFromByteArray(&s->text, &made);
    if (made.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(made.v_obj);
  }
  s->bad |= bad;
}

static void loop_big_content(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->BigIntGetContentByteArray(&s->result).size != s->text.size;
  s->bad |= bad;
}

static const bench_op ops[] = {
    {"once.hit", "HandleInitOnce of a handle that is there", "HandleInitOnce", prepare_once,
     loop_once, check_codes, NULL, NULL, 0, BENCH_SHARED},
    {"version.get", "GetVersion", "GetVersion", NULL, loop_version, check_codes, NULL, NULL, 0, 0},
    {"allocator.get", "GetCustomAllocator", "GetCustomAllocator", NULL, loop_custom_allocator,
     check_codes, NULL, NULL, 0, 0},
    {"bigint.create", "BigIntFromByteArray of 40 bytes; drops it",
     "BigIntFromByteArray ObjectDecRef", prepare_big, loop_big_create, check_codes, clean_big, NULL,
     40, 0},
    {"bigint.content", "BigIntGetContentByteArray",
     "BigIntFromByteArray BigIntGetContentByteArray ObjectDecRef", prepare_big, loop_big_content,
     check_codes, clean_big, NULL, 40, 0},
};

const bench_topic bench_small = {ops, sizeof(ops) / sizeof(ops[0])};
