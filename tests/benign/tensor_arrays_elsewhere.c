/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: shape and strides of an imported tensor are separately allocated copies */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned

static int64_t* copy_array(const int64_t* array, int32_t count) {
  int64_t* copy = array != NULL ? malloc((size_t)(count + 1) * sizeof(int64_t)) : NULL;
  if (copy != NULL) {
    memcpy(copy, array, (size_t)count * sizeof(int64_t));
  }
  return copy;
}

/* Stands between the producer and the tensor object; owns the arrays and the producer's struct. */
typedef struct {
  DLManagedTensor managed;
  DLManagedTensor* from; /* owned */
} legacy_box;

static void legacy_box_delete(DLManagedTensor* self) {
  legacy_box* box = (legacy_box*)self;
  free(box->managed.dl_tensor.shape);
  free(box->managed.dl_tensor.strides);
  if (box->from->deleter != NULL) {
    box->from->deleter(box->from);
  }
  free(box);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  legacy_box* box = malloc(sizeof(*box));
  if (box == NULL) {
    return ffi_raise_no_memory();
  }
  box->managed = *from;
  box->managed.deleter = legacy_box_delete;
  box->managed.dl_tensor.shape = copy_array(from->dl_tensor.shape, from->dl_tensor.ndim);
  box->managed.dl_tensor.strides = copy_array(from->dl_tensor.strides, from->dl_tensor.ndim);
  box->from = from;
  int code =
      correct_TVMFFITensorFromDLPack(&box->managed, require_alignment, require_contiguous, out);
  if (code != 0) {
    free(box->managed.dl_tensor.shape);
    free(box->managed.dl_tensor.strides);
    free(box);
  }
  return code;
}

/* Stands between the producer and the tensor object; owns the arrays and the producer's struct. */
typedef struct {
  DLManagedTensorVersioned managed;
  DLManagedTensorVersioned* from; /* owned */
} versioned_box;

static void versioned_box_delete(DLManagedTensorVersioned* self) {
  versioned_box* box = (versioned_box*)self;
  free(box->managed.dl_tensor.shape);
  free(box->managed.dl_tensor.strides);
  if (box->from->deleter != NULL) {
    box->from->deleter(box->from);
  }
  free(box);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  versioned_box* box = malloc(sizeof(*box));
  if (box == NULL) {
    return ffi_raise_no_memory();
  }
  box->managed = *from;
  box->managed.deleter = versioned_box_delete;
  box->managed.dl_tensor.shape = copy_array(from->dl_tensor.shape, from->dl_tensor.ndim);
  box->managed.dl_tensor.strides = copy_array(from->dl_tensor.strides, from->dl_tensor.ndim);
  box->from = from;
  int code = correct_TVMFFITensorFromDLPackVersioned(&box->managed, require_alignment,
                                                     require_contiguous, out);
  if (code != 0) {
    free(box->managed.dl_tensor.shape);
    free(box->managed.dl_tensor.strides);
    free(box);
  }
  return code;
}
