/* SPDX-License-Identifier: Apache-2.0 */
/* What each thread has for itself, and its release when the thread ends. */
#include <pthread.h>
#include <stddef.h>

#include "thread.h"

_Thread_local ffi_thread ffi_this_thread FFI_FAST_TLS;

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool has_key;

static void (*release_part[FFI_PARTS])(ffi_thread* thread);

void ffi_thread_part_is_released_by(ffi_thread_part part, void (*release)(ffi_thread* thread)) {
  release_part[part] = release;
}

static void release(ffi_thread_part part, ffi_thread* thread) {
  if (release_part[part] != NULL) {
    release_part[part](thread);
  }
}

/*
 * Runs at the end of a thread. The deleter of the error may raise another one: that adds the hook
 * again, and pthreads then calls this once more.
 */
static void release_thread(void* state) {
  ffi_thread* thread = state;
  thread->has_exit_hook = false;
  for (ffi_thread_part part = 0; part < FFI_PARTS; ++part) {
    release(part, thread);
  }
}

static void create_key(void) { has_key = pthread_key_create(&key, release_thread) == 0; }

/* Without a free key nothing is lost but the memory of threads that end. */
void ffi_thread_add_exit_hook(void) {
  (void)pthread_once(&key_once, create_key);
  if (has_key && pthread_setspecific(key, &ffi_this_thread) == 0) {
    ffi_this_thread.has_exit_hook = true;
  }
}

/*
 * After the library is unloaded no thread may come back to release_thread(). Objects that outlive
 * this point, at the end of the process, are freed as they come.
 */
__attribute__((destructor)) static void forget_key(void) {
  release(FFI_PART_BLOCKS, &ffi_this_thread);
  if (has_key) {
    (void)pthread_key_delete(key);
    has_key = false;
  }
}
