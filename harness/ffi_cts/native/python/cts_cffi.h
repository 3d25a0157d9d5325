/* SPDX-License-Identifier: Apache-2.0 */
/* What the extension in cffi's API mode offers to Python. cffi reads this file as it stands. */

/* Sets the TVMFFIFunctionCall that is to be used. */
void cts_use(void* function_call);

/* Calls `function` (borrowed) and gives the integer that it returned, 0 where it returned none. */
int64_t cts_call_0(void* function);
int64_t cts_call_3(void* function, int64_t a, int64_t b, int64_t c);

/* How many calls returned an error. */
int64_t cts_failures(void);
