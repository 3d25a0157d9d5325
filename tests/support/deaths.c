/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to die, or to hang, for the tests of stacks. Compiled with -O0, so that calls stay. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char constant[] = "may only be read";

static int inner(const char* at, int write) {
  if (write) *(volatile char*)at = 1;
  return *(volatile const char*)at;
}

int reads(const char* at) { return inner(at, 0) + 1; }
int writes(const char* at) { return inner(at, 1) + 1; }
int writes_a_constant(void) { return inner(constant, 1) + 1; }
int calls(int (*function)(void)) { return function() + 1; }
int aborts(void) {
  abort();
  return 1;
}

int recurses(int depth) {
  volatile char room[256];
  room[depth & 255] = 1;
  return recurses(depth + 1) + room[0];
}

int enters(void) { return recurses(0) + 1; }

int smashes(int size) {
  char room[8];
  memset(room, 'x', (size_t)size);
  return room[0] + 1;
}

int exits(int code) {
  exit(code);
  return 1;
}

/* As a library does that looks up the names of functions by itself. */
int maps_itself_and_dies(const char* path) {
  int file = open(path, O_RDONLY);
  mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
  mmap((void*)0x10000000, 4096, PROT_READ, MAP_PRIVATE, file, 0);
  return inner(NULL, 0) + 1;
}

int frees_twice(void) {
  char* volatile block = malloc(24);
  free(block);
  free(block);
  return 1;
}

int divides(int by) { return 7 / by + 1; }

static void* dies(void* at) {
  inner((const char*)at, 1);
  return NULL;
}

int dies_in_a_thread(void) {
  pthread_t id;
  pthread_create(&id, NULL, dies, NULL);
  return pthread_join(id, NULL) + 1;
}

static void handler(int number) {
  static const char text[] = "a handler of its own\n";
  if (write(2, text, sizeof(text) - 1) < 0) _exit(3);
  signal(number, SIG_DFL);
}

int handles_its_own(void) {
  signal(SIGSEGV, handler);
  return inner(NULL, 0) + 1;
}

int raises(void) { return raise(SIGSEGV) + 1; }

int misaligned(char* at) {
#if defined(__x86_64__)
  __asm__ volatile("movaps %%xmm0, (%0)" ::"r"(at + 1) : "memory");
#endif
  return at[0];
}

int spins(void) {
  for (volatile int i = 0;; ++i) {
  }
}

int deadlocks(void) {
  pthread_mutex_lock(&lock);
  return pthread_mutex_lock(&lock) + 1;
}

int sleeps(void) { return (int)sleep(1000) + 1; }

static void* waits(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  return NULL;
}

int hangs_in_threads(void) {
  pthread_t ids[2];
  pthread_mutex_lock(&lock);
  for (int i = 0; i < 2; ++i) pthread_create(&ids[i], NULL, waits, NULL);
  return pthread_join(ids[0], NULL) + 1;
}

void* freed_page(void) {
  void* at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(at, 4096);
  return at;
}

static void unmap(void* self, int flags) {
  (void)flags;
  munmap(self, 4096);
}

/* Laid out as a TVMFFIObject: counts, type index, padding, deleter. */
void* object_in_a_page(void) {
  char* at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  uint64_t counts = (UINT64_C(1) << 32) | 1;
  void (*deleter)(void*, int) = unmap;
  memcpy(at, &counts, sizeof(counts));
  memcpy(at + 16, &deleter, sizeof(deleter));
  return at;
}
