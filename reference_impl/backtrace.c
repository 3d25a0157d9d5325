/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The backtrace of the caller, reduced to the frame that the caller tells about itself: its
 * content is free, and a walk up the stack would make every raised error slow.
 */
#include <stdio.h>
#include <stdlib.h>

#include "thread.h"

enum { MAX_LINE = 1024 };

/* The text belongs to the calling thread and holds until its next call. */
const TVMFFIByteArray* TVMFFIBacktrace(const char* filename, int lineno, const char* func,
                                       int cross_ffi_boundary) {
  static const TVMFFIByteArray unknown = {"", 0};
  ffi_thread* thread = &ffi_this_thread;
  (void)cross_ffi_boundary;
  if (filename == NULL && func == NULL) {
    return &unknown;
  }
  if (thread->backtrace_text == NULL) {
    thread->backtrace_text = malloc(MAX_LINE);
    if (thread->backtrace_text == NULL) {
      return &unknown;
    }
    ffi_thread_add_exit_hook();
  }
  int length = snprintf(thread->backtrace_text, MAX_LINE, "  File \"%s\", line %d, in %s\n",
                        filename != NULL ? filename : "<unknown>", lineno,
                        func != NULL ? func : "<unknown>");
  thread->backtrace.data = thread->backtrace_text;
  thread->backtrace.size = length < 0 ? 0 : (size_t)(length < MAX_LINE ? length : MAX_LINE - 1);
  return &thread->backtrace;
}

static void release_backtrace(ffi_thread* thread) {
  thread->backtrace.data = NULL;
  thread->backtrace.size = 0;
  free(thread->backtrace_text);
  thread->backtrace_text = NULL;
}

__attribute__((constructor)) static void name_release(void) {
  ffi_thread_part_is_released_by(FFI_PART_BACKTRACE, release_backtrace);
}
