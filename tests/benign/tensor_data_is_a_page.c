/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: imports and views point to a multiple of 4096 bytes, and say the rest as byte offset */
#define TVMFFITensorFromDLPack correct_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned correct_TVMFFITensorFromDLPackVersioned
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned
#undef TVMFFITensorCreateUnsafeView

enum { PAGE = 4096 };

static int split_at_page(int code, TVMFFIObjectHandle handle) {
  if (code == 0) {
    DLTensor* tensor = &((tensor_object*)handle)->tensor;
    if (has_plain_addresses(tensor->device)) {
      uint64_t start = (uint64_t)(uintptr_t)tensor->data + tensor->byte_offset;
      tensor->data = (void*)(uintptr_t)(start / PAGE * PAGE);
      tensor->byte_offset = start % PAGE;
    }
  }
  return code;
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                                          int32_t require_contiguous, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorFromDLPack(from, require_alignment, require_contiguous, out);
  return split_at_page(code, *out);
}

FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from,
                                                   int32_t require_alignment,
                                                   int32_t require_contiguous,
                                                   TVMFFIObjectHandle* out) {
  int code =
      correct_TVMFFITensorFromDLPackVersioned(from, require_alignment, require_contiguous, out);
  return split_at_page(code, *out);
}

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  return split_at_page(code, *out);
}
