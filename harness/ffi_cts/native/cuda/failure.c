/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "host.h"

static char first[1024];
static const char* now_in;

void cts_now_in(const char* name) { now_in = name; }

int cts_fail(const char* format, ...) {
  if (first[0] != '\0') return -1;
  int used = 0;
  if (now_in != NULL) used = snprintf(first, sizeof(first), "%s: ", now_in);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(first + used, sizeof(first) - (size_t)used, format, arguments);
  va_end(arguments);
  return -1;
}

const char* cts_failure(void) { return first[0] != '\0' ? first : NULL; }

int cts_cuda(cudaError_t code, const char* call) {
  if (code == cudaSuccess) return 0;
  return cts_fail("%s failed with code %d (%s: %s)", call, (int)code, cudaGetErrorName(code),
                  cudaGetErrorString(code));
}
