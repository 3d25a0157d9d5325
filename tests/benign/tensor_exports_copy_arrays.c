/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: exports are larger structs with shape and strides of their own and no context */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

typedef struct {
  DLManagedTensor managed;
  DLManagedTensor* inner;  /* owned */
  unsigned char extra[40]; /* whatever else an implementation may want to keep */
  int64_t arrays[];        /* shape, then strides */
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
  size_t count = (size_t)inner->dl_tensor.ndim;
  legacy_export* box = calloc(1, sizeof(*box) + 2 * count * sizeof(int64_t));
  if (box == NULL) {
    inner->deleter(inner);
    return ffi_raise_no_memory();
  }
  box->managed = *inner;
  box->managed.manager_ctx = NULL;
  box->managed.deleter = legacy_export_done;
  box->inner = inner;
  if (count != 0) {
    memcpy(box->arrays, inner->dl_tensor.shape, count * sizeof(int64_t));
    memcpy(box->arrays + count, inner->dl_tensor.strides, count * sizeof(int64_t));
    box->managed.dl_tensor.shape = box->arrays;
    box->managed.dl_tensor.strides = box->arrays + count;
  }
  *out = &box->managed;
  return 0;
}

typedef struct {
  DLManagedTensorVersioned managed;
  DLManagedTensorVersioned* inner; /* owned */
  unsigned char extra[40];         /* whatever else an implementation may want to keep */
  int64_t arrays[];                /* shape, then strides */
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
  size_t count = (size_t)inner->dl_tensor.ndim;
  versioned_export* box = calloc(1, sizeof(*box) + 2 * count * sizeof(int64_t));
  if (box == NULL) {
    inner->deleter(inner);
    return ffi_raise_no_memory();
  }
  box->managed = *inner;
  box->managed.manager_ctx = NULL;
  box->managed.deleter = versioned_export_done;
  box->inner = inner;
  if (count != 0) {
    memcpy(box->arrays, inner->dl_tensor.shape, count * sizeof(int64_t));
    memcpy(box->arrays + count, inner->dl_tensor.strides, count * sizeof(int64_t));
    box->managed.dl_tensor.shape = box->arrays;
    box->managed.dl_tensor.strides = box->arrays + count;
  }
  *out = &box->managed;
  return 0;
}
