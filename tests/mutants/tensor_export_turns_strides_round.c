/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: negative strides of an export lose their sign */
/* violates: TENSOR-EXPORT-01 TENSOR-EXPORT-02 TENSOR-EXPORT-07 TENSOR-EXPORT-08 */
#define TVMFFITensorToDLPack correct_TVMFFITensorToDLPack
#define TVMFFITensorToDLPackVersioned correct_TVMFFITensorToDLPackVersioned
#include "tensor.c"
#undef TVMFFITensorToDLPack
#undef TVMFFITensorToDLPackVersioned

/* The copy is kept for ever: that is not the flaw to be seen here. */
static void turn_round(DLTensor* tensor) {
  int64_t* strides = ffi_immortal_alloc(((size_t)tensor->ndim + 1) * sizeof(*strides));
  for (int32_t i = 0; i < tensor->ndim && strides != NULL; ++i) {
    strides[i] = tensor->strides[i] < 0 ? -tensor->strides[i] : tensor->strides[i];
  }
  if (tensor->ndim != 0 && strides != NULL) tensor->strides = strides;
}

FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  int code = correct_TVMFFITensorToDLPack(from, out);
  if (code == 0) turn_round(&(*out)->dl_tensor);
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from,
                                                 DLManagedTensorVersioned** out) {
  int code = correct_TVMFFITensorToDLPackVersioned(from, out);
  if (code == 0) turn_round(&(*out)->dl_tensor);
  return code;
}
