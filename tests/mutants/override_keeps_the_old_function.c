/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: overriding a global function never drops the old one */
/* violates: REF-GLOBAL-04 */
#define _POSIX_C_SOURCE 200809L
#include "internal.h"
static void keep(void* object) { (void)object; }
#define ffi_release keep
#include "global_table.c"
