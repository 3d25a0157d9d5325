/* SPDX-License-Identifier: Apache-2.0 */
/* Step 6: errors. An object with texts, and a place for one of them in each thread. */
#include "mine.h"

typedef struct {
  TVMFFIObject header;
  TVMFFIErrorCell cell;
} Error;

/* What a thread has goes with the thread. */

static pthread_key_t key;

static void end_thread(void* ended) {
  Thread* thread = ended;
  release(thread->raised);
  while (thread->streams != NULL) {
    Stream* next = thread->streams->next;
    free(thread->streams);
    thread->streams = next;
  }
  free(thread);
}

__attribute__((constructor)) static void make_key(void) {
  if (pthread_key_create(&key, end_thread) != 0) abort();
}

Thread* this_thread(void) {
  Thread* thread = pthread_getspecific(key);
  if (thread == NULL) {
    thread = must(calloc(1, sizeof *thread));
    if (pthread_setspecific(key, thread) != 0) abort();
  }
  return thread;
}

/* Texts of errors, names and keys are copies; a NUL behind them is for debuggers. */

TVMFFIByteArray copy_text(const TVMFFIByteArray* text) {
  char* copy = must(calloc(1, text->size + 1));
  if (text->size > 0) memcpy(copy, text->data, text->size);
  return (TVMFFIByteArray){copy, text->size};
}

bool same_text(const TVMFFIByteArray* a, const TVMFFIByteArray* b) {
  return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

static void update_backtrace(TVMFFIObjectHandle object, const TVMFFIByteArray* text,
                             int32_t update_mode) {
  TVMFFIErrorCell* cell = &((Error*)object)->cell;
  TVMFFIByteArray old = cell->backtrace;
  size_t kept = update_mode == kTVMFFIBacktraceUpdateModeAppend ? old.size : 0;
  char* joined = must(calloc(1, kept + text->size + 1));
  if (kept > 0) memcpy(joined, old.data, kept);
  if (text->size > 0) memcpy(joined + kept, text->data, text->size);
  cell->backtrace = (TVMFFIByteArray){joined, kept + text->size};
  free((void*)old.data); /* last: text may be the old backtrace itself */
}

static void delete_error(void* object, int flags) {
  Error* error = object;
  if (flags & kTVMFFIObjectDeleterFlagBitMaskStrong) {
    free((void*)error->cell.kind.data);
    free((void*)error->cell.message.data);
    free((void*)error->cell.backtrace.data);
    release(error->cell.cause_chain);
    release(error->cell.extra_context);
  }
  if (flags & kTVMFFIObjectDeleterFlagBitMaskWeak) free_object(error);
}

static int new_error(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                     const TVMFFIByteArray* backtrace, void* cause, void* context, void** out) {
  if (!readable(kind) || !readable(message) || !readable(backtrace)) return -1;
  Error* error = new_object(sizeof *error, kTVMFFIError, delete_error);
  if (error == NULL) return -1;
  error->cell.kind = copy_text(kind);
  error->cell.message = copy_text(message);
  error->cell.backtrace = copy_text(backtrace);
  error->cell.update_backtrace = update_backtrace;
  error->cell.cause_chain = cause;
  error->cell.extra_context = context;
  retain(cause);
  retain(context);
  *out = error;
  return 0;
}

int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                      const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  return new_error(kind, message, backtrace, NULL, NULL, out);
}

int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  return new_error(kind, message, backtrace, cause_chain, extra_context, out);
}

void raise_error(void* error) {
  Thread* thread = this_thread();
  void* replaced = thread->raised;
  retain(error); /* first: it may be the one that it replaces */
  thread->raised = error;
  release(replaced);
}

void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) { raise_error(error); }

void TVMFFIErrorMoveFromRaised(TVMFFIObjectHandle* result) {
  *result = this_thread()->raised;
  this_thread()->raised = NULL;
}

void TVMFFIErrorSetRaisedFromCStrParts(const char* kind, const char** message_parts,
                                       int32_t num_parts) {
  size_t size = 0;
  for (int32_t i = 0; i < num_parts; ++i)
    if (message_parts[i] != NULL) size += strlen(message_parts[i]);
  char* joined = must(malloc(size + 1));
  char* end = joined;
  for (int32_t i = 0; i < num_parts; ++i)
    if (message_parts[i] != NULL) {
      size_t part = strlen(message_parts[i]);
      memcpy(end, message_parts[i], part);
      end += part;
    }
  void* error = NULL;
  TVMFFIByteArray kind_text = {kind, strlen(kind)};
  TVMFFIByteArray message = {joined, size};
  TVMFFIByteArray none = {"", 0};
  if (new_error(&kind_text, &message, &none, NULL, NULL, &error) == 0) raise_error(error);
  release(error); /* the slot has a reference of its own */
  free(joined);
}

int fail(const char* kind, const char* message) {
  TVMFFIErrorSetRaisedFromCStrParts(kind, &message, 1);
  return -1;
}

void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  (void)fail(kind, message);
}
