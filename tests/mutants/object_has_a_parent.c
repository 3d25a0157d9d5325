/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: ffi.Object is its own ancestor */
/* violates: TYPE-STATIC-04 */
#include "type_table.c"

__attribute__((constructor)) static void give_parent(void) {
  ffi_type_at(kTVMFFIObject)->info.type_depth = 1;
}
