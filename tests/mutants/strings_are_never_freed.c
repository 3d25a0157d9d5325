/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the storage of a string or bytes object is never freed */
/* violates: REF-LEAK-01 */
#include "internal.h"
static void keep(void* object) { (void)object; }
#define ffi_object_free keep
#include "string.c"
