/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the table never releases a function */
/* violates: GLOB-SET-09 */
#define _POSIX_C_SOURCE 200809L
#include "internal.h"
#define ffi_release(object) ((void)(object))
#include "global_table.c"
