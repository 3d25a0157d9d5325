/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a constructor that crashes */
#include <stdlib.h>

__attribute__((constructor)) static void begin(void) { abort(); }
