/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that ends where the process may read no further. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "native.h"

const char* cts_fenced_copy(const char* data, size_t size) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t room = (size + page - 1) / page * page;
  if (room == 0) room = page;
  char* block =
      (char*)mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) return NULL;
  char* start = block + room - size;
  if (size > 0) memcpy(start, data, size);
  if (mprotect(block + room, page, PROT_NONE) != 0) return NULL;
  return start;
}
