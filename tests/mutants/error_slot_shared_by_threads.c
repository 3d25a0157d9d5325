/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: all threads share one raised error */
/* violates: ERR-THREAD-01 ERR-THREAD-02 ERR-THREAD-03 */
#include "internal.h"

static ffi_thread shared;

#define ffi_this_thread shared
#include "raised.c"
