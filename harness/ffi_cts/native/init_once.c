/* SPDX-License-Identifier: Apache-2.0 */
/* Initialisers with a scripted behaviour. They get no context, hence the global. */
#include <pthread.h>
#include <unistd.h>

#include "native.h"

enum { MAX_THREADS = 64 };

static cts_init_state state;

cts_init_state* cts_init(void) { return &state; }

static void note_inside(void) {
  int64_t now = __atomic_add_fetch(&state.inside, 1, __ATOMIC_SEQ_CST);
  int64_t most = __atomic_load_n(&state.most_inside, __ATOMIC_SEQ_CST);
  while (now > most && !__atomic_compare_exchange_n(&state.most_inside, &most, now, 0,
                                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
}

int cts_init_func(void** result) {
  __atomic_fetch_add(&state.inits, 1, __ATOMIC_SEQ_CST);
  note_inside();
  if (state.pause_us > 0) usleep((useconds_t)state.pause_us);
  int code = 0;
  if (state.fails) {
    state.api->ErrorSetRaisedFromCStr("RuntimeError", "the scripted initialiser fails");
    code = state.fails;
  }
  /* Also on failure: what a failed initialiser leaves behind is not the handle. */
  if (!state.result_null) {
    *result = state.result;
  }
  __atomic_fetch_sub(&state.inside, 1, __ATOMIC_SEQ_CST);
  return code;
}

int cts_init_nested(void** result) {
  int code = state.init_once(state.nested, cts_init_func);
  *result = &state;
  return code;
}

int cts_deinit_func(void* handle) {
  state.deinit_handle = handle;
  __atomic_fetch_add(&state.deinits, 1, __ATOMIC_SEQ_CST);
  if (state.pause_us > 0) usleep((useconds_t)state.pause_us);
  if (state.fails && state.api != NULL) {
    state.api->ErrorSetRaisedFromCStr("RuntimeError", "the scripted finaliser fails");
  }
  return state.fails;
}

typedef struct job {
  pthread_barrier_t* barrier;
  void** handle_addr;
  int (*deinit_once)(void** handle_addr, int (*deinit_func)(void* handle));
  int64_t mismatches;
} job;

static void* run_job(void* opaque) {
  job* self = (job*)opaque;
  pthread_barrier_wait(self->barrier);
  if (self->deinit_once != NULL) {
    self->mismatches = self->deinit_once(self->handle_addr, cts_deinit_func) != 0;
  } else {
    int code = state.init_once(self->handle_addr, cts_init_func);
    void* seen = __atomic_load_n(self->handle_addr, __ATOMIC_ACQUIRE);
    self->mismatches = code != 0 || seen != state.result;
  }
  return NULL;
}

static int64_t run_together(int threads, const job* model) {
  if (threads < 1 || threads > MAX_THREADS) return -1;
  job jobs[MAX_THREADS];
  pthread_t ids[MAX_THREADS];
  pthread_barrier_t barrier;
  int64_t mismatches = 0;
  if (pthread_barrier_init(&barrier, NULL, (unsigned)threads) != 0) return -1;
  for (int i = 0; i < threads; ++i) {
    jobs[i] = *model;
    jobs[i].barrier = &barrier;
    if (pthread_create(&ids[i], NULL, run_job, &jobs[i]) != 0) return -1;
  }
  for (int i = 0; i < threads; ++i) {
    pthread_join(ids[i], NULL);
    mismatches += jobs[i].mismatches;
  }
  pthread_barrier_destroy(&barrier);
  return mismatches;
}

int64_t cts_threads_init_once(int threads, void** handle_addr) {
  job model = {.handle_addr = handle_addr};
  return run_together(threads, &model);
}

int64_t cts_threads_deinit_once(int threads, void** handle_addr,
                                int (*deinit_once)(void** handle_addr,
                                                   int (*deinit_func)(void* handle))) {
  job model = {.handle_addr = handle_addr, .deinit_once = deinit_once};
  return run_together(threads, &model);
}
