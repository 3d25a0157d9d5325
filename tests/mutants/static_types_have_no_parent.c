/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the static object types have depth 0 */
/* violates: TYPE-STATIC-03 TYPE-STATIC-12 */
#include "type_table.c"

__attribute__((constructor)) static void forget_parents(void) {
  for (size_t i = 0; i < NUM_BUILTIN_TYPES; ++i) {
    builtin_storage[i].info.type_depth = 0;
  }
}
