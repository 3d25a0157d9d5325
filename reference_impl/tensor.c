/* SPDX-License-Identifier: Apache-2.0 */
/* Tensors from DLPack, views of tensors, and tensors to DLPack. */
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "raised.h"
#include "storage.h"
#include "values.h"

/* Followed, in the same block, by shape and strides where the tensor has its own. */
typedef struct {
  TVMFFIObject header;
  DLTensor tensor;
  void* owner;    /* owned; what keeps the data alive, of a kind that the deleter knows */
  uint64_t flags; /* DLPack flags that also hold for whoever gets an export of this tensor */
} tensor_object;

_Static_assert(sizeof(tensor_object) % _Alignof(int64_t) == 0, "arrays may follow a tensor");

/* ---- Deletion: one deleter for each kind of owner ---- */

static void legacy_delete(void* self, int flags) {
  DLManagedTensor* owner = ((tensor_object*)self)->owner;
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0 && owner->deleter != NULL) {
    owner->deleter(owner);
  }
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(self);
  }
}

static void versioned_delete(void* self, int flags) {
  DLManagedTensorVersioned* owner = ((tensor_object*)self)->owner;
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0 && owner->deleter != NULL) {
    owner->deleter(owner);
  }
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(self);
  }
}

static void view_delete(void* self, int flags) {
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskStrong) != 0) {
    ffi_release(((tensor_object*)self)->owner);
  }
  if ((flags & kTVMFFIObjectDeleterFlagBitMaskWeak) != 0) {
    ffi_object_free(self);
  }
}

/* A tensor of another library has the public part only, so nothing is known about its flags. */
static uint64_t inherited_flags(const TVMFFIObject* tensor) {
  bool is_ours = tensor->deleter == legacy_delete || tensor->deleter == versioned_delete ||
                 tensor->deleter == view_delete;
  return is_ours ? ((const tensor_object*)tensor)->flags : 0;
}

/* ---- What a consumer may demand ---- */

/* Whether an address on the device is a plain number whose low bits tell the alignment. */
static bool has_plain_addresses(DLDevice device) {
  switch (device.device_type) {
    case kDLCPU:
    case kDLCUDA:
    case kDLCUDAHost:
    case kDLCUDAManaged:
    case kDLROCM:
    case kDLROCMHost:
      return true;
    default:
      return false;
  }
}

static bool is_aligned(const DLTensor* tensor, uint64_t alignment) {
  uint64_t start = has_plain_addresses(tensor->device) ? (uint64_t)(uintptr_t)tensor->data : 0;
  return (start + tensor->byte_offset) % alignment == 0;
}

static bool is_empty(const DLTensor* tensor) {
  for (int32_t i = 0; i < tensor->ndim; ++i) {
    if (tensor->shape[i] == 0) {
      return true;
    }
  }
  return false;
}

/* Row-major without gaps. The stride of a dimension of one element is never used. */
static bool is_contiguous(const DLTensor* tensor) {
  if (tensor->strides == NULL || is_empty(tensor)) {
    return true;
  }
  uint64_t expected = 1; /* unsigned, because absurd shapes may wrap */
  for (int32_t i = tensor->ndim; i-- > 0;) {
    if (tensor->shape[i] == 1) {
      continue;
    }
    if ((uint64_t)tensor->strides[i] != expected) {
      return false;
    }
    expected *= (uint64_t)tensor->shape[i];
  }
  return true;
}

/* The width that DLPack ties to a code, or 0. */
static uint8_t required_bits(uint8_t code) {
  switch (code) {
    case kDLFloat6_e2m3fn:
    case kDLFloat6_e3m2fn:
      return 6;
    case kDLFloat4_e2m1fn:
      return 4;
    default:
      return 0;
  }
}

FFI_INLINE int check_dtype(DLDataType dtype) {
  if (FFI_UNLIKELY(dtype.code >= kDLFloat6_e2m3fn)) {
    uint8_t required = required_bits(dtype.code);
    if (required != 0 && dtype.bits != required) {
      return ffi_raise("ValueError", "elements of type code %d must have %d bits, not %d",
                       dtype.code, required, dtype.bits);
    }
  }
  return 0;
}

FFI_INLINE int check_demands(const DLTensor* tensor, int32_t alignment, int32_t contiguous) {
  if (FFI_UNLIKELY(tensor->ndim < 0 || (tensor->ndim > 0 && tensor->shape == NULL))) {
    return ffi_raise("ValueError", "a DLPack tensor of %d dimensions without a valid shape",
                     tensor->ndim);
  }
  if (FFI_UNLIKELY(alignment < 0)) {
    return ffi_raise("ValueError", "cannot require an alignment of %d bytes", alignment);
  }
  if (alignment != 0 && !is_aligned(tensor, (uint64_t)alignment)) {
    return ffi_raise("ValueError", "the data is not aligned to %d bytes", alignment);
  }
  if (contiguous != 0 && !is_contiguous(tensor)) {
    return ffi_raise("ValueError", "the tensor is not contiguous");
  }
  return 0;
}

/* ---- Import ---- */

static void fill_compact_strides(const DLTensor* tensor, int64_t* strides) {
  uint64_t stride = 1;
  for (int32_t i = tensor->ndim; i-- > 0;) {
    strides[i] = (int64_t)stride;
    stride *= (uint64_t)tensor->shape[i];
  }
}

/*
 * Shape, strides and data stay where the producer has them: they live as long as `owner`, which
 * the new tensor takes. Only missing strides are added, so that readers needn't care.
 */
FFI_INLINE int import_tensor(const DLTensor* tensor, void* owner, uint64_t flags,
                             ffi_deleter deleter, TVMFFIObjectHandle* out) {
  bool lacks_strides = tensor->ndim != 0 && tensor->strides == NULL;
  size_t extra = lacks_strides ? (size_t)tensor->ndim * sizeof(int64_t) : 0;
  tensor_object* object = (void*)ffi_object_new(sizeof(*object) + extra, kTVMFFITensor, deleter);
  if (FFI_UNLIKELY(object == NULL)) {
    return ffi_alloc_failed();
  }
  object->tensor = *tensor;
  object->owner = owner;
  object->flags = flags;
  if (FFI_UNLIKELY(lacks_strides)) {
    object->tensor.strides = (int64_t*)(object + 1);
    fill_compact_strides(tensor, object->tensor.strides);
  }
  *out = object;
  return 0;
}

/* On success the tensor owns `from`; on failure the caller still does. */
int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                           int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if (FFI_UNLIKELY(from == NULL)) {
    return ffi_raise("ValueError", "no DLPack tensor to import");
  }
  if (check_dtype(from->dl_tensor.dtype) != 0 ||
      check_demands(&from->dl_tensor, require_alignment, require_contiguous) != 0) {
    return -1;
  }
  return import_tensor(&from->dl_tensor, from, 0, legacy_delete, out);
}

/* Nothing behind the version and the deleter may be looked at before this. */
static int check_version(const DLManagedTensorVersioned* from) {
  if (FFI_UNLIKELY(from->version.major != DLPACK_MAJOR_VERSION)) {
    return ffi_raise("ValueError", "cannot read a tensor of DLPack %u.%u", from->version.major,
                     from->version.minor);
  }
  if (FFI_UNLIKELY((from->flags & DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED) != 0)) {
    return ffi_raise("ValueError", "padded sub-byte types are not supported");
  }
  return 0;
}

FFI_INLINE int import_versioned(DLManagedTensorVersioned* from, int32_t alignment,
                                int32_t contiguous, TVMFFIObjectHandle* out) {
  if (check_version(from) != 0 || check_dtype(from->dl_tensor.dtype) != 0 ||
      check_demands(&from->dl_tensor, alignment, contiguous) != 0) {
    return -1;
  }
  /* A copy made for us is no copy made for those we share it with: that flag ends here. */
  uint64_t flags = from->flags & DLPACK_FLAG_BITMASK_READ_ONLY;
  return import_tensor(&from->dl_tensor, from, flags, versioned_delete, out);
}

int ffi_tensor_import(DLManagedTensorVersioned* from, TVMFFIObjectHandle* out) {
  return import_versioned(from, 0, 0, out);
}

/* On success the tensor owns `from`; on failure the caller still does. */
int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from, int32_t require_alignment,
                                    int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if (FFI_UNLIKELY(from == NULL)) {
    return ffi_raise("ValueError", "no DLPack tensor to import");
  }
  return import_versioned(from, require_alignment, require_contiguous, out);
}

/* ---- Views ---- */

static int check_is_tensor(const TVMFFIObject* object) {
  if (FFI_UNLIKELY(object == NULL || object->type_index != kTVMFFITensor)) {
    return ffi_raise("TypeError", "the object is not a tensor");
  }
  return 0;
}

static int check_prototype(const DLTensor* prototype) {
  if (prototype == NULL || prototype->ndim < 0) {
    return ffi_raise("ValueError", "a view needs a prototype with dimensions");
  }
  if (prototype->ndim > 0 && (prototype->shape == NULL || prototype->strides == NULL)) {
    return ffi_raise("ValueError", "the prototype of a view needs a shape and strides");
  }
  return 0;
}

static void copy_shape_and_strides(tensor_object* view, const DLTensor* prototype) {
  size_t count = (size_t)prototype->ndim;
  view->tensor.shape = (int64_t*)(view + 1);
  view->tensor.strides = view->tensor.shape + count;
  if (count != 0) {
    memcpy(view->tensor.shape, prototype->shape, count * sizeof(int64_t));
    memcpy(view->tensor.strides, prototype->strides, count * sizeof(int64_t));
  }
}

/* Borrows both arguments; the view holds a reference to `source` of its own. */
int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source, const DLTensor* prototype,
                                 TVMFFIObjectHandle* out) {
  if (check_is_tensor(source) != 0 || check_prototype(prototype) != 0) {
    return -1;
  }
  size_t extra = (size_t)prototype->ndim * 2 * sizeof(int64_t);
  tensor_object* view = (void*)ffi_object_new(sizeof(*view) + extra, kTVMFFITensor, view_delete);
  if (view == NULL) {
    return ffi_alloc_failed();
  }
  view->tensor = *prototype;
  copy_shape_and_strides(view, prototype);
  view->owner = ffi_retain(source);
  view->flags = inherited_flags(source);
  *out = view;
  return 0;
}

/* ---- Export: the managed tensor owns one reference to the tensor object ---- */

_Static_assert(sizeof(DLManagedTensor) <= FFI_MAX_BLOCK &&
                   sizeof(DLManagedTensorVersioned) <= FFI_MAX_BLOCK,
               "exports come from small blocks");

static const DLTensor* public_part(const TVMFFIObject* tensor) {
  return (const DLTensor*)(tensor + 1);
}

static void legacy_export_delete(DLManagedTensor* self) {
  ffi_release(self->manager_ctx);
  ffi_block_free(self);
}

static void versioned_export_delete(DLManagedTensorVersioned* self) {
  ffi_release(self->manager_ctx);
  ffi_block_free(self);
}

/*
 * Borrows `from`; the caller owns the export until it calls its deleter. The legacy struct has no
 * place for "read-only", which the caller is trusted to know.
 */
int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  if (check_is_tensor(from) != 0) {
    return -1;
  }
  DLManagedTensor* managed = ffi_block_new(sizeof(*managed));
  if (FFI_UNLIKELY(managed == NULL)) {
    return ffi_raise_no_memory();
  }
  managed->dl_tensor = *public_part(from);
  managed->manager_ctx = ffi_retain(from);
  managed->deleter = legacy_export_delete;
  *out = managed;
  return 0;
}

int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from, DLManagedTensorVersioned** out) {
  if (check_is_tensor(from) != 0) {
    return -1;
  }
  DLManagedTensorVersioned* managed = ffi_block_new(sizeof(*managed));
  if (FFI_UNLIKELY(managed == NULL)) {
    return ffi_raise_no_memory();
  }
  managed->version.major = DLPACK_MAJOR_VERSION;
  managed->version.minor = DLPACK_MINOR_VERSION;
  managed->manager_ctx = ffi_retain(from);
  managed->deleter = versioned_export_delete;
  managed->flags = inherited_flags(from);
  managed->dl_tensor = *public_part(from);
  *out = managed;
  return 0;
}
