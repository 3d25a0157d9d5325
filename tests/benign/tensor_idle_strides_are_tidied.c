/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: exports have 1 as the stride of dimensions of one element, 0 throughout without elements
 */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

static void tidy(DLTensor* tensor, int64_t* strides) {
  for (int32_t i = 0; i < tensor->ndim; ++i) {
    strides[i] = is_empty(tensor) ? 0 : tensor->shape[i] == 1 ? 1 : tensor->strides[i];
  }
  if (tensor->ndim != 0) tensor->strides = strides;
}

typedef struct {
  DLManagedTensor managed;
  DLManagedTensor* inner; /* owned */
  int64_t strides[];
} legacy_export;

static void legacy_export_done(DLManagedTensor* self) {
  legacy_export* box = (legacy_export*)self;
  box->inner->deleter(box->inner);
  free(box);
}

FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  DLManagedTensor* inner = NULL;
  if (correct_TVMFFITensorToDLPack(from, &inner) != 0) {
    return -1;
  }
  legacy_export* box = malloc(sizeof(*box) + (size_t)inner->dl_tensor.ndim * sizeof(int64_t));
  if (box == NULL) {
    inner->deleter(inner);
    return ffi_raise_no_memory();
  }
  box->managed = *inner;
  box->managed.deleter = legacy_export_done;
  box->inner = inner;
  tidy(&box->managed.dl_tensor, box->strides);
  *out = &box->managed;
  return 0;
}

typedef struct {
  DLManagedTensorVersioned managed;
  DLManagedTensorVersioned* inner; /* owned */
  int64_t strides[];
} versioned_export;

static void versioned_export_done(DLManagedTensorVersioned* self) {
  versioned_export* box = (versioned_export*)self;
  box->inner->deleter(box->inner);
  free(box);
}

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  DLManagedTensorVersioned* inner = NULL;
  if (correct_TVMFFITensorToDLPackVersioned(from, &inner) != 0) {
    return -1;
  }
  versioned_export* box = malloc(sizeof(*box) + (size_t)inner->dl_tensor.ndim * sizeof(int64_t));
  if (box == NULL) {
    inner->deleter(inner);
    return ffi_raise_no_memory();
  }
  box->managed = *inner;
  box->managed.deleter = versioned_export_done;
  box->inner = inner;
  tidy(&box->managed.dl_tensor, box->strides);
  *out = &box->managed;
  return 0;
}
