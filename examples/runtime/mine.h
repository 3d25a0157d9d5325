/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this runtime share. Each is a step of docs/write-a-runtime.md. */
#ifndef MINE_H_
#define MINE_H_

#include "ffi_cts/abi.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Defined by a later step: until then the one in 02_objects.c does what little it can. */
#define PLACEHOLDER __attribute__((weak))

/* 02_objects.c */
void* must(void* memory); /* memory, which is not NULL: without memory this runtime gives up */
void* new_object(size_t size, int32_t type_index, void (*deleter)(void* self, int flags));
void free_object(void* object);
void retain(void* object);
void release(void* object);
extern void* (*take_storage)(size_t size, int32_t type_index);

/* 04_strings.c */
int own_text(int32_t type_index, const char* data, size_t size, TVMFFIAny* out);
bool readable(const TVMFFIByteArray* array); /* has bytes for its size, or raises an error */

/* 06_errors.c: what each thread has, and how a function of this runtime fails */
typedef struct Stream {
  int32_t device_type, device_id;
  TVMFFIStreamHandle handle;
  struct Stream* next;
} Stream;

typedef struct {
  void* raised;
  Stream* streams;
  DLPackManagedTensorAllocator allocator;
} Thread;

Thread* this_thread(void);
int fail(const char* kind, const char* message); /* raises, and gives the -1 to return */
void raise_error(void* error);
TVMFFIByteArray copy_text(const TVMFFIByteArray* text);
bool same_text(const TVMFFIByteArray* a, const TVMFFIByteArray* b);

/* 07_globals.c: one lock for all tables */
void lock(void);
void unlock(void);

#endif
