/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: an error that another one replaces is never released */
/* violates: ERR-REPLACE-02 ERR-OWN-03 ERR-CALL-03 */
#include "internal.h"
#define ffi_release(object) ((void)(object))
#include "raised.c"
