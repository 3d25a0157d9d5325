/* SPDX-License-Identifier: Apache-2.0 */
/* Step 14: what the surroundings provide: memory for tensors and objects, Python's signals. */
#include "mine.h"

static DLPackManagedTensorAllocator for_all;

int TVMFFIEnvSetDLPackManagedTensorAllocator(
    DLPackManagedTensorAllocator allocator, int write_to_global_context,
    DLPackManagedTensorAllocator* opt_out_original_allocator) {
  Thread* thread = this_thread();
  if (opt_out_original_allocator != NULL) *opt_out_original_allocator = thread->allocator;
  thread->allocator = allocator;
  lock();
  if (write_to_global_context) for_all = allocator;
  unlock();
  return 0;
}

static DLPackManagedTensorAllocator global_allocator(void) {
  lock();
  DLPackManagedTensorAllocator found = for_all;
  unlock();
  return found;
}

DLPackManagedTensorAllocator TVMFFIEnvGetDLPackManagedTensorAllocator(void) {
  DLPackManagedTensorAllocator found = global_allocator();
  return found != NULL ? found : this_thread()->allocator;
}

static void set_error(void* error_ctx, const char* kind, const char* message) {
  *(bool*)error_ctx = true;
  (void)fail(kind, message);
}

int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  /* The getter looks for the global one first; this function for the thread's. */
  DLPackManagedTensorAllocator allocator = this_thread()->allocator;
  if (allocator == NULL) allocator = global_allocator();
  if (allocator == NULL) return fail("RuntimeError", "no allocator of tensors was set");
  DLTensor wanted = {.device = prototype->device,
                     .ndim = prototype->ndim,
                     .dtype = prototype->dtype,
                     .shape = prototype->shape};
  DLManagedTensorVersioned* made = NULL;
  bool said_why = false;
  int code = allocator(&wanted, &made, &said_why, set_error);
  if (code != 0 || made == NULL)
    return said_why ? -1 : fail("RuntimeError", "the allocator made no tensor");
  code = TVMFFITensorFromDLPackVersioned(made, 0, 0, out);
  if (code != 0 && made->deleter != NULL) made->deleter(made); /* nobody else has it */
  return code;
}

/* Storage of objects from somebody else. */

static void* (*plain)(size_t size, int32_t type_index); /* what step 2 began with */

static void* plain_storage(size_t size, size_t alignment, int32_t type_index, void* context) {
  (void)alignment;
  (void)context;
  return plain(size, type_index);
}

static TVMFFICustomAllocator built_in = {plain_storage, NULL};
static TVMFFICustomAllocator* chosen = &built_in;

static void* chosen_storage(size_t size, int32_t type_index) {
  static _Thread_local bool failing;
  if (failing) return plain(size, type_index); /* for the error that says so */
  Thread* thread = this_thread();
  void* pending = thread->raised; /* put aside, to see whether the allocator raises */
  thread->raised = NULL;
  void* object = chosen->allocate(size, _Alignof(TVMFFIObject), type_index, chosen->context);
  if (object != NULL) {
    thread->raised = pending;
    return object;
  }
  release(pending);
  failing = true;
  if (thread->raised == NULL) (void)fail("MemoryError", "the allocator of objects has none left");
  failing = false;
  return NULL;
}

TVMFFICustomAllocator* TVMFFIGetCustomAllocator(void) { return chosen; }

int TVMFFISetCustomAllocator(TVMFFICustomAllocator* allocator) {
  chosen = allocator != NULL ? allocator : &built_in;
  take_storage = allocator != NULL ? chosen_storage : plain;
  return 0;
}

__attribute__((constructor)) static void remember(void) { plain = take_storage; }
