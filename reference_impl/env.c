/* SPDX-License-Identifier: Apache-2.0 */
/* What the surrounding framework or language puts at our disposal. */
#include <string.h>

#include "counts.h"
#include "raised.h"
#include "thread.h"
#include "values.h"

/* ---- Allocator of tensors ---- */

static DLPackManagedTensorAllocator global_allocator; /* atomic */

/* Sets the allocator of this thread and, if asked, that of the process. NULL takes it away. */
int TVMFFIEnvSetDLPackManagedTensorAllocator(
    DLPackManagedTensorAllocator allocator, int write_to_global_context,
    DLPackManagedTensorAllocator* opt_out_original_allocator) {
  ffi_thread* thread = &ffi_this_thread;
  if (opt_out_original_allocator != NULL) {
    *opt_out_original_allocator = thread->tensor_allocator;
  }
  thread->tensor_allocator = allocator;
  if (write_to_global_context != 0) {
    __atomic_store_n(&global_allocator, allocator, __ATOMIC_RELEASE);
  }
  return 0;
}

/* In the order that the header promises. */
DLPackManagedTensorAllocator TVMFFIEnvGetDLPackManagedTensorAllocator(void) {
  DLPackManagedTensorAllocator global = __atomic_load_n(&global_allocator, __ATOMIC_ACQUIRE);
  return global != NULL ? global : ffi_this_thread.tensor_allocator;
}

/* Allocating goes by the thread's context; that of the process helps threads without their own. */
static DLPackManagedTensorAllocator allocator_for_this_thread(void) {
  DLPackManagedTensorAllocator own = ffi_this_thread.tensor_allocator;
  return own != NULL ? own : __atomic_load_n(&global_allocator, __ATOMIC_ACQUIRE);
}

/* The context is a flag that tells whether the allocator reported its error. */
static void report_error(void* error_ctx, const char* kind, const char* message) {
  bool* reported = error_ctx;
  *reported = true;
  ffi_raise_texts(kind, message);
}

/* NULL, with an error raised, if the allocator failed in whatever way. */
static DLManagedTensorVersioned* allocate(DLPackManagedTensorAllocator allocator,
                                          DLTensor* prototype) {
  DLManagedTensorVersioned* managed = NULL;
  bool reported = false;
  int code = allocator(prototype, &managed, &reported, report_error);
  if (code == 0 && managed != NULL) {
    return managed;
  }
  if (!reported) {
    (void)ffi_raise("RuntimeError", "the tensor allocator failed without saying why");
  }
  return NULL;
}

/* Borrows `prototype`; the caller owns the tensor. */
int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  DLPackManagedTensorAllocator allocator = allocator_for_this_thread();
  if (allocator == NULL) {
    return ffi_raise("RuntimeError", "no tensor allocator has been set");
  }
  DLManagedTensorVersioned* managed = allocate(allocator, prototype);
  if (managed == NULL) {
    return -1;
  }
  if (ffi_tensor_import(managed, out) != 0) {
    if (managed->deleter != NULL) {
      managed->deleter(managed); /* it is ours since the allocator gave it to us */
    }
    return -1;
  }
  return 0;
}

/* ---- Functions of the Python interpreter, registered by name ---- */

typedef enum { CHECK_SIGNALS, LOCK_INTERPRETER, UNLOCK_INTERPRETER, NUM_HOOKS } hook;

static const char* const hook_names[NUM_HOOKS] = {"PyErr_CheckSignals", "PyGILState_Ensure",
                                                  "PyGILState_Release"};
static void* hooks[NUM_HOOKS]; /* atomic, borrowed for the life of the process */

int TVMFFIEnvRegisterCAPI(const char* name, void* symbol) {
  for (int i = 0; i < NUM_HOOKS && name != NULL; ++i) {
    if (strcmp(name, hook_names[i]) == 0) {
      __atomic_store_n(&hooks[i], symbol, __ATOMIC_RELEASE);
      return 0;
    }
  }
  return ffi_raise("ValueError", "`%.200s` is no function that can be registered",
                   name != NULL ? name : "");
}

/* ISO C has no cast between pointers to data and to functions. */
typedef union {
  void* symbol;
  int (*check_signals)(void);
  int (*lock)(void);
  void (*unlock)(int state);
} hook_function;

static hook_function get_hook(hook which) {
  hook_function function = {__atomic_load_n(&hooks[which], __ATOMIC_ACQUIRE)};
  return function;
}

/* Nonzero if a signal is to be handled; the error then is with the interpreter, not with us. */
int TVMFFIEnvCheckSignals(void) {
  hook_function check = get_hook(CHECK_SIGNALS);
  hook_function lock = get_hook(LOCK_INTERPRETER);
  hook_function unlock = get_hook(UNLOCK_INTERPRETER);
  if (check.symbol == NULL) {
    return 0;
  }
  bool locks = lock.symbol != NULL && unlock.symbol != NULL;
  int state = locks ? lock.lock() : 0;
  int code = check.check_signals();
  if (locks) {
    unlock.unlock(state);
  }
  return code != 0 ? -1 : 0;
}
