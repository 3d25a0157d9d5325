/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: what a loop, a call through a pointer and a small allocation cost by themselves. */
#include "kernels.h"

static void loop_empty(bench_state* s, uint64_t n) {
  (void)s;
  EACH(n) __asm__ volatile("");
}

static void loop_indirect(bench_state* s, uint64_t n) {
  TVMFFISafeCallType volatile pointer = bench_nothing;
  TVMFFISafeCallType callee = pointer;
  int bad = 0;
  TVMFFIAny result = {0};
  EACH(n) bad |= callee(NULL, s->args, 1, &result);
  s->bad |= bad;
}

static void loop_malloc(bench_state* s, uint64_t n) {
  int bad = 0;
  size_t size = s->op->number;
  EACH(n) {
    void* volatile block = malloc(size);
    bad |= block == NULL;
    free(block);
  }
  s->bad |= bad;
}

static const bench_op ops[] = {
    {"control.empty_loop", "counts down", "", NULL, loop_empty, NULL, NULL, NULL, 0, BENCH_CONTROL},
    {"control.indirect_call", "calls an empty function through a pointer: the floor", "", NULL,
     loop_indirect, check_codes, NULL, NULL, 0, BENCH_CONTROL},
    {"control.malloc_free", "malloc and free of 48 bytes", "", NULL, loop_malloc, check_codes, NULL,
     NULL, 48, BENCH_CONTROL},
};

const bench_topic bench_controls = {ops, sizeof(ops) / sizeof(ops[0])};
