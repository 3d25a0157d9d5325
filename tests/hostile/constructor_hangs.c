/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a constructor that never returns */
#define _GNU_SOURCE
#include <unistd.h>

__attribute__((constructor)) static void begin(void) {
  for (;;) {
    pause();
  }
}
