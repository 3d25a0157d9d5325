/* SPDX-License-Identifier: Apache-2.0 */
/* Making errors, which raises nothing. */
#ifndef FFI_CTS_REFERENCE_ERROR_H_
#define FFI_CTS_REFERENCE_ERROR_H_

#include "ffi_cts/abi.h"

#pragma GCC visibility push(hidden)

/* A new error, or NULL if out of memory; raises nothing. Copies the texts, retains the objects. */
TVMFFIObject* ffi_error_new(TVMFFIByteArray kind, TVMFFIByteArray message,
                            TVMFFIByteArray backtrace, void* cause_chain, void* extra_context);

/* The MemoryError that is always there, because making one could fail. Borrowed, never dies. */
TVMFFIObject* ffi_memory_error(void);

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_ERROR_H_ */
