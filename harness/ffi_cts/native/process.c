/* SPDX-License-Identifier: Apache-2.0 */
/* What a check needs to know of its own process. Linux and glibc where it matters. */
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__GLIBC__) && (__GLIBC__ > 2 || (__GLIBC__ == 2 && __GLIBC_MINOR__ >= 33))
#include <malloc.h>
#define HAVE_MALLINFO2 1
#endif

#include "native.h"
#include "trace.h"

/* There where AddressSanitizer is: its own report of a crash says more than anything here. */
extern void __asan_init(void) __attribute__((weak));

void (*process_after_default)(void);

void cts_signal_handlers(uintptr_t* out, int count) {
  for (int number = 1; number < count; ++number) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    if (sigaction(number, NULL, &action) != 0) action.sa_handler = SIG_DFL;
    out[number] = (uintptr_t)action.sa_handler;
  }
}

void cts_signals_default(void) {
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
  if (__asan_init != NULL) return;
  for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); ++i) signal(crashes[i], SIG_DFL);
  if (process_after_default != NULL) process_after_default();
}

size_t cts_heap_in_use(void) {
#ifdef HAVE_MALLINFO2
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

uint64_t cts_thread_id(void) { return (uint64_t)syscall(SYS_gettid); }
