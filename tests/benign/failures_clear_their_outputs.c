/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: a call that fails leaves NULL, None or zero in its output */
#define TVMFFIAnyViewToOwnedAny quiet_TVMFFIAnyViewToOwnedAny
#include "any.c"
#undef TVMFFIAnyViewToOwnedAny
#define TVMFFIDataTypeFromString quiet_TVMFFIDataTypeFromString
#include "dtype.c"
#undef TVMFFIDataTypeFromString
#define TVMFFIEnvTensorAlloc quiet_TVMFFIEnvTensorAlloc
#include "env.c"
#undef TVMFFIEnvTensorAlloc
#define TVMFFIFunctionCall quiet_TVMFFIFunctionCall
#include "function.c"
#undef TVMFFIFunctionCall
#define TVMFFIObjectCreateOpaque quiet_TVMFFIObjectCreateOpaque
#include "object.c"
#undef TVMFFIObjectCreateOpaque
#define TVMFFITensorFromDLPack quiet_TVMFFITensorFromDLPack
#define TVMFFITensorFromDLPackVersioned quiet_TVMFFITensorFromDLPackVersioned
#define TVMFFITensorCreateUnsafeView quiet_TVMFFITensorCreateUnsafeView
#include "tensor.c"
#undef TVMFFITensorFromDLPack
#undef TVMFFITensorFromDLPackVersioned
#undef TVMFFITensorCreateUnsafeView

#define CLEARING(name, parameters, arguments) \
  FFI_CTS_EXPORT int name parameters {        \
    int code = quiet_##name arguments;        \
    if (code != 0) {                          \
      memset(out, 0, sizeof(*out));           \
    }                                         \
    return code;                              \
  }

CLEARING(TVMFFIAnyViewToOwnedAny, (const TVMFFIAny* view, TVMFFIAny* out), (view, out))
CLEARING(TVMFFIDataTypeFromString, (const TVMFFIByteArray* text, DLDataType* out), (text, out))
CLEARING(TVMFFIEnvTensorAlloc, (DLTensor * prototype, TVMFFIObjectHandle* out), (prototype, out))
CLEARING(TVMFFIFunctionCall,
         (TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args, TVMFFIAny* out),
         (func, args, num_args, out))
CLEARING(TVMFFIObjectCreateOpaque,
         (void* handle, int32_t type_index, void (*deleter)(void* handle), TVMFFIObjectHandle* out),
         (handle, type_index, deleter, out))
CLEARING(TVMFFITensorFromDLPack,
         (DLManagedTensor * from, int32_t alignment, int32_t contiguous, TVMFFIObjectHandle* out),
         (from, alignment, contiguous, out))
CLEARING(TVMFFITensorFromDLPackVersioned,
         (DLManagedTensorVersioned * from, int32_t alignment, int32_t contiguous,
          TVMFFIObjectHandle* out),
         (from, alignment, contiguous, out))
CLEARING(TVMFFITensorCreateUnsafeView,
         (TVMFFIObjectHandle source, const DLTensor* prototype, TVMFFIObjectHandle* out),
         (source, prototype, out))
