/* SPDX-License-Identifier: Apache-2.0 */
/* Tensor allocators with a scripted behaviour. The signature has no context, hence the globals. */
#include <pthread.h>
#include <string.h>

#include "team.h"

static cts_allocator_state states[CTS_ALLOCATORS];

cts_allocator_state* cts_allocator(int which) { return &states[which]; }

static void remember(cts_allocator_state* state, const DLTensor* prototype) {
  ++state->calls;
  state->thread = cts_thread_id();
  state->seen = *prototype;
  int32_t kept = prototype->ndim < CTS_SEEN_DIMS ? prototype->ndim : CTS_SEEN_DIMS;
  for (int32_t i = 0; i < kept; ++i) state->seen_shape[i] = prototype->shape[i];
}

/* Row-major strides: what an allocator owes its caller whatever the prototype says of them. */
static void fill_strides(DLTensor* tensor) {
  uint64_t stride = 1;
  for (int32_t i = tensor->ndim; i-- > 0;) {
    tensor->strides[i] = (int64_t)stride;
    stride *= (uint64_t)tensor->shape[i];
  }
}

static int allocate(cts_allocator_state* state, const DLTensor* prototype,
                    DLManagedTensorVersioned** out, void* error_ctx,
                    void (*SetError)(void* error_ctx, const char* kind, const char* message)) {
  remember(state, prototype);
  if (state->fails) {
    SetError(error_ctx, "MemoryError", "the scripted allocator has nothing left");
    return -1;
  }
  DLTensor tensor = *prototype;
  tensor.strides = prototype->shape; /* makes room for strides of the same number */
  tensor.data = state->data;
  tensor.byte_offset = 0;
  DLManagedTensorVersioned* managed = cts_dlpack_versioned(&tensor, &state->deletions, 1, 1, 0, 0);
  if (managed == NULL) return -1;
  fill_strides(&managed->dl_tensor);
  state->last = managed;
  *out = managed;
  return 0;
}

int cts_allocate_first(DLTensor* prototype, DLManagedTensorVersioned** out, void* error_ctx,
                       void (*SetError)(void* error_ctx, const char* kind, const char* message)) {
  return allocate(&states[0], prototype, out, error_ctx, SetError);
}

int cts_allocate_second(DLTensor* prototype, DLManagedTensorVersioned** out, void* error_ctx,
                        void (*SetError)(void* error_ctx, const char* kind, const char* message)) {
  return allocate(&states[1], prototype, out, error_ctx, SetError);
}

typedef struct other_thread {
  DLPackManagedTensorAllocator (*get)(void);
  DLPackManagedTensorAllocator got;
  int (*alloc)(DLTensor* prototype, TVMFFIObjectHandle* out);
  DLTensor* prototype;
  TVMFFIObjectHandle* out;
  int code;
} other_thread;

static void* run(void* opaque) {
  other_thread* self = (other_thread*)opaque;
  if (self->get != NULL) self->got = self->get();
  if (self->alloc != NULL) self->code = self->alloc(self->prototype, self->out);
  return NULL;
}

int cts_thread_get_allocator(DLPackManagedTensorAllocator (*get)(void),
                             DLPackManagedTensorAllocator* out) {
  other_thread self = {.get = get};
  int code = team_run_alone(run, &self);
  *out = self.got;
  return code;
}

/* Returns the code of `alloc`. */
int cts_thread_alloc_tensor(int (*alloc)(DLTensor* prototype, TVMFFIObjectHandle* out),
                            DLTensor* prototype, TVMFFIObjectHandle* out) {
  other_thread self = {.alloc = alloc, .prototype = prototype, .out = out};
  int started = team_run_alone(run, &self);
  return started != 0 ? started : self.code;
}
