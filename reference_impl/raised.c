/* SPDX-License-Identifier: Apache-2.0 */
/* The one raised error of each thread. It owns a reference to that error. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "error.h"
#include "raised.h"
#include "thread.h"

/* The old error goes last: its deleter may come back here. */
void ffi_set_raised(TVMFFIObject* error) {
  ffi_thread* thread = &ffi_this_thread;
  TVMFFIObject* old = thread->raised;
  thread->raised = error;
  if (FFI_UNLIKELY(!thread->has_exit_hook)) {
    ffi_thread_add_exit_hook();
  }
  ffi_release(old);
}

static void release_raised(ffi_thread* thread) {
  TVMFFIObject* error = thread->raised;
  thread->raised = NULL;
  ffi_release(error);
}

__attribute__((constructor)) static void name_release(void) {
  ffi_thread_part_is_released_by(FFI_PART_RAISED, release_raised);
}

/* Borrows `error` and takes an own reference; NULL clears. */
void TVMFFIErrorSetRaised(TVMFFIObjectHandle error) { ffi_set_raised(ffi_retain(error)); }

/* The caller owns what it gets; NULL if nothing was raised. */
void TVMFFIErrorMoveFromRaised(TVMFFIObjectHandle* result) {
  ffi_thread* thread = &ffi_this_thread;
  *result = thread->raised;
  thread->raised = NULL;
}

int ffi_raise_no_memory(void) {
  ffi_set_raised(ffi_retain(ffi_memory_error()));
  return -1;
}

/* ---- Raising from C strings ---- */

static TVMFFIByteArray from_c_string(const char* text) {
  TVMFFIByteArray bytes = {text, text != NULL ? strlen(text) : 0};
  return bytes;
}

/* The kind is not optional, but a missing one is no reason to crash while reporting an error. */
static TVMFFIByteArray kind_or_default(const char* kind) {
  return from_c_string(kind != NULL ? kind : "RuntimeError");
}

/*
 * The backtrace stays empty: walking the stack costs a hundred times as much as all the rest, and
 * whoever wants one can add it to the error on the way up.
 */
static void raise_new(TVMFFIByteArray kind, TVMFFIByteArray message) {
  TVMFFIByteArray no_backtrace = {NULL, 0};
  TVMFFIObject* error = ffi_error_new(kind, message, no_backtrace, NULL, NULL);
  if (FFI_UNLIKELY(error == NULL)) {
    error = ffi_retain(ffi_memory_error());
  }
  ffi_set_raised(error);
}

int ffi_raise(const char* kind, const char* format, ...) {
  char message[512];
  va_list values;
  va_start(values, format);
  (void)vsnprintf(message, sizeof(message), format, values);
  va_end(values);
  raise_new(from_c_string(kind), from_c_string(message));
  return -1;
}

void ffi_raise_texts(const char* kind, const char* message) {
  raise_new(kind_or_default(kind), from_c_string(message));
}

void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message) {
  ffi_raise_texts(kind, message);
}

/* ---- Raising from parts ---- */

/* The length of all parts together; parts that are NULL count nothing. */
static size_t length_of_parts(const char* const* parts, int32_t num_parts) {
  size_t length = 0;
  for (int32_t i = 0; i < num_parts; ++i) {
    length += parts[i] != NULL ? strlen(parts[i]) : 0;
  }
  return length;
}

static void join_parts(const char* const* parts, int32_t num_parts, char* at) {
  for (int32_t i = 0; i < num_parts; ++i) {
    if (parts[i] != NULL) {
      size_t length = strlen(parts[i]);
      memcpy(at, parts[i], length);
      at += length;
    }
  }
}

/* At worst raises MemoryError instead. No parts give an empty message. */
void TVMFFIErrorSetRaisedFromCStrParts(const char* kind, const char** message_parts,
                                       int32_t num_parts) {
  const char* const* parts = message_parts;
  char on_stack[512];
  if (parts == NULL || num_parts < 0) {
    num_parts = 0;
  }
  size_t length = length_of_parts(parts, num_parts);
  char* text = length <= sizeof(on_stack) ? on_stack : malloc(length);
  if (text == NULL) {
    (void)ffi_raise_no_memory();
    return;
  }
  join_parts(parts, num_parts, text);
  TVMFFIByteArray message = {text, length};
  raise_new(kind_or_default(kind), message);
  if (text != on_stack) {
    free(text);
  }
}
