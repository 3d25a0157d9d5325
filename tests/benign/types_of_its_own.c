/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: the library registers types of its own as it loads, some with static indices */
#include "type_table.c"

__attribute__((constructor)) static void register_own_types(void) {
  for (int32_t i = 79; i < 128; i += 3) {
    char key[] = {'o', 'w', 'n', '.', (char)('A' + (i - 79) / 3)};
    TVMFFIByteArray name = {key, sizeof(key)};
    (void)TVMFFITypeGetOrAllocIndex(&name, i, 1, 0, 1, kTVMFFIObject);
    key[0] = 'd';
    (void)TVMFFITypeGetOrAllocIndex(&name, -1, 1, i % 5, 1, kTVMFFIObject);
  }
}
