/* SPDX-License-Identifier: Apache-2.0 */
/* Step 15: the rest of what every runtime exports, in the plainest form. */
#include "mine.h"
#include <stdio.h>

/* Big integers: words of 64 bits, the least first, in two's complement. */

typedef struct {
  TVMFFIObject header;
  TVMFFIByteArray content;
  int64_t words[];
} BigInt;

static void delete_big(void* object, int flags) {
  if (flags & kTVMFFIObjectDeleterFlagBitMaskWeak) free_object(object);
}

int TVMFFIBigIntFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out) {
  if (!readable(input)) return -1;
  if (input->size % 8 != 0) return fail("ValueError", "big integers are whole words");
  size_t words = input->size / 8;
  BigInt* made = new_object(sizeof *made + input->size, kTVMFFIBigInt, delete_big);
  if (made == NULL) return -1;
  if (words > 0) memcpy(made->words, input->data, input->size);
  while (words > 1 && made->words[words - 1] == (made->words[words - 2] < 0 ? -1 : 0)) --words;
  made->content = (TVMFFIByteArray){(const char*)made->words, words * 8};
  if (words > 1) {
    *out = (TVMFFIAny){.type_index = kTVMFFIBigInt, .v_obj = &made->header};
    return 0;
  }
  *out = (TVMFFIAny){.type_index = kTVMFFIInt, .v_int64 = words > 0 ? made->words[0] : 0};
  release(made); /* what fits into 64 bits is an ordinary integer */
  return 0;
}

TVMFFIByteArray TVMFFIBigIntGetContentByteArray(const TVMFFIAny* value) {
  if (value->type_index == kTVMFFIBigInt) return ((BigInt*)value->v_obj)->content;
  return (TVMFFIByteArray){(const char*)&value->v_int64, 8};
}

/* Nobody says what a backtrace holds: this one names the place that it is told. */
const TVMFFIByteArray* TVMFFIBacktrace(const char* filename, int lineno, const char* func,
                                       int cross_ffi_boundary) {
  static _Thread_local char text[512];
  static _Thread_local TVMFFIByteArray shown;
  (void)cross_ffi_boundary;
  text[0] = 0;
  if (filename != NULL && func != NULL)
    (void)snprintf(text, sizeof text, "  File \"%s\", line %d, in %s\n", filename, lineno, func);
  shown = (TVMFFIByteArray){text, strlen(text)};
  return &shown;
}

/* What Python, or a module, leaves here by name. */

typedef struct Symbol {
  TVMFFIByteArray name;
  void* address;
  struct Symbol* next;
} Symbol;

static Symbol *environment, *contexts, *systems;

static int add_symbol(Symbol** table, const char* name, void* address) {
  TVMFFIByteArray text = {name, strlen(name)};
  Symbol* symbol = must(malloc(sizeof *symbol));
  *symbol = (Symbol){.name = copy_text(&text), .address = address};
  lock();
  symbol->next = *table;
  *table = symbol; /* the latest of a name is found first */
  unlock();
  return 0;
}

int TVMFFIEnvRegisterCAPI(const char* name, void* symbol) {
  return add_symbol(&environment, name, symbol);
}

int TVMFFIEnvModRegisterContextSymbol(const char* name, void* symbol) {
  return add_symbol(&contexts, name, symbol);
}

int TVMFFIEnvModRegisterSystemLibSymbol(const char* name, void* symbol) {
  return add_symbol(&systems, name, symbol);
}

int TVMFFIEnvCheckSignals(void) {
  TVMFFIByteArray name = {"PyErr_CheckSignals", strlen("PyErr_CheckSignals")};
  int (*check)(void) = NULL;
  lock();
  const Symbol* symbol = environment;
  while (symbol != NULL && !same_text(&symbol->name, &name)) symbol = symbol->next;
  if (symbol != NULL) memcpy(&check, &symbol->address, sizeof check);
  unlock();
  if (check == NULL || check() == 0) return 0;
  return fail("EnvErrorAlreadySet", "a signal was raised in Python");
}

int TVMFFIEnvModLookupFromImports(TVMFFIObjectHandle library_ctx, const char* func_name,
                                  TVMFFIObjectHandle* out) {
  (void)library_ctx;
  (void)func_name;
  *out = NULL;
  return fail("NotImplementedError", "this runtime loads no modules");
}
