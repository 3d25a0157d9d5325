/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: the view of a view holds what the first view was made of, not the view between */
#define TVMFFITensorCreateUnsafeView correct_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorCreateUnsafeView

FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source,
                                                const DLTensor* prototype,
                                                TVMFFIObjectHandle* out) {
  bool is_view = source != NULL && ((TVMFFIObject*)source)->deleter == view_delete;
  return correct_TVMFFITensorCreateUnsafeView(is_view ? ((tensor_object*)source)->owner : source,
                                              prototype, out);
}
