/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for objects. To make an object and let it go costs little besides malloc() and free(), so
 * each thread keeps a few of the blocks that it freed for its next objects.
 *
 * A block goes to the thread that frees it, whichever thread it came from: so nothing is shared
 * and nothing needs a lock. What is kept is bounded, and goes back to the heap when the thread
 * ends.
 */
#ifndef FFI_CTS_REFERENCE_BLOCKS_H_
#define FFI_CTS_REFERENCE_BLOCKS_H_

#include <stddef.h>
#include <stdint.h>

#include "ffi_cts/abi.h"

#include "compiler.h"

#pragma GCC visibility push(hidden)

enum {
  FFI_BLOCK_STEP = 32,   /* bytes from one class of small blocks to the next, and of the first */
  FFI_BLOCK_CLASSES = 8, /* a block of the last has 256 bytes, its prefix included */
  FFI_BLOCKS_KEPT = 16,  /* of each class at most: 18 KiB a thread in all */
  FFI_SPARES = 9         /* larger blocks: one of 256 to 511 bytes, one of up to 1023, ... 131071 */
};

/* A checker of memory has to see every malloc() and free(), of exactly the size asked for. */
#if defined(FFI_ADDRESS_SANITIZER)
#define FFI_KEEPS_BLOCKS 0
#else
#define FFI_KEEPS_BLOCKS 1
#endif

/* In front of the memory that a block is for. */
typedef struct {
  size_t size_class;              /* of a larger block, its size without this prefix */
  TVMFFIObjectAllocHeader header; /* set even if no object moves in */
} ffi_block_prefix;

enum { FFI_MAX_BLOCK = FFI_BLOCK_STEP * FFI_BLOCK_CLASSES - sizeof(ffi_block_prefix) };

_Static_assert(sizeof(ffi_block_prefix) % _Alignof(TVMFFIObject) == 0,
               "an object may directly follow the prefix in a block of malloc");

/*
 * Lies where a dead object had its reference counts: who still uses it meets counts that make no
 * sense, as after free().
 */
typedef struct ffi_free_block {
  struct ffi_free_block* next;
} ffi_free_block;

typedef enum { FFI_BLOCKS_UNUSED, FFI_BLOCKS_OPEN, FFI_BLOCKS_CLOSED } ffi_blocks_state;

/* All zero at first, which keeps nothing: the first block that comes back opens the lists. */
typedef struct {
  ffi_free_block* list[FFI_BLOCK_CLASSES]; /* owned */
  ffi_free_block* spare[FFI_SPARES];       /* owned; NULL where there is none */
  uint8_t room[FFI_BLOCK_CLASSES];         /* how many still fit on the list */
  uint8_t state;                           /* ffi_blocks_state */
} ffi_block_lists;

extern _Thread_local ffi_block_lists ffi_this_thread_blocks FFI_FAST_TLS;

/* The callbacks in the prefix of blocks, which tell small ones from larger ones. */
void ffi_block_delete_space(void* object);
void ffi_large_delete_space(void* object);

/* Past the lists. */
FFI_COLD void* ffi_block_from_heap(size_t size, size_t size_class);
FFI_COLD void ffi_block_to_heap(void* memory);

/* Like ffi_block_new(), for more than FFI_MAX_BLOCK bytes. */
void* ffi_large_new(size_t size);

/* Owned by the caller; up to FFI_MAX_BLOCK bytes, uninitialised. NULL if out of memory. */
static inline void* ffi_block_new(size_t size) {
  ffi_block_lists* blocks = &ffi_this_thread_blocks;
  size_t size_class = (sizeof(ffi_block_prefix) + size - 1) / FFI_BLOCK_STEP;
  ffi_free_block* block = blocks->list[size_class];
  if (FFI_UNLIKELY(block == NULL)) {
    return ffi_block_from_heap(size, size_class);
  }
  blocks->list[size_class] = block->next;
  ++blocks->room[size_class];
  return block;
}

/* Takes what ffi_block_new() gave, to whichever thread. */
static inline void ffi_block_free(void* memory) {
  ffi_block_lists* blocks = &ffi_this_thread_blocks;
  size_t size_class = ((ffi_block_prefix*)memory - 1)->size_class;
  if (FFI_UNLIKELY(blocks->room[size_class] == 0)) {
    ffi_block_to_heap(memory);
    return;
  }
  ffi_free_block* block = memory;
  --blocks->room[size_class];
  block->next = blocks->list[size_class];
  blocks->list[size_class] = block;
}

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_BLOCKS_H_ */
