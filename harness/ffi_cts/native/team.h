/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team of threads that are shown to work at the same time.
 *
 * A race is found only where two threads meet in it, and a thread may well have done all its work
 * before the next one has woken. So no thread of a team has a fixed number of rounds: each works
 * in short bursts, and sees whether others have moved on while it was in the middle of its own.
 * That is an overlap, and the team goes on until every member has had enough of them.
 *
 * Nothing is written by two threads: a shared counter in the loop would line the threads up, and
 * hide the very races that are looked for.
 */
#ifndef FFI_CTS_TEAM_H_
#define FFI_CTS_TEAM_H_

#include <pthread.h>

#include "native.h"

enum { TEAM_MOST = 64, TEAM_LINE = 128 };

typedef struct team team;

typedef struct team_member {
  /* Written by this member alone, read by all. Odd while it is in the middle of a burst. */
  _Alignas(TEAM_LINE) uint64_t progress;
  int64_t overlaps;
  int32_t finished;
  uint64_t meetings;
  /* The member's own. */
  _Alignas(TEAM_LINE) team* all;
  int index;
  int64_t bursts;
  int64_t mismatches;
  uint64_t seen_before;
  int64_t overlaps_before;
  double latest_overlap;
} team_member;

/* Returns mismatches. `work` is what the team was given. */
typedef int64_t (*team_burst)(team_member* self, const void* work);

/* Bursts until each member has had enough overlaps, or the time is up. Returns all mismatches,
 * or CTS_NO_THREAD after those that were started have left again. */
int64_t team_run(cts_team* order, team_burst burst, const void* work);

/* Exactly `order->steps` bursts of each member; they meet before each of them, so that all of
 * them carry out the same step at the same time. The outcome of each call is the burst's. */
int64_t team_run_in_step(cts_team* order, team_burst burst, const void* work);

/* Waits until every member has come as far. Only for bursts that all members do equally often. */
void team_meet(team_member* self);

/* One thread, joined before the return; 0 or CTS_NO_THREAD. */
int team_run_alone(void* (*body)(void*), void* argument);

/* pthread_create, but for what cts_fail_thread_after asks for. */
int team_create_thread(pthread_t* id, void* (*body)(void*), void* argument);

#endif /* FFI_CTS_TEAM_H_ */
