/* SPDX-License-Identifier: Apache-2.0 */
/* Step 13: tensors. An object that shows a DLTensor and keeps alive whatever owns the data. */
#include "mine.h"

typedef struct {
  TVMFFIObject header;
  DLTensor shown;
  void* owner; /* of the data: a producer's struct, or another tensor */
  void (*let_go)(void* owner);
  uint64_t flags;
  int64_t numbers[]; /* shape, then strides */
} Tensor;

static void delete_tensor(void* object, int flags) {
  Tensor* tensor = object;
  if (flags & kTVMFFIObjectDeleterFlagBitMaskStrong) tensor->let_go(tensor->owner);
  if (flags & kTVMFFIObjectDeleterFlagBitMaskWeak) free_object(tensor);
}

/* A tensor that shows the same as another, from arrays of its own. */
static Tensor* new_tensor(const DLTensor* like, uint64_t flags) {
  size_t ndim = (size_t)like->ndim;
  size_t size = sizeof(Tensor) + 2 * ndim * sizeof(int64_t);
  Tensor* tensor = new_object(size, kTVMFFITensor, delete_tensor);
  if (tensor == NULL) return NULL;
  int64_t* shape = tensor->numbers;
  int64_t* strides = shape + ndim;
  uint64_t step = 1; /* wraps around where a shape is absurd */
  for (size_t i = ndim; i-- > 0;) {
    shape[i] = like->shape[i];
    strides[i] = like->strides != NULL ? like->strides[i] : (int64_t)step;
    step *= (uint64_t)shape[i];
  }
  tensor->shown = *like;
  tensor->shown.shape = shape;
  tensor->shown.strides = strides;
  tensor->flags =
      flags & (DLPACK_FLAG_BITMASK_READ_ONLY | DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED);
  return tensor;
}

static bool is_contiguous(const DLTensor* tensor) {
  if (tensor->strides == NULL) return true;
  for (int32_t i = 0; i < tensor->ndim; ++i)
    if (tensor->shape[i] == 0) return true;
  uint64_t step = 1;
  for (int32_t i = tensor->ndim; i-- > 0;) {
    if (tensor->shape[i] != 1 && (uint64_t)tensor->strides[i] != step) return false;
    step *= (uint64_t)tensor->shape[i];
  }
  return true;
}

static bool has_odd_bits(DLDataType dtype) {
  if (dtype.code == kDLFloat4_e2m1fn) return dtype.bits != 4;
  return (dtype.code == kDLFloat6_e2m3fn || dtype.code == kDLFloat6_e3m2fn) && dtype.bits != 6;
}

static const char* why_not(const DLTensor* tensor, int32_t alignment, int32_t contiguous) {
  uint64_t address = (uint64_t)(uintptr_t)tensor->data + tensor->byte_offset;
  if (tensor->ndim < 0) return "the tensor has less than no dimensions";
  if (alignment > 0 && address % (uint64_t)alignment != 0) return "the data are not aligned";
  if (contiguous && !is_contiguous(tensor)) return "the data are not contiguous";
  if (has_odd_bits(tensor->dtype)) return "the element type has another number of bits";
  return NULL;
}

static void let_go_of_old(void* owner) {
  DLManagedTensor* old = owner;
  if (old->deleter != NULL) old->deleter(old);
}

static void let_go_of_versioned(void* owner) {
  DLManagedTensorVersioned* versioned = owner;
  if (versioned->deleter != NULL) versioned->deleter(versioned);
}

/* From here on the owner is the tensor's; after a failure it is still the caller's. */
static int owned_by(Tensor* tensor, void* owner, void (*let_go)(void* owner),
                    TVMFFIObjectHandle* out) {
  if (tensor == NULL) return -1;
  tensor->owner = owner;
  tensor->let_go = let_go;
  *out = tensor;
  return 0;
}

int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment,
                           int32_t require_contiguous, TVMFFIObjectHandle* out) {
  const char* wrong = why_not(&from->dl_tensor, require_alignment, require_contiguous);
  if (wrong != NULL) return fail("ValueError", wrong);
  return owned_by(new_tensor(&from->dl_tensor, 0), from, let_go_of_old, out);
}

int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from, int32_t require_alignment,
                                    int32_t require_contiguous, TVMFFIObjectHandle* out) {
  if (from->version.major != DLPACK_MAJOR_VERSION) /* then nothing else of it can be read */
    return fail("BufferError", "the tensor has another major version of DLPack");
  const char* wrong = why_not(&from->dl_tensor, require_alignment, require_contiguous);
  if (wrong != NULL) return fail("ValueError", wrong);
  return owned_by(new_tensor(&from->dl_tensor, from->flags), from, let_go_of_versioned, out);
}

/* Exports keep the tensor object, so that its arrays live as long as they do. The object may be
 * of another library: nothing is known of it but that its DLTensor follows the header. */

static const DLTensor* shown_by(void* object) {
  return (const DLTensor*)((TVMFFIObject*)object + 1);
}

static uint64_t flags_of(void* object) {
  bool ours = ((TVMFFIObject*)object)->deleter == delete_tensor;
  return ours ? ((Tensor*)object)->flags : 0;
}

static void delete_old(DLManagedTensor* self) {
  release(self->manager_ctx);
  free(self);
}

static void delete_versioned(DLManagedTensorVersioned* self) {
  release(self->manager_ctx);
  free(self);
}

int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out) {
  DLManagedTensor* made = must(malloc(sizeof *made));
  *made = (DLManagedTensor){*shown_by(from), from, delete_old};
  retain(from);
  *out = made;
  return 0;
}

int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from, DLManagedTensorVersioned** out) {
  DLManagedTensorVersioned* made = must(malloc(sizeof *made));
  DLPackVersion version = {DLPACK_MAJOR_VERSION, DLPACK_MINOR_VERSION};
  *made =
      (DLManagedTensorVersioned){version, from, delete_versioned, flags_of(from), *shown_by(from)};
  retain(from);
  *out = made;
  return 0;
}

int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source, const DLTensor* prototype,
                                 TVMFFIObjectHandle* out) {
  if (prototype->ndim < 0) return fail("ValueError", "the view has less than no dimensions");
  Tensor* view = new_tensor(prototype, flags_of(source));
  if (view != NULL) retain(source);
  return owned_by(view, source, release, out);
}
