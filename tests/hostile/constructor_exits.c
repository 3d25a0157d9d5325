/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a constructor that ends the process with success */
#include <stdlib.h>

__attribute__((constructor)) static void begin(void) { exit(0); }
