/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Symbols that modules offer to each other. This runtime loads no modules, so symbols are kept but
 * nobody asks for them yet.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <pthread.h>
#include <string.h>

#include "bytes.h"
#include "counts.h"
#include "map.h"
#include "raised.h"

typedef struct {
  ffi_key key;
  void* symbol; /* borrowed from the module, guarded by symbols_lock */
} symbol_entry;

static ffi_map context_symbols;
static ffi_map system_symbols;
static pthread_mutex_t symbols_lock = PTHREAD_MUTEX_INITIALIZER;

/* Sets a symbol, whether or not it is there already; -1 if out of memory. */
static int set_locked(ffi_map* symbols, TVMFFIByteArray name, void* symbol) {
  uint64_t hash = ffi_hash(name);
  symbol_entry* entry = (void*)ffi_map_find(symbols, name, hash);
  if (entry != NULL) {
    entry->symbol = symbol;
    return 0;
  }
  entry = ffi_immortal_alloc(sizeof(*entry));
  if (entry == NULL || ffi_immortal_copy(name, &entry->key.name) != 0) {
    return -1;
  }
  entry->key.hash = hash;
  entry->symbol = symbol;
  return ffi_map_insert(symbols, &entry->key);
}

static int set_symbol(ffi_map* symbols, const char* name, void* symbol) {
  if (name == NULL) {
    return ffi_raise("ValueError", "a symbol needs a name");
  }
  TVMFFIByteArray bytes = {name, strlen(name)};
  (void)pthread_mutex_lock(&symbols_lock);
  int code = set_locked(symbols, bytes, symbol);
  (void)pthread_mutex_unlock(&symbols_lock);
  return code == 0 ? 0 : ffi_raise_no_memory();
}

/* Copies the name, borrows the symbol for the life of the process. */
int TVMFFIEnvModRegisterContextSymbol(const char* name, void* symbol) {
  return set_symbol(&context_symbols, name, symbol);
}

int TVMFFIEnvModRegisterSystemLibSymbol(const char* name, void* symbol) {
  return set_symbol(&system_symbols, name, symbol);
}

int TVMFFIEnvModLookupFromImports(TVMFFIObjectHandle library_ctx, const char* func_name,
                                  TVMFFIObjectHandle* out) {
  (void)library_ctx;
  (void)out;
  return ffi_raise("RuntimeError", "no module system: cannot look up `%.200s`",
                   func_name != NULL ? func_name : "");
}
