/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that ends exactly where it says: the next byte lies in a page that can't be touched. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "native.h"

static size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static size_t usable_size(size_t size) {
  size_t page = page_size();
  return (size / page + 1) * page; /* one page at least, so that bytes in front are readable */
}

char* cts_guarded_bytes(const char* content, size_t size) {
  size_t usable = usable_size(size);
  char* block = (char*)mmap(NULL, usable + page_size(), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == (char*)MAP_FAILED) return NULL;
  char* at = block + usable - size;
  if (size != 0) memcpy(at, content, size);
  if (mprotect(block + usable, page_size(), PROT_NONE) != 0) {
    munmap(block, usable + page_size());
    return NULL;
  }
  return at;
}

void cts_guarded_free(char* at, size_t size) {
  size_t usable = usable_size(size);
  munmap(at + size - usable, usable + page_size());
}
