/* SPDX-License-Identifier: Apache-2.0 */
/* way of behaving: a constructor that prints more than a pipe holds */
#include <stdio.h>

#include "version.c"

__attribute__((constructor)) static void begin(void) {
  for (int i = 0; i < 20000; ++i) {
    printf("constructor line %d\n", i);
  }
  fflush(stdout);
}
