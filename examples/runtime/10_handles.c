/* SPDX-License-Identifier: Apache-2.0 */
/* Step 10: handles that are made once. Others wait, but only for the handle that they want. */
#include "mine.h"

typedef struct Busy { /* on the stack of the thread that runs an initialiser or finaliser */
  void** handle;
  struct Busy* next;
} Busy;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static Busy* all_busy;

static bool is_busy(void** handle) {
  Busy* busy = all_busy;
  while (busy != NULL && busy->handle != handle) busy = busy->next;
  return busy != NULL;
}

/* Waits until nobody works on the handle. Then works on it, if it is, or is not, NULL. */
static bool begin(Busy* mine, bool wants_null) {
  (void)pthread_mutex_lock(&mutex);
  while (is_busy(mine->handle)) (void)pthread_cond_wait(&changed, &mutex);
  bool wanted = (*mine->handle == NULL) == wants_null;
  if (wanted) {
    mine->next = all_busy;
    all_busy = mine;
  }
  (void)pthread_mutex_unlock(&mutex);
  return wanted;
}

static void end(Busy* mine, bool done, void* handle) {
  (void)pthread_mutex_lock(&mutex);
  if (done) __atomic_store_n(mine->handle, handle, __ATOMIC_RELEASE);
  Busy** place = &all_busy;
  while (*place != mine) place = &(*place)->next;
  *place = mine->next;
  (void)pthread_cond_broadcast(&changed);
  (void)pthread_mutex_unlock(&mutex);
}

int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  Busy mine = {.handle = handle_addr};
  if (!begin(&mine, true)) return 0;
  void* made = NULL;
  int code = init_func(&made); /* no lock is held: it may initialise other handles */
  end(&mine, code == 0, made);
  return code;
}

int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle)) {
  Busy mine = {.handle = handle_addr};
  if (!begin(&mine, false)) return 0;
  int code = deinit_func(*handle_addr);
  end(&mine, true, NULL);
  return code;
}
