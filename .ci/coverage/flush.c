/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into a library that is built to count its lines, and into nothing else. */

extern void __gcov_dump(void);

__attribute__((visibility("default"))) void ffi_cts_coverage_dump(void);

/* Add what this process counted to the files. Children of the suite leave by _exit(), which runs
 * no destructor. */
void ffi_cts_coverage_dump(void) { __gcov_dump(); }
