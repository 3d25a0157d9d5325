/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: what a thread has is released when it ends, by code that may have been unloaded */
/* violates: PROC-LOAD-03 */
#include <pthread.h>
#define pthread_key_delete(key) 0
#include "thread.c"
