/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that start together and use the library under test without Python. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "native.h"

enum { MAX_THREADS = 64 };

typedef struct job job;
typedef int64_t (*work_function)(job* self); /* returns mismatches */

struct job {
  work_function work;
  const cts_api* api;
  pthread_barrier_t* barrier;
  int index;
  int64_t rounds;
  int64_t mismatches;
  TVMFFIObjectHandle obj;
  const TVMFFIByteArray* name;
};

uint64_t cts_thread_id(void) { return (uint64_t)syscall(SYS_gettid); }

static void* run_job(void* opaque) {
  job* self = (job*)opaque;
  pthread_barrier_wait(self->barrier);
  self->mismatches = self->work(self);
  return NULL;
}

static int64_t run_together(int threads, const job* model) {
  if (threads < 1 || threads > MAX_THREADS) return -1;
  job jobs[MAX_THREADS];
  pthread_t ids[MAX_THREADS];
  pthread_barrier_t barrier;
  int64_t mismatches = 0;
  int started = 0;
  if (pthread_barrier_init(&barrier, NULL, (unsigned)threads) != 0) return -1;
  for (; started < threads; ++started) {
    jobs[started] = *model;
    jobs[started].barrier = &barrier;
    jobs[started].index = started;
    if (pthread_create(&ids[started], NULL, run_job, &jobs[started]) != 0) return -1;
  }
  for (int i = 0; i < started; ++i) {
    pthread_join(ids[i], NULL);
    mismatches += jobs[i].mismatches;
  }
  pthread_barrier_destroy(&barrier);
  return mismatches;
}

static int64_t work_retain_release(job* self) {
  int64_t failures = 0;
  for (int64_t i = 0; i < self->rounds; ++i) {
    failures += self->api->ObjectIncRef(self->obj) != 0;
    failures += self->api->ObjectDecRef(self->obj) != 0;
  }
  return failures;
}

int64_t cts_threads_retain_release(const cts_api* api, int threads, int64_t rounds,
                                   TVMFFIObjectHandle obj) {
  job model = {.work = work_retain_release, .api = api, .rounds = rounds, .obj = obj};
  return run_together(threads, &model);
}

static int64_t work_release(job* self) { return self->api->ObjectDecRef(self->obj) != 0; }

int64_t cts_threads_release_once(const cts_api* api, int threads, TVMFFIObjectHandle obj) {
  job model = {.work = work_release, .api = api, .obj = obj};
  return run_together(threads, &model);
}

static int64_t work_promote(job* self) {
  int64_t failures = 0;
  for (int64_t i = 0; i < self->rounds; ++i) {
    cts_weak_incref(self->obj);
    if (cts_weak_promote(self->obj)) {
      failures += self->api->ObjectDecRef(self->obj) != 0;
    } else {
      ++failures;
    }
    cts_weak_decref(self->obj);
  }
  return failures;
}

int64_t cts_threads_promote(const cts_api* api, int threads, int64_t rounds,
                            TVMFFIObjectHandle obj) {
  job model = {.work = work_promote, .api = api, .rounds = rounds, .obj = obj};
  return run_together(threads, &model);
}

static int message_is(TVMFFIObjectHandle error, const char* expected) {
  const TVMFFIErrorCell* cell =
      (const TVMFFIErrorCell*)(const void*)((char*)error + sizeof(TVMFFIObject));
  size_t size = strlen(expected);
  return cell->message.size == size && memcmp(cell->message.data, expected, size) == 0;
}

/* Each thread raises under its own name and must get that error back, then an empty slot. */
static int64_t work_raise(job* self) {
  int64_t failures = 0;
  char mine[64];
  for (int64_t i = 0; i < self->rounds; ++i) {
    TVMFFIObjectHandle error = NULL;
    snprintf(mine, sizeof(mine), "thread %d round %lld", self->index, (long long)i);
    self->api->ErrorSetRaisedFromCStr("ValueError", mine);
    sched_yield(); /* lets the others raise in between, even on one core */
    self->api->ErrorMoveFromRaised(&error);
    if (error == NULL) {
      ++failures;
      continue;
    }
    failures += !message_is(error, mine);
    self->api->ObjectDecRef(error);
    error = NULL;
    self->api->ErrorMoveFromRaised(&error);
    failures += error != NULL;
  }
  return failures;
}

int64_t cts_threads_raise(const cts_api* api, int threads, int64_t rounds) {
  job model = {.work = work_raise, .api = api, .rounds = rounds};
  return run_together(threads, &model);
}

static int64_t work_call(job* self) {
  int64_t failures = 0;
  for (int64_t i = 0; i < self->rounds; ++i) {
    TVMFFIAny arg;
    TVMFFIAny result;
    memset(&arg, 0, sizeof(arg));
    memset(&result, 0, sizeof(result));
    arg.type_index = kTVMFFIInt;
    arg.v_int64 = (int64_t)self->index * self->rounds + i;
    failures += self->api->FunctionCall(self->obj, &arg, 1, &result) != 0;
    failures += result.type_index != kTVMFFIInt || result.v_int64 != arg.v_int64;
  }
  return failures;
}

int64_t cts_threads_call(const cts_api* api, int threads, int64_t rounds, TVMFFIObjectHandle func) {
  job model = {.work = work_call, .api = api, .rounds = rounds, .obj = func};
  return run_together(threads, &model);
}

static int64_t work_call_global(job* self) {
  int64_t failures = 0;
  for (int64_t i = 0; i < self->rounds; ++i) {
    TVMFFIObjectHandle found = NULL;
    TVMFFIAny arg = {.type_index = kTVMFFIInt, .v_int64 = (int64_t)self->index * self->rounds + i};
    TVMFFIAny result = {.type_index = kTVMFFINone};
    if (self->api->FunctionGetGlobal(self->name, &found) != 0 || found == NULL) {
      ++failures;
      continue;
    }
    failures += self->api->FunctionCall(found, &arg, 1, &result) != 0;
    failures += result.type_index != kTVMFFIInt || result.v_int64 != arg.v_int64;
    failures += self->api->ObjectDecRef(found) != 0;
  }
  return failures;
}

int64_t cts_threads_call_global(const cts_api* api, int threads, int64_t rounds,
                                const TVMFFIByteArray* name) {
  job model = {.work = work_call_global, .api = api, .rounds = rounds, .name = name};
  return run_together(threads, &model);
}

/* All threads have set theirs before any of them looks, so that a shared one is seen for sure. */
static int64_t work_streams(job* self) {
  int64_t failures = 0;
  for (int64_t i = 0; i < self->rounds; ++i) {
    TVMFFIStreamHandle mine = (TVMFFIStreamHandle)(uintptr_t)(0x1000 + 64 * i + self->index);
    failures += self->api->EnvSetStream(kDLCUDA, 0, mine, NULL) != 0;
    pthread_barrier_wait(self->barrier);
    failures += self->api->EnvGetStream(kDLCUDA, 0) != mine;
    pthread_barrier_wait(self->barrier);
  }
  return failures;
}

int64_t cts_threads_streams(const cts_api* api, int threads, int64_t rounds) {
  job model = {.work = work_streams, .api = api, .rounds = rounds};
  return run_together(threads, &model);
}

int cts_thread_release(const cts_api* api, TVMFFIObjectHandle obj) {
  return cts_threads_release_once(api, 1, obj) == 0 ? 0 : -1;
}

typedef struct single {
  const cts_api* api;
  TVMFFIObjectHandle handle;
  int32_t device_type;
  int32_t device_id;
} single;

static int run_single(void* (*body)(void*), single* arguments) {
  pthread_t id;
  if (pthread_create(&id, NULL, body, arguments) != 0) return -1;
  return pthread_join(id, NULL);
}

static void* take_raised(void* opaque) {
  single* self = (single*)opaque;
  self->api->ErrorMoveFromRaised(&self->handle);
  return NULL;
}

int cts_thread_take_raised(const cts_api* api, TVMFFIObjectHandle* out) {
  single arguments = {.api = api};
  int code = run_single(take_raised, &arguments);
  *out = arguments.handle;
  return code;
}

static void* raise_and_exit(void* opaque) {
  single* self = (single*)opaque;
  self->api->ErrorSetRaised(self->handle);
  return NULL;
}

int cts_thread_raise_and_exit(const cts_api* api, TVMFFIObjectHandle error) {
  single arguments = {.api = api, .handle = error};
  return run_single(raise_and_exit, &arguments);
}

static void* get_stream(void* opaque) {
  single* self = (single*)opaque;
  self->handle = self->api->EnvGetStream(self->device_type, self->device_id);
  return NULL;
}

int cts_thread_get_stream(const cts_api* api, int32_t device_type, int32_t device_id,
                          TVMFFIStreamHandle* out) {
  single arguments = {.api = api, .device_type = device_type, .device_id = device_id};
  int code = run_single(get_stream, &arguments);
  *out = arguments.handle;
  return code;
}
