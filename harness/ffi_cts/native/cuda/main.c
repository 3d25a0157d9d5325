/* SPDX-License-Identifier: Apache-2.0 */
/* usage: host RUNTIME MODULE ROUNDS BATCH OPERATION...
   One line of JSON on standard output for each operation, or one that says why nothing was
   measured; progress and a last line `error: …` on standard error. Exit code 0, or 3 after a
   failure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

enum {
  FAILED = 3,
  MAX_ROUNDS = 1000000,
  MAX_BATCH = 120 /* each launch doubles the data, and float32 ends below 2 to the power of 128 */
};

typedef struct arguments {
  const char* runtime;
  const char* module;
  int rounds;
  char** operations; /* ends with NULL */
} arguments;

static int read_number(const char* text, int most, int* out) {
  char* end = NULL;
  long value = strtol(text, &end, 10);
  if (end == text || *end != '\0' || value < 1 || value > most) {
    return cts_fail("%s is not a number from 1 to %d", text, most);
  }
  *out = (int)value;
  return 0;
}

static int read_arguments(int argc, char** argv, arguments* out, int* batch) {
  if (argc < 6) return cts_fail("usage: host RUNTIME MODULE ROUNDS BATCH OPERATION...");
  *out = (arguments){.runtime = argv[1], .module = argv[2], .operations = argv + 5};
  if (read_number(argv[3], MAX_ROUNDS, &out->rounds) != 0) return -1;
  return read_number(argv[4], MAX_BATCH, batch);
}

/* The results get a descriptor of their own: a library may print on the standard output. */
static FILE* take_stdout(void) {
  int descriptor = dup(STDOUT_FILENO);
  if (descriptor < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return NULL;
  return fdopen(descriptor, "w");
}

static const cts_operation* find_operation(const char* name) {
  for (int i = 0; i < cts_operation_count; ++i) {
    if (strcmp(cts_operations[i].name, name) == 0) return &cts_operations[i];
  }
  cts_fail("there is no operation %s", name);
  return NULL;
}

/* CUDA loads a kernel at its first launch, which may wait for the device: never within a sample
   that holds the device back, nor within a capture. */
static int warm_up(cts_bench* bench, const cts_operation* operation) {
  if (cts_set_stream(bench, 0) != 0) return -1;
  if (operation->repeat(bench, CTS_FFI, CTS_STREAMS) != 0) return -1;
  if (operation->repeat(bench, CTS_PLAIN, CTS_STREAMS) != 0) return -1;
  return cts_device_wait(&bench->device);
}

/* Both sides in turn, and in turn first, so that a drift of the machine favours neither. */
static int take_samples(cts_bench* bench, const cts_operation* operation, int rounds, double* ffi,
                        double* plain) {
  for (int i = 0; i < rounds; ++i) {
    if (i % 2 != 0 && operation->sample(bench, operation, CTS_PLAIN, &plain[i]) != 0) return -1;
    if (operation->sample(bench, operation, CTS_FFI, &ffi[i]) != 0) return -1;
    if (i % 2 == 0 && operation->sample(bench, operation, CTS_PLAIN, &plain[i]) != 0) return -1;
  }
  return 0;
}

static void print_samples(FILE* out, const char* key, const double* samples, int count) {
  fprintf(out, ", \"%s\": [", key);
  for (int i = 0; i < count; ++i) fprintf(out, "%s%.4f", i == 0 ? "" : ", ", samples[i]);
  fputs("]", out);
}

static int measure(cts_bench* bench, const cts_operation* operation, int rounds, FILE* out) {
  size_t count = (size_t)rounds;
  double* samples = (double*)malloc(2 * count * sizeof(double));
  if (samples == NULL) return cts_fail("there is no memory for %d samples", rounds);
  double discarded;
  int failed = warm_up(bench, operation);
  if (failed == 0) failed = cts_check_landing(bench, operation);
  if (failed == 0) failed = take_samples(bench, operation, 1, &discarded, samples);
  if (failed == 0) failed = take_samples(bench, operation, rounds, samples, samples + count);
  if (failed == 0) {
    fprintf(out, "{\"op\": \"%s\"", operation->name);
    print_samples(out, "samples", samples, rounds);
    print_samples(out, "floor_samples", samples + count, rounds);
    fputs("}\n", out);
  }
  free(samples);
  return failed;
}

static int measure_all(cts_bench* bench, const arguments* arguments, FILE* out) {
  for (char** name = arguments->operations; *name != NULL; ++name) {
    const cts_operation* operation = find_operation(*name);
    if (operation == NULL) return -1;
    fprintf(stderr, "measuring %s\n", operation->name);
    cts_now_in(operation->name);
    if (measure(bench, operation, arguments->rounds, out) != 0) return -1;
    cts_now_in(NULL);
  }
  return 0;
}

static int with_libraries(cts_bench* bench, const arguments* arguments, FILE* out) {
  const char* lacking = NULL;
  if (cts_runtime_load(arguments->runtime, &bench->runtime, &lacking) != 0) return -1;
  if (lacking != NULL) {
    fprintf(out, "{\"skip\": \"the library has no function %s\"}\n", lacking);
    return 0;
  }
  int failed = cts_module_load(&bench->runtime, arguments->module, &bench->module);
  if (failed == 0) failed = cts_device_acquire(&bench->device);
  if (failed == 0) failed = measure_all(bench, arguments, out);
  cts_module_release(&bench->runtime, &bench->module);
  return failed | cts_device_release(&bench->device);
}

static int run(int argc, char** argv, FILE* out) {
  arguments arguments;
  cts_bench bench = {0};
  char skip[256];
  if (read_arguments(argc, argv, &arguments, &bench.batch) != 0) return -1;
  if (cts_device_usable(skip, sizeof(skip)) != 0) return -1;
  if (skip[0] == '\0') return with_libraries(&bench, &arguments, out);
  fprintf(out, "{\"skip\": \"%s\"}\n", skip);
  return 0;
}

int main(int argc, char** argv) {
  FILE* out = take_stdout();
  int failed = out == NULL ? cts_fail("the standard output can't be used") : run(argc, argv, out);
  if (out != NULL && fclose(out) != 0) failed = cts_fail("the results can't be written");
  if (failed == 0) return 0;
  fprintf(stderr, "error: %s\n", cts_failure());
  return FAILED;
}
