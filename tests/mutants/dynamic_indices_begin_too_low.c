/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: dynamic type indices begin at 79 */
/* violates: TYPE-ALLOC-02 */
#include "type_table.c"

__attribute__((constructor)) static void begin_low(void) { next_index = kTVMFFIStaticObjectEnd; }
