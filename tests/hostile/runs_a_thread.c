/* SPDX-License-Identifier: Apache-2.0 */
/* way of behaving: a thread of its own, begun by a constructor, which ends with the process */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

#include "version.c"

static void* work(void* nothing) {
  for (;;) {
    usleep(100);
  }
  return nothing;
}

__attribute__((constructor)) static void begin(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL) == 0) {
    pthread_detach(thread);
  }
}
