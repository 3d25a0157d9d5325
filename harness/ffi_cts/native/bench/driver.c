/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures operations of one library and tells a parent process, line by line:
 *
 *   begin OP              what follows happens in this operation; heavy ones begin twice
 *   skip OP REASON        the library can't do it
 *   wrong OP REASON       it did it, but the result was not right: no number
 *   value OP N V...       N iterations a sample; nanoseconds or instructions per iteration
 *   counted OP N          callgrind was told to dump "OP 0" and "OP N"
 *   end                   every operation was tried
 *
 * Fields are separated by tabs. The parent reads them from a descriptor of its own: the library
 * may print what it likes.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"

enum { WARM_UP = 64, HEAVY_WARM_UP = 4, MAX_SAMPLES = 1024, COUNTED = 256, HEAVY_COUNTED = 16 };

typedef struct options {
  const char* meter; /* time, threads, callgrind or counter */
  int out;
  int samples;
  double sample_ns; /* what a sample should last when the iterations are not given */
} options;

static options opt;
static int counter = -1;

static void tell(const char* format, ...) {
  char line[16384];
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  if (size < 0 || (size_t)size >= sizeof(line)) exit(3);
  for (int done = 0; done < size;) {
    ssize_t wrote = write(opt.out, line + done, (size_t)(size - done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) exit(3);
    done += (int)wrote;
  }
}

static int load(const char* path, bench_api* api) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return -1;
  }
#define LOOK_UP(name)                              \
  do {                                             \
    void* symbol = dlsym(library, "TVMFFI" #name); \
    memcpy(&api->name, &symbol, sizeof(symbol));   \
  } while (0);
  BENCH_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
  /* A library's own handlers would answer a crash with a slow report instead of dying of it. */
  const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
  for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); ++i) signal(fatal[i], SIG_DFL);
  return 0;
}

static void* find(const bench_api* api, const char* name, size_t size) {
#define MATCH(function)                                                  \
  if (strlen(#function) == size && memcmp(name, #function, size) == 0) { \
    void* pointer;                                                       \
    memcpy(&pointer, &api->function, sizeof(pointer));                   \
    return pointer;                                                      \
  }
  BENCH_FUNCTIONS(MATCH)
#undef MATCH
  return NULL;
}

/* The first function that `op` needs and the library lacks, as a span of `op->needs`. */
static const char* lacking(const bench_api* api, const bench_op* op, size_t* size) {
  for (const char* at = op->needs; *at != '\0';) {
    *size = strcspn(at, " ");
    if (*size != 0 && find(api, at, *size) == NULL) return at;
    at += *size;
    at += strspn(at, " ");
  }
  return NULL;
}

/* One operation on its way: what it works on, and how often it ran. */
typedef struct run {
  bench_state state;
  uint64_t total;
} run;

typedef double (*clock_function)(bench_state* state, uint64_t n);

/* Iterations that last `sample_ns`, found by trying. */
static uint64_t calibrate(run* r, clock_function clock) {
  for (uint64_t n = 1;;) {
    double elapsed = clock(&r->state, n);
    r->total += n;
    if (elapsed >= opt.sample_ns || n >= (1ULL << 40)) return n;
    double wanted = elapsed > 1000 ? 1.1 * (double)n * opt.sample_ns / elapsed : 10 * (double)n;
    n = wanted > 10 * (double)n ? 10 * n : (uint64_t)wanted + 1;
  }
}

static void tell_values(const bench_op* op, uint64_t n, const double* values, int count) {
  char text[MAX_SAMPLES * 12];
  int used = 0;
  for (int i = 0; i < count; ++i) {
    used += snprintf(text + used, sizeof(text) - (size_t)used, "\t%.6g", values[i]);
  }
  tell("value\t%s\t%llu%s\n", op->name, (unsigned long long)n, text);
}

static uint64_t take_times(run* r, uint64_t n, clock_function clock, double* samples) {
  if (n == 0) n = calibrate(r, clock);
  for (int i = 0; i < opt.samples; ++i) {
    samples[i] = clock(&r->state, n) / (double)n;
    r->total += n;
  }
  return n;
}

/* What doesn't grow with n, such as entering the loop, is in both and cancels out. */
static uint64_t take_counts(run* r, uint64_t n, double* samples) {
  for (int i = 0; i < opt.samples; ++i) {
    double none = bench_counted(counter, &r->state, 1);
    double all = bench_counted(counter, &r->state, n + 1);
    samples[i] = none < 0 || all < 0 ? -1 : (all - none) / (double)n;
    r->total += n + 2;
  }
  return n;
}

/* "OP 0" stands for what one iteration costs with everything round it: the parent takes it off. */
static void dump_counts(run* r, uint64_t n) {
  char label[256];
  const uint64_t sizes[] = {0, n};
  for (int i = 0; i < 2; ++i) {
    snprintf(label, sizeof(label), "%s %llu", r->state.op->name, (unsigned long long)sizes[i]);
    bench_callgrind_zero();
    r->state.op->loop(&r->state, sizes[i] + 1);
    bench_callgrind_dump(label);
    r->total += sizes[i] + 1;
  }
}

static int is(const char* meter) { return strcmp(opt.meter, meter) == 0; }

static void measure(const bench_api* api, const bench_op* op, uint64_t n) {
  static run r;
  double samples[MAX_SAMPLES];
  memset(&r, 0, sizeof(r));
  r.state.api = api;
  r.state.op = op;
  bench_deletions = 0;
  const char* why = op->prepare != NULL ? op->prepare(&r.state) : NULL;
  if (why == NULL) {
    uint64_t warm_up = op->flags & BENCH_HEAVY ? HEAVY_WARM_UP : WARM_UP;
    if (n == 0 && (is("callgrind") || is("counter"))) {
      n = op->flags & BENCH_HEAVY ? HEAVY_COUNTED : COUNTED;
    }
    op->loop(&r.state, warm_up);
    r.total = warm_up;
    if (is("callgrind")) {
      dump_counts(&r, n);
    } else if (is("counter")) {
      n = take_counts(&r, n, samples);
    } else if (is("threads")) {
      r.total = 0;
      n = take_times(&r, n, bench_nanoseconds_two_threads, samples);
      r.total = 2 * r.total + warm_up;
    } else {
      n = take_times(&r, n, bench_nanoseconds, samples);
    }
  }
  int right = why != NULL || op->check == NULL || op->check(&r.state, r.total);
  if (op->clean != NULL) op->clean(&r.state);
  if (why != NULL) {
    tell("skip\t%s\t%s\n", op->name, why);
  } else if (!right) {
    tell("wrong\t%s\tits results were not what they should be\n", op->name);
  } else if (is("callgrind")) {
    tell("counted\t%s\t%llu\n", op->name, (unsigned long long)n);
  } else {
    tell_values(op, n, samples, opt.samples);
  }
}

/*
 * A library may read its own symbol tables when it takes its first backtrace. Simulating that
 * takes seconds, so heavy operations run once before the counting begins.
 */
static void run_heavy_once(const bench_api* api, const bench_op* op) {
  static bench_state state;
  memset(&state, 0, sizeof(state));
  state.api = api;
  state.op = op;
  if (op->prepare == NULL || op->prepare(&state) == NULL) op->loop(&state, 1);
  if (op->clean != NULL) op->clean(&state);
}

/* One word of the command line: OP, or OP=ITERATIONS. */
static const bench_op* find_word(const char* word) {
  size_t size = strcspn(word, "=");
  const bench_op* op;
  for (unsigned i = 0; (op = bench_op_at(i)) != NULL; ++i) {
    if (strlen(op->name) == size && memcmp(op->name, word, size) == 0) return op;
  }
  fprintf(stderr, "no operation %s\n", word);
  return NULL;
}

static void measure_word(const bench_api* api, const bench_op* op, const char* word) {
  size_t size = strcspn(word, "=");
  uint64_t n = word[size] == '=' ? strtoull(word + size + 1, NULL, 10) : 0;
  size_t length = 0;
  const char* missing = lacking(api, op, &length);
  tell("begin\t%s\n", op->name);
  if (missing == NULL) {
    measure(api, op, n);
  } else {
    tell("skip\t%s\tthe library lacks TVMFFI%.*s\n", op->name, (int)length, missing);
  }
}

static void measure_words(const bench_api* api, char** words, int count) {
  if (is("callgrind")) {
    for (int i = 0; i < count; ++i) {
      size_t length = 0;
      const bench_op* op = find_word(words[i]);
      if (!(op->flags & BENCH_HEAVY) || lacking(api, op, &length) != NULL) continue;
      tell("begin\t%s\n", op->name);
      run_heavy_once(api, op);
    }
    bench_callgrind_start();
  }
  for (int i = 0; i < count; ++i) measure_word(api, find_word(words[i]), words[i]);
}

static int list_operations(void) {
  const bench_op* op;
  for (unsigned i = 0; (op = bench_op_at(i)) != NULL; ++i) {
    printf("%s\t%s\t%s\t%s\n", op->name, op->needs,
           op->flags & BENCH_CONTROL  ? "control"
           : op->flags & BENCH_SHARED ? "shared"
                                      : "",
           op->says);
  }
  return fflush(stdout) == 0 ? 0 : 1;
}

/* A foreign library runs here: no core file, and no life after the parent's. */
static void limit_self(void) {
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* Move what the library will put on the heap: more for each layout. The parent moves the stack. */
static void lay_out(int layout) {
  enum { SHIFT = 1040, HEADER = 8 }; /* what malloc puts before a block is part of the shift */
  if (layout <= 0) return;
  void* volatile below = malloc((size_t)layout * SHIFT - HEADER);
  (void)below;
}

static int usage(void) {
  fputs(
      "usage: ffi_cts_bench list\n"
      "       ffi_cts_bench time|threads|callgrind|counter LIBRARY FD SAMPLES SAMPLE_NS "
      "LAYOUT OP[=N]...\n",
      stderr);
  return 2;
}

int main(int argc, char** argv) {
  static bench_api api;
  if (argc == 2 && strcmp(argv[1], "list") == 0) return list_operations();
  if (argc < 8) return usage();
  limit_self();
  opt.meter = argv[1];
  opt.out = atoi(argv[3]);
  opt.samples = atoi(argv[4]);
  opt.sample_ns = atof(argv[5]);
  if (opt.samples < 1 || opt.samples > MAX_SAMPLES) return usage();
  if (is("counter") && (counter = bench_counter_open()) < 0) {
    fprintf(stderr, "the processor's counter can't be opened: %s\n", strerror(errno));
    return 4;
  }
  if (is("callgrind") && !bench_under_valgrind()) {
    fputs("not running under valgrind\n", stderr);
    return 4;
  }
  for (int i = 7; i < argc; ++i) {
    if (find_word(argv[i]) == NULL) return 2;
  }
  lay_out(atoi(argv[6]));
  if (load(argv[2], &api) != 0) return 5;
  measure_words(&api, argv + 7, argc - 7);
  tell("end\n");
  return 0;
}
