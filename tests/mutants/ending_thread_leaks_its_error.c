/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error that is pending when its thread ends is never released */
/* violates: ERR-THREAD-04 */
#include "internal.h"
#define ffi_thread_add_exit_hook() ((void)0)
#include "raised.c"
