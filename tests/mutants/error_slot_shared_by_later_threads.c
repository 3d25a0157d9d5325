/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the first thread that raises has a slot of its own, all later ones share another */
/* violates: ERR-THREAD-03 */
#include "internal.h"
#include "thread.h"

static ffi_thread shared;
static ffi_thread* first;

static ffi_thread* thread_with_slot(void) {
  ffi_thread* here = &ffi_this_thread;
  ffi_thread* nobody = NULL;
  (void)__atomic_compare_exchange_n(&first, &nobody, here, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return first == here ? here : &shared;
}

#define ffi_this_thread (*thread_with_slot())
#include "raised.c"
