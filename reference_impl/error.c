/* SPDX-License-Identifier: Apache-2.0 */
/* Error objects. How they are raised is the matter of raised.c. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "counts.h"
#include "values.h"
#include "error.h"
#include "storage.h"

/* Followed, in the same block, by kind, message and backtrace, a NUL behind each. */
typedef struct {
  TVMFFIObject header;
  TVMFFIErrorCell cell;
  char* heap_backtrace; /* owned; NULL as long as the backtrace of the creation is in use */
  size_t heap_capacity;
} error_object;

static void error_delete(void* self, int flags) {
  error_object* error = self;
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0) {
    free(error->heap_backtrace);
    ffi_release(error->cell.cause_chain);
    ffi_release(error->cell.extra_context);
  }
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(error);
  }
}

/* ---- Backtrace ---- */

/*
 * Makes room for `size` bytes and a NUL and keeps the present text. Returns the old heap block in
 * `retired`, alive, because the text to add may lie in it. False if out of memory.
 */
static bool backtrace_reserve(error_object* error, size_t size, char** retired) {
  *retired = NULL;
  if (error->heap_backtrace != NULL && size < error->heap_capacity) {
    return true;
  }
  size_t capacity = size > FFI_MAX_PAYLOAD / 2 ? size + 1 : 2 * size + 64;
  char* text = malloc(capacity);
  if (text == NULL) {
    return false;
  }
  TVMFFIByteArray old = error->cell.backtrace;
  if (old.size != 0) {
    memcpy(text, old.data, old.size < size ? old.size : size);
  }
  *retired = error->heap_backtrace;
  error->heap_backtrace = text;
  error->heap_capacity = capacity;
  return true;
}

/*
 * Borrows `backtrace`, which may be part of the error's own. Out of memory, or without a text that
 * can be read, all stays as it is.
 */
static void error_update_backtrace(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                                   int32_t update_mode) {
  error_object* error = self;
  TVMFFIByteArray added = ffi_bytes_or_empty(backtrace);
  bool append = update_mode == kTVMFFIBacktraceUpdateModeAppend;
  size_t kept = append ? error->cell.backtrace.size : 0;
  char* retired;
  if (!ffi_is_readable(added)) {
    return;
  }
  if (added.size > FFI_MAX_PAYLOAD - kept ||
      !backtrace_reserve(error, kept + added.size, &retired)) {
    return;
  }
  if (added.size != 0) {
    memmove(error->heap_backtrace + kept, added.data, added.size);
  }
  error->heap_backtrace[kept + added.size] = '\0';
  error->cell.backtrace.data = error->heap_backtrace;
  error->cell.backtrace.size = kept + added.size;
  free(retired);
}

/* ---- Creation ---- */

/* Copies `text` to `*at`, moves `*at` behind it and returns the copy. */
static TVMFFIByteArray place_text(char** at, TVMFFIByteArray text) {
  TVMFFIByteArray copy = {*at, text.size};
  if (text.size != 0) {
    memcpy(*at, text.data, text.size);
  }
  (*at)[text.size] = '\0';
  *at += text.size + 1;
  return copy;
}

/* False if the three don't fit into one block. */
static bool sum_sizes(size_t a, size_t b, size_t c, size_t* sum) {
  if (a > FFI_MAX_PAYLOAD || b > FFI_MAX_PAYLOAD - a || c > FFI_MAX_PAYLOAD - a - b) {
    return false;
  }
  *sum = a + b + c;
  return true;
}

TVMFFIObject* ffi_error_new(TVMFFIByteArray kind, TVMFFIByteArray message,
                            TVMFFIByteArray backtrace, void* cause_chain, void* extra_context) {
  size_t texts;
  if (!ffi_is_readable(kind) || !ffi_is_readable(message) || !ffi_is_readable(backtrace)) {
    return NULL;
  }
  if (!sum_sizes(kind.size, message.size, backtrace.size, &texts)) {
    return NULL;
  }
  error_object* error =
      (void*)ffi_object_new(sizeof(*error) + texts + 3, kTVMFFIError, error_delete);
  if (error == NULL) {
    return NULL;
  }
  char* at = (char*)(error + 1);
  error->cell.kind = place_text(&at, kind);
  error->cell.message = place_text(&at, message);
  error->cell.backtrace = place_text(&at, backtrace);
  error->cell.update_backtrace = error_update_backtrace;
  error->cell.cause_chain = ffi_retain(cause_chain);
  error->cell.extra_context = ffi_retain(extra_context);
  error->heap_backtrace = NULL;
  error->heap_capacity = 0;
  return &error->header;
}

/* ---- The error for when there is no memory for an error ---- */

static void ignore_backtrace(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                             int32_t update_mode) {
  (void)self;
  (void)backtrace;
  (void)update_mode;
}

#define LITERAL(text) {text, sizeof(text) - 1}

/* Shared by all threads; the first reference is ours and stays. */
static struct {
  TVMFFIObjectAllocHeader alloc;
  error_object error;
} memory_error = {
    .error = {.header = {.combined_ref_count = FFI_BOTH_ONE, .type_index = kTVMFFIError},
              .cell = {.kind = LITERAL("MemoryError"),
                       .message = LITERAL("out of memory"),
                       .backtrace = LITERAL(""),
                       .update_backtrace = ignore_backtrace}}};

TVMFFIObject* ffi_memory_error(void) { return &memory_error.error.header; }

/* ---- C interface ---- */

/* Copies the texts and takes own references to both objects. Raises nothing, even on failure. */
int TVMFFIErrorCreateWithCauseAndExtraContext(
    const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace,
    TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out) {
  TVMFFIObject* error = ffi_error_new(ffi_bytes_or_empty(kind), ffi_bytes_or_empty(message),
                                      ffi_bytes_or_empty(backtrace), cause_chain, extra_context);
  if (FFI_UNLIKELY(error == NULL)) {
    return -1;
  }
  *out = error;
  return 0;
}

int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                      const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  TVMFFIObject* error = ffi_error_new(ffi_bytes_or_empty(kind), ffi_bytes_or_empty(message),
                                      ffi_bytes_or_empty(backtrace), NULL, NULL);
  if (FFI_UNLIKELY(error == NULL)) {
    return -1;
  }
  *out = error;
  return 0;
}
