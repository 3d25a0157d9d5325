/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: where addresses are plain, imports and views have the byte offset added to the data */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned
#undef TVMFFITensorCreateUnsafeView

static int add_offset(int code, TVMFFIObjectHandle handle) {
  if (code == 0) {
    DLTensor* tensor = &((tensor_object*)handle)->tensor;
    if (has_plain_addresses(tensor->device)) {
      tensor->data = (void*)((uintptr_t)tensor->data + (uintptr_t)tensor->byte_offset);
      tensor->byte_offset = 0;
    }
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
  return add_offset(code, *out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  int code =
      correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
  return add_offset(code, *out);
}

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  return add_offset(code, *out);
}
