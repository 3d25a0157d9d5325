/* SPDX-License-Identifier: Apache-2.0 */
/* way of dying: a destructor that crashes when the process exits */
#include <stdlib.h>

__attribute__((destructor)) static void end(void) { abort(); }
