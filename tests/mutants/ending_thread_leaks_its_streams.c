/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the table of streams of a thread stays when the thread ends */
/* violates: REF-LEAK-05 */
#include "internal.h"
#define ffi_thread_part_is_released_by(part, release) ((void)(release))
#include "stream.c"
