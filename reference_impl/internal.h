/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that the files of the reference implementation share. They include what they need
 * themselves; variants of the library, which change a file or two, are compiled with all of it.
 *
 * Two rules hold everywhere:
 *  - No file calls an exported TVMFFI* function. Another runtime may live in the same process, and
 *    the dynamic linker would be free to send such a call there. Shared code has an ffi_ name.
 *  - A failing function leaves its out-parameters alone, raises an error and returns -1; a
 *    succeeding one leaves the calling thread's raised error alone.
 */
#ifndef FFI_CTS_REFERENCE_INTERNAL_H_
#define FFI_CTS_REFERENCE_INTERNAL_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ffi_cts/abi.h"

#include "blocks.h"
#include "compiler.h"
#include "counts.h"
#include "error.h"
#include "map.h"
#include "raised.h"
#include "storage.h"
#include "thread.h"
#include "types.h"
#include "values.h"

#endif /* FFI_CTS_REFERENCE_INTERNAL_H_ */
