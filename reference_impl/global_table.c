/* SPDX-License-Identifier: Apache-2.0 */
/* Global functions by name. The table owns one reference to each function in it. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <pthread.h>

#include "bytes.h"
#include "counts.h"
#include "map.h"
#include "raised.h"

typedef struct {
  ffi_key key;
  TVMFFIObject* function; /* owned, guarded by table_lock */
} global_entry;

static ffi_map table;
static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;

/* Names are immutable, the functions behind them aren't: hence the lock round the reference. */
static TVMFFIObject* retain_function(const global_entry* entry) {
  (void)pthread_rwlock_rdlock(&table_lock);
  TVMFFIObject* function = ffi_retain(entry->function);
  (void)pthread_rwlock_unlock(&table_lock);
  return function;
}

/* The caller owns what it gets; NULL, without an error, if there is no such function. */
int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  if (FFI_UNLIKELY(name == NULL || !ffi_is_readable(*name))) {
    return ffi_raise("ValueError", "no name to look a function up by");
  }
  const global_entry* entry = (void*)ffi_map_find(&table, *name, ffi_hash(*name));
  *out = entry != NULL ? retain_function(entry) : NULL;
  return 0;
}

/* ---- Registration ---- */

typedef enum { UPDATED, NAME_TAKEN, NO_MEMORY } update_result;

/* Under the write lock. Takes an own reference to `function`. */
static update_result insert_locked(TVMFFIByteArray name, uint64_t hash, TVMFFIObject* function) {
  global_entry* entry = ffi_immortal_alloc(sizeof(*entry));
  if (entry == NULL || ffi_immortal_copy(name, &entry->key.name) != 0) {
    return NO_MEMORY;
  }
  entry->key.hash = hash;
  entry->function = function;
  if (ffi_map_insert(&table, &entry->key) != 0) {
    return NO_MEMORY;
  }
  ffi_incref(function);
  return UPDATED;
}

/* Under the write lock. The reference to the replaced function goes to the caller. */
static update_result update_locked(TVMFFIByteArray name, TVMFFIObject* function,
                                   bool allow_override, TVMFFIObject** replaced) {
  uint64_t hash = ffi_hash(name);
  global_entry* entry = (void*)ffi_map_find(&table, name, hash);
  if (entry == NULL) {
    return insert_locked(name, hash, function);
  }
  if (!allow_override) {
    return NAME_TAKEN;
  }
  *replaced = entry->function;
  entry->function = ffi_retain(function);
  return UPDATED;
}

static int report(update_result result, TVMFFIByteArray name) {
  switch (result) {
    case NAME_TAKEN:
      return ffi_raise("ValueError", "a global function named `%.*s` exists already",
                       (int)(name.size < 200 ? name.size : 200), name.data);
    case NO_MEMORY:
      return ffi_raise_no_memory();
    default:
      return 0;
  }
}

/* Errors are raised and functions deleted without the lock: both may run foreign code. */
static int update(TVMFFIByteArray name, TVMFFIObject* function, bool allow_override) {
  if (!ffi_is_readable(name)) {
    return ffi_raise("ValueError", "the name of a global function is at a NULL pointer");
  }
  if (function == NULL || function->type_index != kTVMFFIFunction) {
    return ffi_raise("TypeError", "only a function can be registered as a global function");
  }
  TVMFFIObject* replaced = NULL;
  (void)pthread_rwlock_wrlock(&table_lock);
  update_result result = update_locked(name, function, allow_override, &replaced);
  (void)pthread_rwlock_unlock(&table_lock);
  ffi_release(replaced);
  return report(result, name);
}

/* Copies the name and takes an own reference to the function. */
int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f, int allow_override) {
  if (name == NULL) {
    return ffi_raise("ValueError", "no name to register a function by");
  }
  return update(*name, f, allow_override != 0);
}

/* The same. Nothing here reads the documentation, the metadata or the flags, so none is kept. */
int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* method_info, int allow_override) {
  if (method_info == NULL) {
    return ffi_raise("ValueError", "no description of the function to register");
  }
  const TVMFFIAny* method = &method_info->method;
  TVMFFIObject* function = method->type_index == kTVMFFIFunction ? method->v_obj : NULL;
  return update(method_info->name, function, allow_override != 0);
}
