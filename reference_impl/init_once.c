/* SPDX-License-Identifier: Apache-2.0 */
/* Handles that are made once, on first use, by whichever thread comes first. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <pthread.h>

#include "raised.h"

/* A running initialiser. Lives on the stack of the thread that runs it. */
typedef struct running_init {
  struct running_init* next;
  void** handle_addr;
  pthread_t thread;
} running_init;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_is_done = PTHREAD_COND_INITIALIZER;
static running_init* running; /* guarded by lock */

static running_init* find_running(void** handle_addr) {
  running_init* init = running;
  while (init != NULL && init->handle_addr != handle_addr) {
    init = init->next;
  }
  return init;
}

static void remove_running(const running_init* init) {
  running_init** link = &running;
  while (*link != init) {
    link = &(*link)->next;
  }
  *link = init->next;
}

typedef enum { MINE, DONE, RECURSIVE } turn;

/* Under the lock: waits until the handle is there or it is this thread's turn to make it. */
static turn wait_for_turn(void** handle_addr) {
  for (;;) {
    if (__atomic_load_n(handle_addr, __ATOMIC_ACQUIRE) != NULL) {
      return DONE;
    }
    const running_init* other = find_running(handle_addr);
    if (other == NULL) {
      return MINE;
    }
    if (pthread_equal(other->thread, pthread_self()) != 0) {
      return RECURSIVE;
    }
    (void)pthread_cond_wait(&one_is_done, &lock);
  }
}

static int call_init(int (*init_func)(void** result), void** result) {
  int code = init_func(result);
  if (code == 0 && *result == NULL) {
    return ffi_raise("RuntimeError", "the initialiser succeeded without giving a handle");
  }
  return code;
}

/* The initialiser runs without the lock, so that it may initialise what it needs itself. */
static FFI_COLD int init_slow(void** handle_addr, int (*init_func)(void** result)) {
  (void)pthread_mutex_lock(&lock);
  turn whose = wait_for_turn(handle_addr);
  if (whose != MINE) {
    (void)pthread_mutex_unlock(&lock);
    return whose == DONE ? 0 : ffi_raise("RuntimeError", "a handle that needs itself");
  }
  running_init mine = {running, handle_addr, pthread_self()};
  running = &mine;
  (void)pthread_mutex_unlock(&lock);

  void* result = NULL;
  int code = call_init(init_func, &result);

  (void)pthread_mutex_lock(&lock);
  remove_running(&mine);
  if (code == 0) {
    __atomic_store_n(handle_addr, result, __ATOMIC_RELEASE);
  }
  (void)pthread_cond_broadcast(&one_is_done);
  (void)pthread_mutex_unlock(&lock);
  return code;
}

/* What `init_func` makes belongs to the place at `handle_addr`. */
int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result)) {
  if (FFI_LIKELY(__atomic_load_n(handle_addr, __ATOMIC_ACQUIRE) != NULL)) {
    return 0;
  }
  return init_slow(handle_addr, init_func);
}

/* The exchange makes sure that only one of several callers gets the handle to give to deinit. */
int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle)) {
  void* handle = __atomic_exchange_n(handle_addr, NULL, __ATOMIC_ACQ_REL);
  return handle != NULL ? deinit_func(handle) : 0;
}
