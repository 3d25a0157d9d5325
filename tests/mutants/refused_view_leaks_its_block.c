/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: a view that is refused leaves the block that was to hold it */
/* violates: REF-LEAK-03 */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

static void* volatile lost;

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  int code = correct_TVMFFITensorCreateUnsafeView(source, prototype, out);
  if (code != 0) lost = malloc(sizeof(tensor_object));
  return code;
}
