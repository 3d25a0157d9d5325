/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that use the reference implementation at once, for ThreadSanitizer to watch. It is linked
 * with the reference and with the helpers of the checks, all of them instrumented. The argument
 * names one kind of use; without one, all of them. Returns 1 if something came out wrong.
 */
#include <stdio.h>
#include <string.h>

#include "team.h"

enum { ATTRIBUTES = 400 };

static const cts_api api = {.ObjectIncRef = TVMFFIObjectIncRef,
                            .ObjectDecRef = TVMFFIObjectDecRef,
                            .FunctionCall = TVMFFIFunctionCall,
                            .FunctionGetGlobal = TVMFFIFunctionGetGlobal,
                            .ErrorCreate = TVMFFIErrorCreate,
                            .ErrorSetRaised = TVMFFIErrorSetRaised,
                            .ErrorSetRaisedFromCStr = TVMFFIErrorSetRaisedFromCStr,
                            .ErrorMoveFromRaised = TVMFFIErrorMoveFromRaised,
                            .EnvSetStream = TVMFFIEnvSetStream,
                            .EnvGetStream = TVMFFIEnvGetStream,
                            .AnyViewToOwnedAny = TVMFFIAnyViewToOwnedAny};

static cts_team new_team(int64_t steps) {
  cts_team team = {.threads = 4, .wanted = 20, .seconds = 2.0, .steps = steps};
  return team;
}

static TVMFFIByteArray text(const char* from) {
  TVMFFIByteArray bytes = {from, strlen(from)};
  return bytes;
}

static TVMFFIObjectHandle new_string(void) {
  TVMFFIAny value = {.type_index = kTVMFFINone};
  TVMFFIByteArray content = text("long enough for an object of its own");
  return TVMFFIStringFromByteArray(&content, &value) == 0 ? value.v_obj : NULL;
}

static int64_t counts(void) {
  cts_team team = new_team(0);
  TVMFFIObjectHandle object = new_string();
  int64_t wrong = cts_threads_retain_release(&api, &team, object) +
                  cts_threads_own_release(&api, &team, object) +
                  cts_threads_promote(&api, &team, object) +
                  cts_threads_promote_beside(&api, &team, object);
  return wrong + (TVMFFIObjectDecRef(object) != 0);
}

static int64_t last_references(void) {
  enum { OBJECTS = 64 };
  cts_team team = new_team(OBJECTS);
  TVMFFIObjectHandle objects[OBJECTS];
  for (int i = 0; i < OBJECTS; ++i) {
    objects[i] = new_string();
    for (int more = 1; more < team.threads; ++more) TVMFFIObjectIncRef(objects[i]);
  }
  return cts_threads_release_each(&api, &team, objects);
}

static int64_t errors(void) {
  cts_team team = new_team(0);
  return cts_threads_raise(&api, &team);
}

static int echo(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  (void)self;
  (void)num_args;
  *result = args[0];
  return 0;
}

static int64_t globals(void) {
  cts_team team = new_team(0);
  TVMFFIByteArray name = text("contended.echo");
  TVMFFIObjectHandle function = NULL;
  if (TVMFFIFunctionCreate(NULL, echo, NULL, &function) != 0) return 1;
  if (TVMFFIFunctionSetGlobal(&name, function, 1) != 0) return 1;
  int64_t wrong = cts_threads_call(&api, &team, function);
  wrong += cts_threads_call_global(&api, &team, &name);
  return wrong + (TVMFFIObjectDecRef(function) != 0);
}

/* The first member registers, the others look at what has been published so far. */
static int64_t register_or_look(team_member* self, const void* work) {
  const TVMFFIByteArray* name = (const TVMFFIByteArray*)work;
  char key[32];
  if (self->index == 0) {
    snprintf(key, sizeof(key), "contended.type%d", (int)self->bursts);
    TVMFFIByteArray type_key = text(key);
    TVMFFIAny value = {.type_index = kTVMFFIInt};
    int32_t type = TVMFFITypeGetOrAllocIndex(&type_key, -1, 1, 0, 1, kTVMFFIObject);
    value.v_int64 = type;
    return TVMFFITypeRegisterAttr(type, name, &value) != 0;
  }
  const TVMFFITypeAttrColumn* column = TVMFFIGetTypeAttrColumn(name);
  if (column == NULL) return 0;
  int32_t size = __atomic_load_n(&column->size, __ATOMIC_ACQUIRE);
  const TVMFFIAny* data = __atomic_load_n(&column->data, __ATOMIC_ACQUIRE);
  int64_t wrong = 0;
  for (int32_t i = size > 4 ? size - 4 : 0; i < size; ++i) {
    int32_t tag = __atomic_load_n(&data[i].type_index, __ATOMIC_ACQUIRE);
    wrong += tag == kTVMFFIInt && data[i].v_int64 != column->begin_index + i;
  }
  return wrong;
}

static int64_t attributes(void) {
  cts_team team = new_team(ATTRIBUTES);
  TVMFFIByteArray name = text("contended.attribute");
  return team_run_in_step(&team, register_or_look, &name);
}

typedef struct use {
  const char* name;
  int64_t (*run)(void);
} use;

static const use uses[] = {{"counts", counts},
                           {"last_references", last_references},
                           {"errors", errors},
                           {"globals", globals},
                           {"attributes", attributes}};

int main(int argc, char** argv) {
  int64_t wrong = 0;
  for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); ++i) {
    if (argc > 1 && strcmp(argv[1], uses[i].name) != 0) continue;
    int64_t found = uses[i].run();
    printf("%s: %lld wrong\n", uses[i].name, (long long)found);
    wrong += found;
  }
  return wrong != 0;
}
