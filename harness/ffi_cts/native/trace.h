/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process writes down of itself when it dies, or is asked while it hangs.
 *
 * It goes into memory that the process shares with its parent, who makes words of it
 * (engine/trace.py knows this layout). Everything here may run inside of a signal handler.
 */
#ifndef FFI_CTS_TRACE_H_
#define FFI_CTS_TRACE_H_

#include <stdint.h>

enum { TRACE_FIRST = 48, TRACE_LAST = 192, TRACE_STACKS = 16, TRACE_MAPS = 1 << 20 };

/* What lies at an address, as far as the helpers know. */
typedef enum trace_place {
  TRACE_UNKNOWN = 0,
  TRACE_BEHIND_BUFFER = 1,  /* the guard page behind a buffer: `offset` bytes behind its end */
  TRACE_FREED_BUFFER = 2,   /* such a buffer, which was given back */
  TRACE_DELETED_OBJECT = 3, /* an object whose deleter has freed it */
} trace_place;

typedef struct trace_found {
  int32_t place;
  uint32_t size;
  int64_t offset;
} trace_found;

/* One thread at one moment. Addresses of callers lie inside of the call instruction. */
typedef struct trace_stack {
  uint32_t done;  /* written last */
  int32_t signal; /* 0: somebody called exit */
  int32_t code;   /* si_code */
  int32_t access; /* 1 read, 2 write, 4 execution, 0 unknown */
  int32_t process;
  int32_t thread;
  int32_t trap; /* 1: the processor gives no address */
  uint32_t unused;
  uint64_t address;
  uint64_t stack_pointer;
  trace_found found;
  unsigned char instruction[16];
  uint64_t frames;             /* how many there are */
  uint64_t first[TRACE_FIRST]; /* innermost first */
  uint64_t last[TRACE_LAST];   /* those behind: frame n in n % TRACE_LAST */
} trace_stack;

typedef struct trace_area {
  uint32_t used; /* of `stack`; may be larger */
  uint32_t maps_size;
  trace_stack stack[TRACE_STACKS];
  char maps[TRACE_MAPS]; /* /proc/self/maps at the moment of the first death */
} trace_area;

/* Have this process write into `area`, which stays the caller's and has to be zero and shared,
 * when it gets the signal `request`; and before it dies of a signal or exits, if `deaths` is not 0.
 */
void cts_trace(trace_area* area, int request, int deaths);

/* Sends a signal to one thread of a process. */
void cts_signal_thread(int process, int thread, int number);

/* Called before the call that a debugger is to stop at. */
void cts_before_failing_call(void);

/* Of memory.c and objects.c. */
int guarded_find(uint64_t address, trace_found* out);
int deleted_find(uint64_t address, trace_found* out);

/* Of process.c: called whenever the default disposition of crashes was put back; may be NULL. */
extern void (*process_after_default)(void);

#endif /* FFI_CTS_TRACE_H_ */
