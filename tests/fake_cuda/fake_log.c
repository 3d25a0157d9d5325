/* SPDX-License-Identifier: Apache-2.0 */
/* The log, the ledger, and calls that fail as the tests want them to. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fake.h"

fake_ledger fake_live;
static FILE* log_file;

int fake_setting(const char* name, int otherwise) {
  const char* text = getenv(name);
  return text != NULL ? atoi(text) : otherwise;
}

static void write_line(const char* before, const char* format, va_list arguments) {
  const char* path = getenv("FAKE_CUDA_LOG");
  if (log_file == NULL && path != NULL) log_file = fopen(path, "w");
  if (log_file == NULL) return;
  fputs(before, log_file);
  vfprintf(log_file, format, arguments);
  fputc('\n', log_file);
}

void fake_log(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  write_line("", format, arguments);
  va_end(arguments);
}

cudaError_t fake_call(const char* name, const char* format, ...) {
  static int calls;
  int failing = 0, code = 0;
  char line[256];
  const char* fail = getenv("FAKE_CUDA_FAIL");
  bool fails = fail != NULL && sscanf(fail, "%d:%d", &failing, &code) == 2 && ++calls == failing;
  snprintf(line, sizeof(line), "%s%s%s", fails ? "failing " : "", name, *format ? " " : "");
  va_list arguments;
  va_start(arguments, format);
  write_line(line, format, arguments);
  va_end(arguments);
  return fails ? (cudaError_t)code : cudaSuccess;
}

__attribute__((destructor)) static void write_ledger(void) {
  fake_log("live streams=%d events=%d graphs=%d executables=%d memory=%d captures=%d",
           fake_live.streams, fake_live.events, fake_live.graphs, fake_live.executables,
           fake_live.memory, fake_live.captures);
  if (log_file != NULL) fclose(log_file);
}
