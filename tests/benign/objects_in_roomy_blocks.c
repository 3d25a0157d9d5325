/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: objects are aligned to 64 bytes, with room around them that was never cleared */
#define _ISOC11_SOURCE
#include <string.h>

#include "allocator.c"

enum { ROOM = 64, STRAY = 0xA7 };

static void roomy_delete_space(void* object) {
  memset((char*)object - ROOM, STRAY, ROOM);
  free((char*)object - ROOM);
}

static void* roomy_allocate(size_t size, size_t alignment, int32_t type_index, void* context) {
  (void)alignment;
  (void)type_index;
  (void)context;
  size_t whole = (size / ROOM + 3) * ROOM;
  char* block = size <= FFI_MAX_PAYLOAD ? aligned_alloc(ROOM, whole) : NULL;
  if (block == NULL) {
    (void)ffi_raise_no_memory();
    return NULL;
  }
  memset(block, STRAY, whole);
  TVMFFIObjectAllocHeader* header = (TVMFFIObjectAllocHeader*)(void*)(block + ROOM) - 1;
  header->delete_space = roomy_delete_space;
  return block + ROOM;
}

static TVMFFICustomAllocator roomy = {roomy_allocate, NULL};

__attribute__((constructor)) static void use_roomy_blocks(void) { ffi_custom_allocator = &roomy; }
