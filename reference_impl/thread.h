/* SPDX-License-Identifier: Apache-2.0 */
/* What each thread has for itself. */
#ifndef FFI_CTS_REFERENCE_THREAD_H_
#define FFI_CTS_REFERENCE_THREAD_H_

#include <stdbool.h>
#include <stdint.h>

#include "ffi_cts/abi.h"

#include "compiler.h"

#pragma GCC visibility push(hidden)

typedef struct {
  TVMFFIStreamHandle* by_id; /* owned */
  int32_t count;
} ffi_stream_row;

typedef struct {
  TVMFFIObject* raised;    /* owned, NULL when nothing is raised */
  ffi_stream_row* streams; /* owned, indexed by device type */
  int32_t stream_rows;
  bool has_exit_hook;
  bool in_object_allocator; /* objects made by a custom allocator use the builtin one */
  DLPackManagedTensorAllocator tensor_allocator;
  char* backtrace_text; /* owned */
  TVMFFIByteArray backtrace;
} ffi_thread;

extern _Thread_local ffi_thread ffi_this_thread FFI_FAST_TLS;

/* To call after storing anything owned: has it released when the thread ends. */
FFI_COLD void ffi_thread_add_exit_hook(void);

/* What is released when a thread ends, in this order: deleters raise errors and free blocks. */
typedef enum {
  FFI_PART_RAISED,
  FFI_PART_STREAMS,
  FFI_PART_BACKTRACE,
  FFI_PART_BLOCKS,
  FFI_PARTS
} ffi_thread_part;

/* Names the function that releases a part; each file does it for its own as the library loads. */
void ffi_thread_part_is_released_by(ffi_thread_part part, void (*release)(ffi_thread* thread));

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_THREAD_H_ */
