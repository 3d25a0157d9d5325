/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers that write down the stack of a process that dies, or of one that hangs. */
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

enum { ALTERNATE_STACK = 256 << 10, MOST_FRAMES = 1 << 20 };

static const int DEATHS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

static trace_area* shared;
static int watches_deaths;

/* What the processor says of a fault, and the place to change what it was about to do. */
typedef struct machine {
  uint64_t pc;
  uint64_t sp;
  int32_t access;
  int32_t trap;
} machine;

#if defined(__x86_64__)
static machine read_machine(const ucontext_t* context) {
  const greg_t* registers = context->uc_mcontext.gregs;
  uint64_t error = (uint64_t)registers[REG_ERR];
  machine is = {.pc = (uint64_t)registers[REG_RIP], .sp = (uint64_t)registers[REG_RSP]};
  is.trap = registers[REG_TRAPNO] == 13;
  if (registers[REG_TRAPNO] == 14) is.access = (error & 16) ? 4 : (error & 2) ? 2 : 1;
  return is;
}

/* After a call of what can't be run: as if the caller were at its call. */
static void return_to_caller(ucontext_t* context, uint64_t caller) {
  context->uc_mcontext.gregs[REG_RIP] = (greg_t)caller;
  context->uc_mcontext.gregs[REG_RSP] += 8;
}

static uint64_t caller_of(const ucontext_t* context) {
  uint64_t caller;
  memcpy(&caller, (const void*)context->uc_mcontext.gregs[REG_RSP], sizeof(caller));
  return caller - 1;
}
#elif defined(__aarch64__)
static machine read_machine(const ucontext_t* context) {
  const mcontext_t* state = &context->uc_mcontext;
  machine is = {.pc = state->pc, .sp = state->sp};
  const unsigned char* at = state->__reserved;
  for (int i = 0; i < 16; ++i) {
    uint32_t head[2];
    memcpy(head, at, sizeof(head));
    if (head[0] == 0 || head[1] < sizeof(head)) break;
    if (head[0] == 0x45535201) { /* ESR_MAGIC */
      uint64_t syndrome;
      memcpy(&syndrome, at + sizeof(head), sizeof(syndrome));
      uint32_t class = (uint32_t)(syndrome >> 26) & 0x3f;
      is.access = class == 0x20 ? 4 : (syndrome & 64) ? 2 : 1;
    }
    at += head[1];
  }
  return is;
}

static void return_to_caller(ucontext_t* context, uint64_t caller) {
  context->uc_mcontext.pc = caller;
}

static uint64_t caller_of(const ucontext_t* context) { return context->uc_mcontext.regs[30] - 4; }
#else
static machine read_machine(const ucontext_t* context) {
  (void)context;
  return (machine){.pc = 0};
}

static void return_to_caller(ucontext_t* context, uint64_t caller) {
  (void)context;
  (void)caller;
}

static uint64_t caller_of(const ucontext_t* context) {
  (void)context;
  return 0;
}
#endif

/* ---- frames ---- */

typedef struct walk {
  trace_stack* stack;
  uint64_t begin; /* frames before this address are those of the handler */
  int begun;
} walk;

static void add_frame(trace_stack* stack, uint64_t address) {
  uint64_t number = stack->frames;
  if (number < TRACE_FIRST) {
    stack->first[number] = address;
  } else {
    stack->last[number % TRACE_LAST] = address;
  }
  stack->frames = number + 1; /* at once: the next step may be fatal */
}

static _Unwind_Reason_Code visit(struct _Unwind_Context* context, void* data) {
  walk* at = (walk*)data;
  int before = 0;
  uint64_t address = _Unwind_GetIPInfo(context, &before);
  if (!at->begun) {
    at->begun = address == at->begin;
    return _URC_NO_REASON;
  }
  if (address == 0 || at->stack->frames > MOST_FRAMES) return _URC_END_OF_STACK;
  add_frame(at->stack, before ? address : address - 1);
  return _URC_NO_REASON;
}

static void write_frames(trace_stack* stack, ucontext_t* context, machine is) {
  walk at = {.stack = stack, .begin = is.pc};
  add_frame(stack, is.pc);
  mcontext_t before = context->uc_mcontext;
  if (is.access == 4 && is.pc == stack->address) {
    at.begin = caller_of(context);
    return_to_caller(context, at.begin);
    add_frame(stack, at.begin);
  }
  _Unwind_Backtrace(visit, &at);
  context->uc_mcontext = before;
}

/* ---- what else there is to know ---- */

static void write_maps(trace_area* area) {
  int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  uint32_t size = 0;
  while (file >= 0 && size < TRACE_MAPS) {
    ssize_t got = read(file, area->maps + size, TRACE_MAPS - size);
    if (got <= 0) break;
    size += (uint32_t)got;
  }
  if (file >= 0) close(file);
  area->maps_size = size;
}

static void write_fault(trace_stack* stack, const siginfo_t* info, machine is) {
  stack->access = is.access;
  stack->trap = is.trap;
  stack->stack_pointer = is.sp;
  stack->address = (uint64_t)(uintptr_t)info->si_addr;
  if (!guarded_find(stack->address, &stack->found)) deleted_find(stack->address, &stack->found);
  if (is.pc != 0 && is.access != 4) {
    memcpy(stack->instruction, (const void*)is.pc, sizeof(stack->instruction));
  }
}

static trace_stack* next_stack(int number) {
  uint32_t slot = __atomic_fetch_add(&shared->used, 1, __ATOMIC_SEQ_CST);
  if (slot >= TRACE_STACKS) return NULL;
  trace_stack* stack = &shared->stack[slot];
  stack->process = (int32_t)getpid();
  stack->thread = (int32_t)syscall(SYS_gettid);
  stack->signal = number;
  return stack;
}

static void on_death(int number, siginfo_t* info, void* context) {
  trace_stack* stack = next_stack(number);
  int sent = info->si_code <= 0;
  if (stack != NULL) {
    machine is = read_machine((const ucontext_t*)context);
    stack->code = info->si_code;
    if (stack == shared->stack) write_maps(shared);
    if (!sent) write_fault(stack, info, is);
    write_frames(stack, (ucontext_t*)context, is);
    __atomic_store_n(&stack->done, 1, __ATOMIC_RELEASE);
  }
  /* The disposition is the default one again (SA_RESETHAND). What the processor has refused, it
   * refuses once more; what somebody sent is sent again. */
  if (sent) syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

static void on_request(int number, siginfo_t* info, void* context) {
  int error = errno;
  (void)info;
  trace_stack* stack = next_stack(number);
  if (stack != NULL) {
    write_frames(stack, (ucontext_t*)context, read_machine((const ucontext_t*)context));
    __atomic_store_n(&stack->done, 1, __ATOMIC_RELEASE);
  }
  errno = error;
}

/* Runs inside of exit(), whoever called it. */
static void on_exit_of_process(void) {
  trace_stack* stack = next_stack(0);
  if (stack == NULL) return;
  walk at = {.stack = stack, .begun = 1};
  if (stack == shared->stack) write_maps(shared);
  _Unwind_Backtrace(visit, &at);
  __atomic_store_n(&stack->done, 1, __ATOMIC_RELEASE);
}

static void install(int number, void (*handler)(int, siginfo_t*, void*), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | flags;
  sigfillset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

static void watch_deaths(void) {
  static char memory[ALTERNATE_STACK];
  stack_t alternate = {.ss_sp = memory, .ss_size = sizeof(memory)};
  if (!watches_deaths) return;
  sigaltstack(&alternate, NULL);
  for (size_t i = 0; i < sizeof(DEATHS) / sizeof(DEATHS[0]); ++i) {
    install(DEATHS[i], on_death, (int)SA_RESETHAND);
  }
}

void cts_trace(trace_area* area, int request, int deaths) {
  shared = area;
  watches_deaths = deaths;
  process_after_default = watch_deaths;
  install(request, on_request, SA_RESTART);
  if (deaths) atexit(on_exit_of_process);
  watch_deaths();
}

void cts_signal_thread(int process, int thread, int number) {
  syscall(SYS_tgkill, process, thread, number);
}

__attribute__((noinline)) void cts_before_failing_call(void) { __asm__ volatile("" ::: "memory"); }
