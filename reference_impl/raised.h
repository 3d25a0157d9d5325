/* SPDX-License-Identifier: Apache-2.0 */
/* Raising errors. */
#ifndef FFI_CTS_REFERENCE_RAISED_H_
#define FFI_CTS_REFERENCE_RAISED_H_

#include "ffi_cts/abi.h"

#include "compiler.h"

#pragma GCC visibility push(hidden)

/* Raises an error with a formatted message. Returns -1. */
FFI_COLD FFI_PRINTF(2, 3) int ffi_raise(const char* kind, const char* format, ...);

/* Raises MemoryError without allocating. Returns -1. */
FFI_COLD int ffi_raise_no_memory(void);

/* Raises somebody else's error: kind and message are taken as they are. */
void ffi_raise_texts(const char* kind, const char* message);

/* Makes `error`, whose reference it takes from the caller, the raised error of this thread. */
void ffi_set_raised(TVMFFIObject* error);

/* Raises what a failed ffi_object_new() owes the caller of the API. Returns -1. (allocator.c) */
FFI_COLD int ffi_alloc_failed(void);

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_RAISED_H_ */
