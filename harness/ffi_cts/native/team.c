/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "team.h"

enum {
  LOOKS_PER_CLOCK = 200, /* looks at a flag between two at the clock */
  BURSTS_PER_CLOCK = 16, /* bursts between two looks at the clock */
  MOST_AT_ONCE = 4       /* bursts of another while one of the same kind goes on */
};

#define BEAT_NS 2000000 /* what a scheduler gives a thread at a time, or less */
#define SECOND_NS 1000000000
#define PATIENCE 0.0005 /* seconds */

enum gate { GATE_CLOSED, GATE_OPEN, GATE_LEAVE };

struct team {
  team_member members[TEAM_MOST];
  int threads;
  int64_t wanted;
  int64_t steps; /* 0: as many as it takes */
  double until;  /* monotonic seconds */
  team_burst burst;
  const void* work;
  pthread_mutex_t lock;
  pthread_cond_t gate_moved;
  enum gate gate;
};

static int threads_left = -1; /* how many may still be started; -1: no limit */

void cts_fail_thread_after(int threads) { threads_left = threads; }

int team_create_thread(pthread_t* id, void* (*body)(void*), void* argument) {
  if (threads_left == 0) return -1;
  if (threads_left > 0) --threads_left;
  return pthread_create(id, NULL, body, argument) == 0 ? 0 : -1;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Two members on one core never meet, and where all cores are busy nobody moves them apart. This
 * one goes to a core that is its own as far as there are enough, but may leave it again. */
static void move_apart(const team_member* self) {
  cpu_set_t all;
  if (sched_getaffinity(0, sizeof(all), &all) != 0) return;
  int cores = CPU_COUNT(&all);
  int nth = self->index % (cores > 0 ? cores : 1);
  for (size_t core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &all) || nth-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    (void)sched_setaffinity(0, sizeof(one), &one);
    break;
  }
  (void)sched_setaffinity(0, sizeof(all), &all);
}

/*
 * On a busy machine the members may take turns with others in such a way that they never run at
 * once, for seconds. Who sees nothing of the others sleeps until the next beat of a clock that all
 * of them hear: they wake together, and who has slept is served first.
 */
static void sleep_until_the_beat(const team_member* self) {
  move_apart(self);
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  int64_t next = (time.tv_nsec / BEAT_NS + 1) * BEAT_NS;
  time.tv_sec += next / SECOND_NS;
  time.tv_nsec = next % SECOND_NS;
  (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void pause_a_little(int spins) {
  for (volatile int i = 0; i < spins; ++i) {
  }
}

/* ---- overlaps ---- */

/* How far the others are; what is added up only ever grows. */
static uint64_t others_progress(const team_member* self) {
  uint64_t sum = 0;
  for (int i = 0; i < self->all->threads; ++i) {
    if (i == self->index) continue;
    sum += __atomic_load_n(&self->all->members[i].progress, __ATOMIC_RELAXED);
  }
  return sum;
}

static void begin_burst(team_member* self) { self->seen_before = others_progress(self); }

/* Somebody else has done something in the meantime, so this burst was not alone. Has much been
 * done, then this member rather lost its core in the middle of the burst: that is no overlap. */
static void end_burst(team_member* self) {
  __atomic_store_n(&self->progress, self->progress + 1, __ATOMIC_RELAXED);
  uint64_t moved = others_progress(self) - self->seen_before;
  uint64_t others = (uint64_t)self->all->threads - 1;
  if (moved == 0 || moved > MOST_AT_ONCE * others) return;
  __atomic_store_n(&self->overlaps, self->overlaps + 1, __ATOMIC_RELAXED);
}

static int64_t fewest_overlaps(const team* all) {
  int64_t fewest = INT64_MAX;
  for (int i = 0; i < all->threads; ++i) {
    int64_t overlaps = __atomic_load_n(&all->members[i].overlaps, __ATOMIC_RELAXED);
    if (overlaps < fewest) fewest = overlaps;
  }
  return fewest;
}

static int anyone_finished(const team* all) {
  for (int i = 0; i < all->threads; ++i) {
    if (__atomic_load_n(&all->members[i].finished, __ATOMIC_RELAXED)) return 1;
  }
  return 0;
}

static int is_enough(const team_member* self) {
  if (self->mismatches != 0 || anyone_finished(self->all)) return 1;
  return fewest_overlaps(self->all) >= self->all->wanted;
}

/* Returns whether the time is up; sleeps if the latest one has brought no overlap. */
static int look_at_clock(team_member* self) {
  double time = now();
  if (self->overlaps != self->overlaps_before) {
    self->overlaps_before = self->overlaps;
    self->latest_overlap = time;
  }
  if (time >= self->all->until) return 1;
  if (time - self->latest_overlap > PATIENCE) {
    sleep_until_the_beat(self);
    self->latest_overlap = now();
  }
  return 0;
}

static void work_until_enough(team_member* self) {
  self->latest_overlap = now();
  do {
    if (self->bursts % BURSTS_PER_CLOCK == 0 && look_at_clock(self)) break;
    begin_burst(self);
    self->mismatches += self->all->burst(self, self->all->work);
    ++self->bursts;
    end_burst(self);
  } while (!is_enough(self));
  __atomic_store_n(&self->finished, 1, __ATOMIC_RELAXED);
}

/* ---- in step ---- */

static void wait_for_meeting(const team_member* self, const team_member* other, uint64_t meeting) {
  double since = 0;
  for (int looks = 1; __atomic_load_n(&other->meetings, __ATOMIC_SEQ_CST) < meeting; ++looks) {
    if (looks % LOOKS_PER_CLOCK != 0) continue;
    if (since == 0) since = now();
    if (now() - since < PATIENCE) continue;
    sleep_until_the_beat(self);
    since = 0;
  }
}

void team_meet(team_member* self) {
  uint64_t meeting = self->meetings + 1;
  __atomic_store_n(&self->meetings, meeting, __ATOMIC_SEQ_CST);
  for (int i = 0; i < self->all->threads; ++i) {
    const team_member* other = &self->all->members[i];
    wait_for_meeting(self, other, meeting);
  }
}

/* Spins by which a member leaves a meeting late. The meeting tells one after the other, and the
 * race may be anywhere in what they do: so each is late by much or little, differently each time.
 */
static int apart(const team_member* self, int64_t step) {
  uint64_t mixed = ((uint64_t)step * TEAM_MOST + (uint64_t)self->index + 1) * 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9u;
  return (int)((mixed >> 40) % (16u << (mixed >> 62)));
}

/* How many of the others have come to `progress`. */
static int others_at(const team_member* self, uint64_t progress) {
  int count = 0;
  for (int i = 0; i < self->all->threads; ++i) {
    if (i == self->index) continue;
    count += __atomic_load_n(&self->all->members[i].progress, __ATOMIC_RELAXED) >= progress;
  }
  return count;
}

/* A member's progress is odd in the middle of a step. It overlaps with another that had not ended
 * the step when this one began it, and had begun it when this one ended. */
static void work_in_step(team_member* self) {
  for (int64_t step = 0; step < self->all->steps; ++step) {
    uint64_t began = 2 * (uint64_t)step + 1;
    uint64_t ended = began + 1;
    team_meet(self);
    pause_a_little(apart(self, step));
    __atomic_store_n(&self->progress, began, __ATOMIC_RELAXED);
    int ended_before = others_at(self, ended);
    self->mismatches += self->all->burst(self, self->all->work);
    int begun = others_at(self, began);
    ++self->bursts;
    __atomic_store_n(&self->progress, ended, __ATOMIC_RELAXED);
    if (begun > ended_before) ++self->overlaps;
  }
}

/* ---- coming and going ---- */

static enum gate wait_at_gate(team* all) {
  pthread_mutex_lock(&all->lock);
  while (all->gate == GATE_CLOSED) pthread_cond_wait(&all->gate_moved, &all->lock);
  enum gate gate = all->gate;
  pthread_mutex_unlock(&all->lock);
  return gate;
}

static void move_gate(team* all, enum gate gate) {
  pthread_mutex_lock(&all->lock);
  all->gate = gate;
  pthread_cond_broadcast(&all->gate_moved);
  pthread_mutex_unlock(&all->lock);
}

static void* run_member(void* opaque) {
  team_member* self = (team_member*)opaque;
  if (wait_at_gate(self->all) == GATE_LEAVE) return NULL;
  (void)setpriority(PRIO_PROCESS, (id_t)cts_thread_id(), -20);
  if (self->all->steps > 0) {
    work_in_step(self);
  } else {
    work_until_enough(self);
  }
  return NULL;
}

/* Where that is allowed, the processes of other sessions step aside as long as the team works. */
static void prefer_this_session(const char* nice) {
  FILE* file = fopen("/proc/self/autogroup", "w");
  if (file == NULL) return;
  (void)fputs(nice, file);
  (void)fclose(file);
}

static int64_t start_and_join(team* all) {
  pthread_t ids[TEAM_MOST];
  int started = 0;
  int64_t mismatches = 0;
  while (started < all->threads) {
    team_member* member = &all->members[started];
    member->all = all;
    member->index = started;
    if (team_create_thread(&ids[started], run_member, member) != 0) break;
    ++started;
  }
  prefer_this_session("-20");
  move_gate(all, started == all->threads ? GATE_OPEN : GATE_LEAVE);
  for (int i = 0; i < started; ++i) {
    pthread_join(ids[i], NULL);
    mismatches += all->members[i].mismatches;
  }
  prefer_this_session("0");
  return started == all->threads ? mismatches : CTS_NO_THREAD;
}

static int64_t run(cts_team* order, int64_t steps, team_burst burst, const void* work) {
  team all = {.threads = order->threads,
              .wanted = order->wanted,
              .steps = steps,
              .until = now() + order->seconds,
              .burst = burst,
              .work = work,
              .lock = PTHREAD_MUTEX_INITIALIZER,
              .gate_moved = PTHREAD_COND_INITIALIZER};
  if (all.threads < 1 || all.threads > TEAM_MOST) return CTS_NO_THREAD;
  int64_t result = start_and_join(&all);
  order->overlaps = fewest_overlaps(&all);
  return result;
}

int64_t team_run(cts_team* order, team_burst burst, const void* work) {
  return run(order, 0, burst, work);
}

int64_t team_run_in_step(cts_team* order, team_burst burst, const void* work) {
  order->overlaps = 0;
  return order->steps > 0 ? run(order, order->steps, burst, work) : 0;
}

int team_run_alone(void* (*body)(void*), void* argument) {
  pthread_t id;
  if (team_create_thread(&id, body, argument) != 0) return CTS_NO_THREAD;
  return pthread_join(id, NULL) == 0 ? 0 : CTS_NO_THREAD;
}
