/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: the tensor allocator gets a prototype of its own, without data, strides and offset */
#define TVMFFIEnvTensorAlloc correct_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc

FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out) {
  DLTensor bare = {.ndim = prototype->ndim,
                   .shape = prototype->shape,
                   .dtype = prototype->dtype,
                   .device = prototype->device};
  return correct_TVMFFIEnvTensorAlloc(&bare, out);
}
