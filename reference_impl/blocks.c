/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of memory, where the lists of the thread don't help. blocks.h says what they are. */
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "thread.h"

_Thread_local ffi_block_lists ffi_this_thread_blocks FFI_FAST_TLS;

/* ---- When to keep any ---- */

/* Without an exit hook nothing may be kept, since nobody would free it. */
static FFI_COLD void open_lists(ffi_block_lists* blocks) {
  if (!ffi_this_thread.has_exit_hook) {
    ffi_thread_add_exit_hook();
  }
  if (!ffi_this_thread.has_exit_hook) {
    blocks->state = FFI_BLOCKS_CLOSED;
    return;
  }
  blocks->state = FFI_BLOCKS_OPEN;
  memset(blocks->room, FFI_BLOCKS_KEPT, sizeof(blocks->room));
}

static bool is_open(ffi_block_lists* blocks) {
  if (FFI_KEEPS_BLOCKS && FFI_UNLIKELY(blocks->state == FFI_BLOCKS_UNUSED)) {
    open_lists(blocks);
  }
  return blocks->state == FFI_BLOCKS_OPEN;
}

static ffi_block_prefix* prefix_of(void* memory) { return (ffi_block_prefix*)memory - 1; }

static void to_heap(void* memory) { free(prefix_of(memory)); }

static void free_list(ffi_free_block* block) {
  while (block != NULL) {
    ffi_free_block* next = block->next;
    to_heap(block);
    block = next;
  }
}

/* The thread keeps nothing from now on. */
static void release_blocks(ffi_thread* thread) {
  (void)thread;
  ffi_block_lists* blocks = &ffi_this_thread_blocks;
  for (int i = 0; i < FFI_BLOCK_CLASSES; ++i) {
    free_list(blocks->list[i]);
  }
  for (int i = 0; i < FFI_SPARES; ++i) {
    free_list(blocks->spare[i]);
  }
  *blocks = (ffi_block_lists){.state = FFI_BLOCKS_CLOSED};
}

__attribute__((constructor)) static void name_release(void) {
  ffi_thread_part_is_released_by(FFI_PART_BLOCKS, release_blocks);
}

/* ---- Small blocks, where the lists don't help ---- */

void* ffi_block_from_heap(size_t size, size_t size_class) {
  size_t whole =
      FFI_KEEPS_BLOCKS ? (size_class + 1) * FFI_BLOCK_STEP : sizeof(ffi_block_prefix) + size;
  ffi_block_prefix* block = malloc(whole);
  if (FFI_UNLIKELY(block == NULL)) {
    return NULL;
  }
  block->size_class = size_class;
  block->header.delete_space = ffi_block_delete_space;
  return block + 1;
}

/*
 * Others come here: a custom allocator may have asked the builtin one for the storage and put a
 * callback of its own into the prefix, which must not stay there.
 */
void ffi_block_delete_space(void* object) {
  prefix_of(object)->header.delete_space = ffi_block_delete_space;
  ffi_block_free(object);
}

/* The block that opens the lists is not yet kept in them. */
void ffi_block_to_heap(void* memory) {
  (void)is_open(&ffi_this_thread_blocks);
  to_heap(memory);
}

/* ---- Larger blocks: of each power of two the largest that came back ---- */

enum {
  MAX_SPARE = (FFI_BLOCK_STEP * FFI_BLOCK_CLASSES << FFI_SPARES) - sizeof(ffi_block_prefix) - 1
};

static size_t large_size(void* memory) { return prefix_of(memory)->size_class; }

/* Which spare a block may be. */
static size_t spare_index(size_t size) {
  size_t whole = sizeof(ffi_block_prefix) + size;
  return (size_t)(__builtin_clzll(FFI_BLOCK_STEP * FFI_BLOCK_CLASSES) - __builtin_clzll(whole));
}

static void* take_spare(size_t size) {
  ffi_free_block** place = &ffi_this_thread_blocks.spare[spare_index(size)];
  ffi_free_block* spare = *place;
  if (spare == NULL || large_size(spare) < size) {
    return NULL;
  }
  *place = NULL;
  return spare;
}

/* Returns what has to be freed instead, or NULL. */
static void* keep_as_spare(ffi_free_block* block, size_t size) {
  ffi_free_block** place = &ffi_this_thread_blocks.spare[spare_index(size)];
  ffi_free_block* other = *place;
  if (other != NULL && large_size(other) >= size) {
    return block;
  }
  prefix_of(block)->header.delete_space = ffi_large_delete_space; /* as above */
  block->next = NULL;
  *place = block;
  return other;
}

void* ffi_large_new(size_t size) {
  void* spare = size <= MAX_SPARE ? take_spare(size) : NULL;
  if (spare != NULL) {
    return spare;
  }
  ffi_block_prefix* block = malloc(sizeof(*block) + size);
  if (FFI_UNLIKELY(block == NULL)) {
    return NULL;
  }
  block->size_class = size;
  block->header.delete_space = ffi_large_delete_space;
  return block + 1;
}

void ffi_large_delete_space(void* object) {
  size_t size = large_size(object);
  if (size <= MAX_SPARE && is_open(&ffi_this_thread_blocks)) {
    object = keep_as_spare(object, size);
  }
  if (object != NULL) {
    to_heap(object);
  }
}
