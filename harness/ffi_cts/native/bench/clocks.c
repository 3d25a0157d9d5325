/* SPDX-License-Identifier: Apache-2.0 */
/* The clock, for one thread and for two at once, and the processor's counter of instructions. */
#include <linux/perf_event.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

double bench_nanoseconds(bench_state* state, uint64_t n) {
  double start = now();
  state->op->loop(state, n);
  return now() - start;
}

typedef struct companion {
  bench_state state;
  uint64_t n;
  uint64_t deletions;
  pthread_barrier_t together;
} companion;

static void* run_companion(void* argument) {
  companion* other = (companion*)argument;
  pthread_barrier_wait(&other->together);
  other->state.op->loop(&other->state, other->n);
  other->deletions = bench_deletions;
  pthread_barrier_wait(&other->together);
  return NULL;
}

/* The second thread works on a copy of the state, thus on the same objects and names. */
double bench_nanoseconds_two_threads(bench_state* state, uint64_t n) {
  companion other = {.state = *state, .n = n, .deletions = 0};
  pthread_t thread;
  pthread_barrier_init(&other.together, NULL, 2);
  if (pthread_create(&thread, NULL, run_companion, &other) != 0) {
    pthread_barrier_destroy(&other.together);
    state->bad = 1;
    return 0;
  }
  pthread_barrier_wait(&other.together);
  double start = now();
  state->op->loop(state, n);
  pthread_barrier_wait(&other.together);
  double elapsed = now() - start;
  pthread_join(thread, NULL);
  pthread_barrier_destroy(&other.together);
  state->bad |= other.state.bad;
  bench_deletions += other.deletions;
  return elapsed;
}

/* A counter of this thread's instructions in user mode; negative where the machine has none. */
int bench_counter_open(void) {
  struct perf_event_attr what;
  memset(&what, 0, sizeof(what));
  what.type = PERF_TYPE_HARDWARE;
  what.size = sizeof(what);
  what.config = PERF_COUNT_HW_INSTRUCTIONS;
  what.disabled = 1;
  what.exclude_kernel = 1;
  what.exclude_hv = 1;
  return (int)syscall(SYS_perf_event_open, &what, 0, -1, -1, 0UL);
}

double bench_counted(int counter, bench_state* state, uint64_t n) {
  uint64_t count = 0;
  ioctl(counter, PERF_EVENT_IOC_RESET, 0);
  ioctl(counter, PERF_EVENT_IOC_ENABLE, 0);
  state->op->loop(state, n);
  ioctl(counter, PERF_EVENT_IOC_DISABLE, 0);
  return read(counter, &count, sizeof(count)) == (ssize_t)sizeof(count) ? (double)count : -1.0;
}
