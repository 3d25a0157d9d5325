/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to valgrind's callgrind, as its manual describes them: a sequence of instructions that
 * does nothing on a processor and that valgrind recognises, with a request in registers. Written
 * out here so that the driver builds without valgrind's headers.
 */
#include "bench.h"

enum {
  RUNNING_ON_VALGRIND = 0x1001,
  CALLGRIND = 'C' << 24 | 'T' << 16,
  ZERO_STATS = CALLGRIND + 1,
  DUMP_STATS_AT = CALLGRIND + 3,
  START_INSTRUMENTATION = CALLGRIND + 4,
};

static uint64_t request(uint64_t code, const void* argument) {
  volatile uint64_t words[6] = {code, (uint64_t)(uintptr_t)argument, 0, 0, 0, 0};
#if defined(__x86_64__)
  uint64_t answer = 0;
  __asm__ volatile(
      "rolq $3, %%rdi\n\trolq $13, %%rdi\n\trolq $61, %%rdi\n\trolq $51, %%rdi\n\t"
      "xchgq %%rbx, %%rbx"
      : "+d"(answer)
      : "a"(&words[0])
      : "cc", "memory");
  return answer;
#elif defined(__aarch64__)
  register uint64_t answer __asm__("x3") = 0;
  register volatile uint64_t* in __asm__("x4") = &words[0];
  __asm__ volatile(
      "ror x12, x12, #3\n\tror x12, x12, #13\n\tror x12, x12, #51\n\tror x12, x12, #61\n\t"
      "orr x10, x10, x10"
      : "+r"(answer)
      : "r"(in)
      : "cc", "memory");
  return answer;
#else
  (void)words;
  return 0;
#endif
}

int bench_under_valgrind(void) { return request(RUNNING_ON_VALGRIND, NULL) != 0; }
void bench_callgrind_start(void) { (void)request(START_INSTRUMENTATION, NULL); }
void bench_callgrind_zero(void) { (void)request(ZERO_STATS, NULL); }
void bench_callgrind_dump(const char* label) { (void)request(DUMP_STATS_AT, label); }
