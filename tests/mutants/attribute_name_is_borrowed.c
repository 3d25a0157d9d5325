/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a column refers to the caller's name */
/* violates: TYPE-ATTR-07 */
#include "internal.h"
#define ffi_immortal_copy(bytes, out) (*(out) = (bytes), 0)
#include "type_reflection.c"
