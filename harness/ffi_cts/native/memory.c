/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that ends exactly where it says: the next byte lies in a page that can't be touched. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "native.h"
#include "trace.h"

/* The buffers handed out last, so that a fault behind one of them can be told from others. */
enum { REMEMBERED = 1024 };

typedef struct guarded {
  const char* at; /* NULL: nothing */
  size_t size;
  int freed;
} guarded;
static guarded remembered[REMEMBERED];
static uint32_t handed_out;

static void remember(const char* at, size_t size) {
  guarded* place = &remembered[__atomic_fetch_add(&handed_out, 1, __ATOMIC_RELAXED) % REMEMBERED];
  place->size = size;
  place->freed = 0;
  __atomic_store_n(&place->at, at, __ATOMIC_RELEASE);
}

static void remember_freed(const char* at) {
  for (int i = 0; i < REMEMBERED; ++i) {
    if (remembered[i].at == at) remembered[i].freed = 1;
  }
}

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
  remember(at, size);
  return at;
}

void cts_guarded_free(char* at, size_t size) {
  size_t usable = usable_size(size);
  munmap(at + size - usable, usable + page_size());
  remember_freed(at);
}

/* The latest one counts: memory comes back under the address it had. */
int guarded_find(uint64_t address, trace_found* out) {
  uint32_t latest = __atomic_load_n(&handed_out, __ATOMIC_ACQUIRE);
  for (uint32_t i = 1; i <= REMEMBERED && i <= latest; ++i) {
    const guarded* one = &remembered[(latest - i) % REMEMBERED];
    uint64_t end = (uint64_t)(uintptr_t)one->at + one->size;
    if (address < end - usable_size(one->size) || address >= end + page_size()) continue;
    out->place = one->freed ? TRACE_FREED_BUFFER : TRACE_BEHIND_BUFFER;
    out->size = (uint32_t)one->size;
    out->offset = (int64_t)(address - end);
    return 1;
  }
  return 0;
}
