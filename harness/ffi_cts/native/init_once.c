/* SPDX-License-Identifier: Apache-2.0 */
/* Initialisers with a scripted behaviour. They get no context, hence the global. */
#include <unistd.h>

#include "team.h"

enum { LOOK_EVERY_US = 50, MOST_LOOKS = 20000 };

static cts_init_state state;

cts_init_state* cts_init(void) { return &state; }

static void note_inside(void) {
  int64_t now = __atomic_add_fetch(&state.inside, 1, __ATOMIC_SEQ_CST);
  int64_t most = __atomic_load_n(&state.most_inside, __ATOMIC_SEQ_CST);
  while (now > most && !__atomic_compare_exchange_n(&state.most_inside, &most, now, 0,
                                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
}

/* Threads that never come cost a second; that nothing happened at once is then seen by the team. */
static void wait_for_others(void) {
  for (int looks = 0; looks < MOST_LOOKS; ++looks) {
    if (__atomic_load_n(&state.arrived, __ATOMIC_SEQ_CST) >= state.awaits) break;
    usleep(LOOK_EVERY_US);
  }
  if (state.pause_us > 0) usleep((useconds_t)state.pause_us);
}

int cts_init_func(void** result) {
  __atomic_fetch_add(&state.inits, 1, __ATOMIC_SEQ_CST);
  note_inside();
  wait_for_others();
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
  wait_for_others();
  if (state.fails && state.api != NULL) {
    state.api->ErrorSetRaisedFromCStr("RuntimeError", "the scripted finaliser fails");
  }
  return state.fails;
}

typedef struct job {
  void** handle_addr;
  int (*deinit_once)(void** handle_addr, int (*deinit_func)(void* handle));
} job;

static int64_t init_once(team_member* self, const void* work) {
  const job* it = (const job*)work;
  (void)self;
  __atomic_fetch_add(&state.arrived, 1, __ATOMIC_SEQ_CST);
  int code = state.init_once(it->handle_addr, cts_init_func);
  return code != 0 || __atomic_load_n(it->handle_addr, __ATOMIC_ACQUIRE) != state.result;
}

int64_t cts_threads_init_once(const cts_api* api, cts_team* team, void** handle_addr) {
  (void)api; /* their functions are in the script */
  job it = {.handle_addr = handle_addr};
  return team_run_in_step(team, init_once, &it);
}

static int64_t deinit_once(team_member* self, const void* work) {
  const job* it = (const job*)work;
  (void)self;
  __atomic_fetch_add(&state.arrived, 1, __ATOMIC_SEQ_CST);
  return it->deinit_once(it->handle_addr, cts_deinit_func) != 0;
}

int64_t cts_threads_deinit_once(const cts_api* api, cts_team* team, void** handle_addr,
                                int (*deinit)(void** handle_addr,
                                              int (*deinit_func)(void* handle))) {
  (void)api; /* their functions are in the script */
  job it = {.handle_addr = handle_addr, .deinit_once = deinit};
  return team_run_in_step(team, deinit_once, &it);
}
