/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: six- and four-bit floats of any width are accepted */
/* violates: TENSOR-FLAGS-05 */
#include "internal.h"

/* Takes the codes that tensor.c compares with out of reach. */
#undef kDLFloat6_e2m3fn
#define kDLFloat6_e2m3fn 255
#include "tensor.c"
