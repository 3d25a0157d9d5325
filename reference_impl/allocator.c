/* SPDX-License-Identifier: Apache-2.0 */
/* The builtin allocator as others see it, and the allocator of the user in its place. */
#include <stdlib.h>

#include "raised.h"
#include "storage.h"
#include "thread.h"

/* ---- Alignments larger than an object's own: only callers of the builtin allocator ask ---- */

typedef struct {
  void* block;
  TVMFFIObjectAllocHeader header;
} aligned_prefix;

static void aligned_delete_space(void* object) { free(((aligned_prefix*)object - 1)->block); }

static void* aligned_new(size_t size, size_t alignment) {
  if (size > FFI_MAX_PAYLOAD || alignment > FFI_MAX_PAYLOAD - size) {
    return NULL;
  }
  char* block = malloc(sizeof(aligned_prefix) + alignment + size);
  if (block == NULL) {
    return NULL;
  }
  uintptr_t start = (uintptr_t)block + sizeof(aligned_prefix);
  size_t gap = (size_t)(-start & (alignment - 1));
  char* object = block + sizeof(aligned_prefix) + gap;
  aligned_prefix prefix = {block, {aligned_delete_space}};
  ((aligned_prefix*)(void*)object)[-1] = prefix;
  return object;
}

/* The builtin allocator as others see it: reports its failure itself, as the interface demands. */
static void* builtin_allocate(size_t size, size_t alignment, int32_t type_index, void* context) {
  (void)type_index;
  (void)context;
  void* object = NULL;
  if (alignment > _Alignof(TVMFFIObject)) {
    object = aligned_new(size, alignment);
  } else if (size <= FFI_MAX_PAYLOAD) {
    object = ffi_builtin_new(size);
  }
  if (object == NULL) {
    (void)ffi_raise_no_memory();
  }
  return object;
}

static TVMFFICustomAllocator builtin_allocator = {builtin_allocate, NULL};

/* A custom allocator should have raised an error before it returned NULL. */
int ffi_alloc_failed(void) {
  bool is_raised = ffi_has_custom_allocator() && ffi_this_thread.raised != NULL;
  return is_raised ? -1 : ffi_raise_no_memory();
}

TVMFFICustomAllocator* TVMFFIGetCustomAllocator(void) {
  TVMFFICustomAllocator* custom = __atomic_load_n(&ffi_custom_allocator, __ATOMIC_ACQUIRE);
  return custom != NULL ? custom : &builtin_allocator;
}

/* Borrows `allocator` for the rest of the process; NULL brings the builtin one back. */
int TVMFFISetCustomAllocator(TVMFFICustomAllocator* allocator) {
  if (allocator == &builtin_allocator) {
    allocator = NULL;
  } else if (allocator != NULL && allocator->allocate == NULL) {
    return ffi_raise("ValueError", "a custom allocator needs an allocate callback");
  }
  __atomic_store_n(&ffi_custom_allocator, allocator, __ATOMIC_RELEASE);
  return 0;
}
