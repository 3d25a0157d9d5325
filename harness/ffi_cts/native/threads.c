/* SPDX-License-Identifier: Apache-2.0 */
/* What the members of a team do with the library under test, without Python. */
#include <stdio.h>
#include <string.h>

#include "team.h"

/* Rounds of one burst: long enough for a race to be likelier than the look at the others, short
 * enough for hundreds of them to fit into the time that a thread has a core. */
enum { ROUNDS = 64, SLOW_ROUNDS = 4 };

typedef struct job {
  const cts_api* api;
  TVMFFIObjectHandle obj;
  const TVMFFIObjectHandle* each; /* one object for each step */
  const TVMFFIByteArray* name;
} job;

/* ---- counts ---- */

static int64_t retain_and_release(team_member* self, const void* work) {
  const job* it = (const job*)work;
  int64_t failures = 0;
  (void)self;
  for (int i = 0; i < ROUNDS; ++i) {
    failures += it->api->ObjectIncRef(it->obj) != 0;
    failures += it->api->ObjectDecRef(it->obj) != 0;
  }
  return failures;
}

int64_t cts_threads_retain_release(const cts_api* api, cts_team* team, TVMFFIObjectHandle obj) {
  job it = {.api = api, .obj = obj};
  return team_run(team, retain_and_release, &it);
}

static int64_t own_and_release(team_member* self, const void* work) {
  const job* it = (const job*)work;
  int64_t failures = 0;
  TVMFFIAny view = {.type_index = ((const TVMFFIObject*)it->obj)->type_index};
  (void)self;
  view.v_obj = (TVMFFIObject*)it->obj;
  for (int i = 0; i < ROUNDS; ++i) {
    TVMFFIAny owned = {.type_index = kTVMFFINone};
    failures += it->api->AnyViewToOwnedAny(&view, &owned) != 0 || owned.v_obj != it->obj;
    failures += it->api->ObjectDecRef(it->obj) != 0;
  }
  return failures;
}

int64_t cts_threads_own_release(const cts_api* api, cts_team* team, TVMFFIObjectHandle obj) {
  job it = {.api = api, .obj = obj};
  return team_run(team, own_and_release, &it);
}

static int64_t promote(TVMFFIObjectHandle obj) {
  cts_weak_incref(obj);
  int promoted = cts_weak_promote(obj);
  cts_weak_decref(obj);
  return !promoted;
}

static int64_t promote_and_release(team_member* self, const void* work) {
  const job* it = (const job*)work;
  int64_t failures = 0;
  (void)self;
  for (int i = 0; i < ROUNDS; ++i) {
    failures += promote(it->obj);
    failures += it->api->ObjectDecRef(it->obj) != 0;
  }
  return failures;
}

/* Half of the members use the library alone, the other half do all counting by themselves. */
static int64_t promote_beside_library(team_member* self, const void* work) {
  const job* it = (const job*)work;
  int64_t failures = 0;
  if (self->index % 2 == 0) return retain_and_release(self, work);
  for (int i = 0; i < ROUNDS; ++i) {
    failures += promote(it->obj);
    cts_strong_decref(it->obj);
  }
  return failures;
}

int64_t cts_threads_promote(const cts_api* api, cts_team* team, TVMFFIObjectHandle obj) {
  job it = {.api = api, .obj = obj};
  return team_run(team, promote_and_release, &it);
}

int64_t cts_threads_promote_beside(const cts_api* api, cts_team* team, TVMFFIObjectHandle obj) {
  job it = {.api = api, .obj = obj};
  return team_run(team, promote_beside_library, &it);
}

/* ---- last references: all members let go of the same object at once ---- */

static int64_t release_next(team_member* self, const void* work) {
  const job* it = (const job*)work;
  return it->api->ObjectDecRef(it->each[self->bursts]) != 0;
}

int64_t cts_threads_release_each(const cts_api* api, cts_team* team,
                                 const TVMFFIObjectHandle* objects) {
  job it = {.api = api, .each = objects};
  return team_run_in_step(team, release_next, &it);
}

static int64_t release_strong_or_weak(team_member* self, const void* work) {
  const job* it = (const job*)work;
  if (self->index == 0) return release_next(self, work);
  cts_weak_decref(it->each[self->bursts]);
  return 0;
}

int64_t cts_threads_release_beside_weak(const cts_api* api, cts_team* team,
                                        const TVMFFIObjectHandle* objects) {
  job it = {.api = api, .each = objects};
  return team_run_in_step(team, release_strong_or_weak, &it);
}

/* ---- errors, calls, look-ups ---- */

static int message_is(TVMFFIObjectHandle error, const char* expected) {
  const TVMFFIErrorCell* cell =
      (const TVMFFIErrorCell*)(const void*)((char*)error + sizeof(TVMFFIObject));
  size_t size = strlen(expected);
  return cell->message.size == size && memcmp(cell->message.data, expected, size) == 0;
}

/* Each thread raises under its own name and must get that error back, then an empty slot. */
static int64_t raise_and_take(team_member* self, const void* work) {
  const job* it = (const job*)work;
  int64_t failures = 0;
  char mine[64];
  for (int i = 0; i < SLOW_ROUNDS; ++i) {
    TVMFFIObjectHandle error = NULL;
    snprintf(mine, sizeof(mine), "thread %d burst %lld round %d", self->index,
             (long long)self->bursts, i);
    it->api->ErrorSetRaisedFromCStr("ValueError", mine);
    it->api->ErrorMoveFromRaised(&error);
    if (error == NULL) {
      ++failures;
      continue;
    }
    failures += !message_is(error, mine);
    it->api->ObjectDecRef(error);
    error = NULL;
    it->api->ErrorMoveFromRaised(&error);
    failures += error != NULL;
  }
  return failures;
}

int64_t cts_threads_raise(const cts_api* api, cts_team* team) {
  job it = {.api = api};
  return team_run(team, raise_and_take, &it);
}

/* A value that no other call of the whole team has. */
static TVMFFIAny own_number(const team_member* self, int round) {
  TVMFFIAny number = {.type_index = kTVMFFIInt};
  number.v_int64 = (self->bursts * ROUNDS + round) * TEAM_MOST + self->index;
  return number;
}

/* Calls an ECHO with a number of this member's own. Returns 1 unless that comes back. */
static int64_t call_echo(const job* it, TVMFFIObjectHandle echo, TVMFFIAny number) {
  TVMFFIAny result = {.type_index = kTVMFFINone};
  if (it->api->FunctionCall(echo, &number, 1, &result) != 0) return 1;
  return result.type_index != kTVMFFIInt || result.v_int64 != number.v_int64;
}

static int64_t call_function(team_member* self, const void* work) {
  const job* it = (const job*)work;
  int64_t failures = 0;
  for (int i = 0; i < ROUNDS; ++i) failures += call_echo(it, it->obj, own_number(self, i));
  return failures;
}

int64_t cts_threads_call(const cts_api* api, cts_team* team, TVMFFIObjectHandle func) {
  job it = {.api = api, .obj = func};
  return team_run(team, call_function, &it);
}

static int64_t call_global(team_member* self, const void* work) {
  const job* it = (const job*)work;
  int64_t failures = 0;
  for (int i = 0; i < ROUNDS; ++i) {
    TVMFFIObjectHandle found = NULL;
    if (it->api->FunctionGetGlobal(it->name, &found) != 0 || found == NULL) {
      ++failures;
      continue;
    }
    failures += call_echo(it, found, own_number(self, i));
    failures += it->api->ObjectDecRef(found) != 0;
  }
  return failures;
}

int64_t cts_threads_call_global(const cts_api* api, cts_team* team, const TVMFFIByteArray* name) {
  job it = {.api = api, .name = name};
  return team_run(team, call_global, &it);
}

/* All members have set theirs before any of them looks, so that a shared one is seen for sure. */
static int64_t set_and_get_stream(team_member* self, const void* work) {
  const job* it = (const job*)work;
  int64_t failures = 0;
  TVMFFIStreamHandle mine =
      (TVMFFIStreamHandle)(uintptr_t)(0x1000 + TEAM_MOST * self->bursts + self->index);
  failures += it->api->EnvSetStream(kDLCUDA, 0, mine, NULL) != 0;
  team_meet(self);
  failures += it->api->EnvGetStream(kDLCUDA, 0) != mine;
  return failures;
}

int64_t cts_threads_streams(const cts_api* api, cts_team* team) {
  job it = {.api = api};
  return team_run_in_step(team, set_and_get_stream, &it);
}

/* ---- one other thread ---- */

typedef struct single {
  const cts_api* api;
  TVMFFIObjectHandle handle;
  int32_t device_type;
  int32_t device_id;
  int code;
} single;

static void* release(void* opaque) {
  single* self = (single*)opaque;
  self->code = self->api->ObjectDecRef(self->handle);
  return NULL;
}

int cts_thread_release(const cts_api* api, TVMFFIObjectHandle obj) {
  single arguments = {.api = api, .handle = obj};
  int started = team_run_alone(release, &arguments);
  return started != 0 ? started : arguments.code;
}

static void* take_raised(void* opaque) {
  single* self = (single*)opaque;
  self->api->ErrorMoveFromRaised(&self->handle);
  return NULL;
}

int cts_thread_take_raised(const cts_api* api, TVMFFIObjectHandle* out) {
  single arguments = {.api = api};
  int code = team_run_alone(take_raised, &arguments);
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
  return team_run_alone(raise_and_exit, &arguments);
}

static void* use_and_exit(void* opaque) {
  const cts_api* api = ((single*)opaque)->api;
  if (api->ErrorSetRaisedFromCStr != NULL) api->ErrorSetRaisedFromCStr("ValueError", "left behind");
  if (api->EnvSetStream != NULL) (void)api->EnvSetStream(kDLCUDA, 3, opaque, NULL);
  return NULL;
}

int cts_thread_use_and_exit(const cts_api* api) {
  single arguments = {.api = api};
  return team_run_alone(use_and_exit, &arguments);
}

static void* get_stream(void* opaque) {
  single* self = (single*)opaque;
  self->handle = self->api->EnvGetStream(self->device_type, self->device_id);
  return NULL;
}

int cts_thread_get_stream(const cts_api* api, int32_t device_type, int32_t device_id,
                          TVMFFIStreamHandle* out) {
  single arguments = {.api = api, .device_type = device_type, .device_id = device_id};
  int code = team_run_alone(get_stream, &arguments);
  *out = arguments.handle;
  return code;
}
