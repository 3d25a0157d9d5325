/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that load the library under test and end in some way; what loading changes. */
#include <dirent.h>
#include <dlfcn.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "team.h"

enum { LOADING_THREADS = 4, EXIT_CANNOT_LOAD = 99, EXIT_WRONG = 98, EXIT_NO_THREAD = 97 };

extern char** environ;

typedef void (*raise_function)(const char* kind, const char* message);
typedef int (*string_function)(const TVMFFIByteArray* input, TVMFFIAny* out);
typedef int (*stream_function)(int32_t, int32_t, TVMFFIStreamHandle, TVMFFIStreamHandle*);

/* dlsym gives data pointers; ISO C wants the detour. */
static void find(void* library, const char* name, void* function) {
  void* symbol = dlsym(library, name);
  memcpy(function, &symbol, sizeof(symbol));
}

static void* load(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) _exit(EXIT_CANNOT_LOAD);
  return library;
}

/* Leaves a pending error, a live string object and a stream behind, on purpose. */
static void use(void* library) {
  static const char text[] = "long enough for an object of its own";
  TVMFFIByteArray bytes = {text, sizeof(text) - 1};
  /* Reachable to the end, so that leak checkers know it for what it is. */
  static TVMFFIAny kept[2 * LOADING_THREADS];
  static int used;
  TVMFFIAny* out = &kept[__atomic_fetch_add(&used, 1, __ATOMIC_SEQ_CST)];
  raise_function raise_error;
  string_function make_string;
  stream_function set_stream;
  find(library, "TVMFFIErrorSetRaisedFromCStr", &raise_error);
  find(library, "TVMFFIStringFromByteArray", &make_string);
  find(library, "TVMFFIEnvSetStream", &set_stream);
  if (make_string != NULL && make_string(&bytes, out) != 0) _exit(EXIT_WRONG);
  if (set_stream != NULL && set_stream(kDLCUDA, 1, &bytes, NULL) != 0) _exit(EXIT_WRONG);
  if (raise_error != NULL) raise_error("ValueError", "pending at the end");
}

static void* load_and_use(void* path) {
  use(load((const char*)path));
  return NULL;
}

static void use_in_threads(const char* path) {
  pthread_t ids[LOADING_THREADS];
  char* argument = strdup(path);
  for (int i = 0; i < LOADING_THREADS; ++i) {
    if (team_create_thread(&ids[i], load_and_use, argument) != 0) _exit(EXIT_NO_THREAD);
  }
  for (int i = 0; i < LOADING_THREADS; ++i) pthread_join(ids[i], NULL);
  free(argument);
}

typedef struct visitor {
  void* library;
  pthread_barrier_t step; /* passed when the library was used, and when it was unloaded */
} visitor;

static void* use_and_wait(void* argument) {
  visitor* self = argument;
  use(self->library);
  pthread_barrier_wait(&self->step);
  pthread_barrier_wait(&self->step);
  return NULL;
}

static void* exit_from_thread(void* code) {
  exit(*(int*)code);
  return NULL;
}

/* Unloads the library while a thread that used it still runs, and lets that thread end. */
static void unload_beside_a_thread(const char* path) {
  visitor visitor = {.library = load(path)};
  pthread_t id;
  use(visitor.library);
  if (pthread_barrier_init(&visitor.step, NULL, 2) != 0) _exit(EXIT_NO_THREAD);
  if (team_create_thread(&id, use_and_wait, &visitor) != 0) _exit(EXIT_NO_THREAD);
  pthread_barrier_wait(&visitor.step);
  dlclose(visitor.library);
  pthread_barrier_wait(&visitor.step);
  pthread_join(id, NULL);
}

static void live(const char* path, int life, int exit_code) {
  void* library = NULL;
  pthread_t id;
  switch (life) {
    case CTS_LIFE_LOAD:
      load(path);
      break;
    case CTS_LIFE_USE:
      use(load(path));
      break;
    case CTS_LIFE_UNLOAD:
      unload_beside_a_thread(path);
      break;
    case CTS_LIFE_TWICE:
      library = load(path);
      if (load(path) != library) _exit(EXIT_WRONG);
      dlclose(library);
      use(library);
      break;
    case CTS_LIFE_THREADS:
      use_in_threads(path);
      break;
    default:
      use(load(path));
      if (team_create_thread(&id, exit_from_thread, &exit_code) != 0) _exit(EXIT_NO_THREAD);
      pthread_join(id, NULL);
      break;
  }
  exit(exit_code);
}

int cts_live(const char* path, int life, int exit_code) {
  pid_t child = fork();
  if (child == 0) {
    cts_signals_default();
    live(path, life, exit_code);
  }
  int status = -1;
  return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

static int open_descriptors(void) {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  if (folder == NULL) return 0;
  while (readdir(folder) != NULL) ++count;
  closedir(folder);
  return count;
}

/* What may change; compared field by field, for the padding says nothing. */
typedef struct surroundings {
  int descriptors;
  char locale[512];
  char folder[4096];
  mode_t mask;
  int rounding;
  uint64_t environment;
} surroundings;

static uint64_t hash_environment(void) {
  uint64_t hash = 14695981039346656037u;
  for (char** entry = environ; entry != NULL && *entry != NULL; ++entry) {
    for (const char* at = *entry; *at != '\0'; ++at)
      hash = (hash ^ (unsigned char)*at) * 1099511628211u;
  }
  return hash;
}

static void look_around(surroundings* out) {
  memset(out, 0, sizeof(*out));
  const char* locale = setlocale(LC_ALL, NULL);
  if (locale != NULL) snprintf(out->locale, sizeof(out->locale), "%s", locale);
  if (getcwd(out->folder, sizeof(out->folder)) == NULL) out->folder[0] = '\0';
  out->mask = umask(0);
  (void)umask(out->mask);
  out->rounding = fegetround();
  out->environment = hash_environment();
  out->descriptors = open_descriptors();
}

/* dlopen with standard output going into memory, however much it is; returns how much, -1 on
 * failure. */
static long load_with_captured_output(const char* path) {
  struct stat facts;
  fflush(stdout);
  int saved = dup(STDOUT_FILENO);
  int memory = memfd_create("output", MFD_CLOEXEC);
  if (saved < 0 || memory < 0) return -1;
  dup2(memory, STDOUT_FILENO);
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  fflush(stdout);
  dup2(saved, STDOUT_FILENO);
  long written = fstat(memory, &facts) == 0 ? (long)facts.st_size : -1;
  close(saved);
  close(memory);
  return library == NULL ? -1 : written;
}

int cts_changes_by_loading(const char* path) {
  static surroundings before;
  static surroundings after;
  look_around(&before);
  long written = load_with_captured_output(path);
  if (written < 0) return -1;
  look_around(&after);
  int changes = written > 0 ? 1 : 0;
  if (before.descriptors != after.descriptors) changes |= 2;
  if (strcmp(before.locale, after.locale) != 0) changes |= 4;
  if (strcmp(before.folder, after.folder) != 0) changes |= 8;
  if (before.mask != after.mask) changes |= 16;
  if (before.rounding != after.rounding) changes |= 32;
  if (before.environment != after.environment) changes |= 64;
  return changes;
}
