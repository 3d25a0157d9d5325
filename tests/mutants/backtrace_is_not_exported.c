/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: TVMFFIBacktrace is missing */
/* violates: SYM-EXPORT-01 SYM-EXPORT-02 */
#define TVMFFIBacktrace unexported_TVMFFIBacktrace
#include "backtrace.c"
