/* SPDX-License-Identifier: Apache-2.0 */
/* Safe calls with a scripted behaviour, and deleters that count. */
#include <string.h>

#include "native.h"

static void write_owned(const TVMFFIAny* value, TVMFFIAny* result) {
  *result = *value;
  if (value->type_index >= kTVMFFIStaticObjectBegin) cts_strong_incref(value->v_obj);
}

typedef uint64_t __attribute__((may_alias)) word;

static void store_value(TVMFFIAny* to, const TVMFFIAny* from) {
  const word* words = (const word*)from;
  __atomic_store_n((word*)to, words[0], __ATOMIC_RELAXED);
  __atomic_store_n((word*)to + 1, words[1], __ATOMIC_RELAXED);
}

/* Threads may call one closure at once; none then asks how often. Nothing here orders what they do:
 * that would hide what the library lacks. */
static void remember(cts_closure* self, void* handle, const TVMFFIAny* args, int32_t num_args,
                     const TVMFFIAny* result) {
  int64_t calls = __atomic_load_n(&self->calls, __ATOMIC_RELAXED);
  __atomic_store_n(&self->calls, calls + 1, __ATOMIC_RELAXED);
  __atomic_store_n(&self->seen_handle, handle, __ATOMIC_RELAXED);
  __atomic_store_n(&self->seen_args_address, args, __ATOMIC_RELAXED);
  __atomic_store_n(&self->seen_num_args, num_args, __ATOMIC_RELAXED);
  int32_t kept = num_args < CTS_SEEN_ARGS ? num_args : CTS_SEEN_ARGS;
  for (int32_t i = 0; i < kept; ++i) store_value(&self->seen_args[i], &args[i]);
  store_value(&self->seen_result, result);
}

static void reply_int(int64_t value, TVMFFIAny* result) {
  result->type_index = kTVMFFIInt;
  result->zero_padding = 0;
  result->v_int64 = value;
}

static int forward(cts_closure* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  /* The prototype of FunctionCall takes non-const arguments; it must not change them. */
  TVMFFIAny copy[CTS_SEEN_ARGS];
  int32_t kept = num_args < CTS_SEEN_ARGS ? num_args : CTS_SEEN_ARGS;
  if (kept > 0) memcpy(copy, args, (size_t)kept * sizeof(TVMFFIAny));
  return self->api->FunctionCall(self->next, copy, kept, result);
}

static int recurse(cts_closure* self, const TVMFFIAny* args, TVMFFIAny* result) {
  if (args[0].v_int64 <= 0) {
    reply_int(0, result);
    return 0;
  }
  TVMFFIAny smaller = args[0];
  TVMFFIAny inner;
  memset(&inner, 0, sizeof(inner));
  --smaller.v_int64;
  int code = self->api->FunctionCall(self->next, &smaller, 1, &inner);
  if (code != 0) return code;
  reply_int(inner.v_int64 + 1, result);
  return 0;
}

/* After a failed FORWARD: what the closure does with the pending error. */
static int handle_failure(cts_closure* self, int code, TVMFFIAny* result) {
  TVMFFIObjectHandle error = NULL;
  switch (self->behaviour) {
    case CTS_RECOVER:
      self->api->ErrorMoveFromRaised(&error);
      if (error != NULL) cts_strong_decref(error);
      write_owned(&self->reply, result);
      return 0;
    case CTS_RERAISE:
      self->api->ErrorMoveFromRaised(&error);
      self->api->ErrorSetRaised(error);
      if (error != NULL) cts_strong_decref(error);
      return code;
    case CTS_CHAIN:
      self->api->ErrorSetRaisedFromCStr(self->kind, self->message);
      return -1;
    default:
      return code;
  }
}

static int64_t sum(const TVMFFIAny* args, int32_t num_args) {
  uint64_t total = 0;
  for (int32_t i = 0; i < num_args; ++i) total += (uint64_t)args[i].v_int64;
  return (int64_t)total;
}

static int play(cts_closure* self, void* handle, const TVMFFIAny* args, int32_t num_args,
                TVMFFIAny* result) {
  remember(self, handle, args, num_args, result);
  int code = 0;
  switch (self->behaviour) {
    case CTS_REPLY:
      write_owned(&self->reply, result);
      return 0;
    case CTS_ECHO:
      write_owned(&args[self->argument], result);
      return 0;
    case CTS_RAISE_TEXT:
      self->api->ErrorSetRaisedFromCStr(self->kind, self->message);
      return -1;
    case CTS_RAISE_ERROR:
      self->api->ErrorSetRaised(self->error);
      return -1;
    case CTS_RECURSE:
      return recurse(self, args, result);
    case CTS_SUM:
      reply_int(sum(args, num_args), result);
      return 0;
    case CTS_SILENT:
      return 0;
    case CTS_FAIL_WITH:
      self->api->ErrorSetRaisedFromCStr(self->kind, self->message);
      return self->argument;
    default:
      code = forward(self, args, num_args, result);
      return code == 0 ? 0 : handle_failure(self, code, result);
  }
}

int cts_closure_call(void* handle, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  return play((cts_closure*)handle, handle, args, num_args, result);
}

/* What cts_cell_call finds at its handle. */
typedef struct cell_function {
  TVMFFIObject header;
  TVMFFIFunctionCell cell;
  cts_closure* closure;
} cell_function;

int cts_cell_call(void* function, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  return play(((cell_function*)function)->closure, function, args, num_args, result);
}

void cts_closure_delete(void* self) {
  cts_closure* closure = (cts_closure*)self;
  closure->deleted_self = self;
  closure->deleter_thread = cts_thread_id();
  __atomic_fetch_add(&closure->deletions, 1, __ATOMIC_SEQ_CST);
}

void cts_count_deletion(void* handle) {
  cts_deletions* log = (cts_deletions*)handle;
  log->last_self = handle;
  log->last_thread = cts_thread_id();
  __atomic_fetch_add(&log->count, 1, __ATOMIC_SEQ_CST);
}
