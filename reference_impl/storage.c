/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Storage of objects. In front of every object lies a TVMFFIObjectAllocHeader, whose callback
 * knows how to give the storage back; so objects of several allocators can live side by side.
 */
#include "storage.h"

#include "thread.h"

TVMFFICustomAllocator* ffi_custom_allocator;

/*
 * An allocator that fails has to raise an error, which is an object too: what it makes meanwhile
 * comes from the builtin allocator, or it would be asked for ever.
 */
void* ffi_custom_new(size_t size, int32_t type_index) {
  ffi_thread* thread = &ffi_this_thread;
  if (thread->in_object_allocator) {
    return ffi_builtin_new(size);
  }
  const TVMFFICustomAllocator* allocator = __atomic_load_n(&ffi_custom_allocator, __ATOMIC_ACQUIRE);
  if (allocator == NULL) { /* taken away meanwhile */
    return ffi_builtin_new(size);
  }
  /* The slot is emptied, so that what is in it afterwards comes from the allocator. */
  TVMFFIObject* pending = thread->raised;
  thread->raised = NULL;
  thread->in_object_allocator = true;
  void* object = allocator->allocate(size, _Alignof(TVMFFIObject), type_index, allocator->context);
  thread->in_object_allocator = false;
  if (object != NULL && thread->raised == NULL) {
    thread->raised = pending;
  } else {
    ffi_release(pending);
  }
  return object;
}
