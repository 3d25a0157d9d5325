/* SPDX-License-Identifier: Apache-2.0 */
/* Step 7: global functions. A table from names, which are bytes, to functions that it owns. */
#include "mine.h"

typedef struct Global {
  TVMFFIByteArray name;
  void* function;
  struct Global* next;
} Global;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Global* globals;

void lock(void) { (void)pthread_mutex_lock(&mutex); }
void unlock(void) { (void)pthread_mutex_unlock(&mutex); }

static Global* find(const TVMFFIByteArray* name) {
  Global* global = globals;
  while (global != NULL && !same_text(&global->name, name)) global = global->next;
  return global;
}

int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  if (!readable(name)) return -1;
  lock();
  Global* global = find(name);
  *out = global != NULL ? global->function : NULL; /* not finding it is no failure */
  retain(*out);                                    /* while nobody can take it out of the table */
  unlock();
  return 0;
}

/* Puts the function under the name. Gives what it replaced, or the function itself if refused. */
static void* put(const TVMFFIByteArray* name, void* function, bool allow_override) {
  Global* global = find(name);
  if (global != NULL && !allow_override) return function;
  if (global == NULL) {
    global = must(malloc(sizeof *global));
    *global = (Global){.name = copy_text(name), .next = globals};
    globals = global;
  }
  void* replaced = global->function;
  global->function = function;
  return replaced;
}

static int set_global(const TVMFFIByteArray* name, void* function, bool allow_override) {
  if (!readable(name)) return -1;
  retain(function);
  lock();
  void* left = put(name, function, allow_override);
  bool taken = left == function && !allow_override;
  unlock();
  release(left); /* outside of the lock: its deleter may be anybody's, and look up functions */
  return taken ? fail("ValueError", "the name has a function already") : 0;
}

int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f, int allow_override) {
  return set_global(name, f, allow_override != 0);
}

int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* method_info, int allow_override) {
  if (method_info->method.type_index != kTVMFFIFunction)
    return fail("TypeError", "the method is no function");
  return set_global(&method_info->name, method_info->method.v_obj, allow_override != 0);
}
