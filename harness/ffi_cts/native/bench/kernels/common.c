/* SPDX-License-Identifier: Apache-2.0 */
/* What kernels of several topics prepare, check and clean up with. */
#include "kernels.h"

_Thread_local uint64_t bench_deletions;

void bench_count_deletion(void* self) {
  (void)self;
  ++bench_deletions;
}

int bench_nothing(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  (void)self;
  (void)args;
  (void)num_args;
  (void)result;
  return 0;
}

const char* bench_prepare_function(bench_state* s) {
  for (int i = 0; i < BENCH_MAX_ARGS; ++i) {
    s->args[i].type_index = kTVMFFIInt;
    s->args[i].v_int64 = i;
  }
  if (s->api->FunctionCreate(NULL, bench_nothing, NULL, &s->obj) != 0)
    return "FunctionCreate fails";
  return NULL;
}

int bench_check_one_reference(bench_state* s, uint64_t total) {
  (void)total;
  return s->bad == 0 && (uint32_t)((TVMFFIObject*)s->obj)->combined_ref_count == 1;
}

int bench_check_no_error_left(bench_state* s, uint64_t total) {
  TVMFFIObjectHandle error = NULL;
  (void)total;
  s->api->ErrorMoveFromRaised(&error);
  int left = error != NULL;
  drop(s, &error);
  return s->bad == 0 && !left;
}

const char* bench_prepare_absent_name(bench_state* s) {
  s->text = bytes_of("ffi_cts.bench.no_such_function");
  return NULL;
}

const char* bench_prepare_text(bench_state* s) {
  char* data = (char*)malloc(s->op->number + 1);
  if (data == NULL) return "no memory";
  memset(data, 'x', s->op->number);
  data[s->op->number] = '\0';
  s->handle = data;
  s->text.data = data;
  s->text.size = s->op->number;
  return NULL;
}

void bench_clean_text(bench_state* s) {
  free(s->handle);
  s->handle = NULL;
}

int bench_holds_text(const bench_state* s, const TVMFFIAny* any) {
  size_t size = s->text.size;
  if (any->type_index < kTVMFFIStaticObjectBegin) {
    return any->small_str_len == size && memcmp(any->v_bytes, s->text.data, size) == 0;
  }
  TVMFFIByteArray cell;
  memcpy(&cell, (const char*)any->v_obj + sizeof(TVMFFIObject), sizeof(cell));
  return cell.size == size && memcmp(cell.data, s->text.data, size) == 0;
}

/* The producer's managed tensor is the same one again and again: its deleter counts. */
static void delete_legacy(DLManagedTensor* self) { bench_count_deletion(self); }
static void delete_versioned(DLManagedTensorVersioned* self) { bench_count_deletion(self); }

_Alignas(64) float bench_tensor_data[4 * 8 * 16];

const char* bench_prepare_producers(bench_state* s) {
  int64_t shape[3] = {4, 8, 16};
  int64_t strides[3] = {128, 16, 1};
  memcpy(s->shape, shape, sizeof(shape));
  memcpy(s->strides, strides, sizeof(strides));
  s->tensor.data = bench_tensor_data;
  s->tensor.device.device_type = kDLCPU;
  s->tensor.ndim = 3;
  s->tensor.dtype.code = kDLFloat;
  s->tensor.dtype.bits = 32;
  s->tensor.dtype.lanes = 1;
  s->tensor.shape = s->shape;
  s->tensor.strides = s->strides;
  s->legacy.dl_tensor = s->tensor;
  s->legacy.deleter = delete_legacy;
  s->versioned.version.major = 1;
  s->versioned.dl_tensor = s->tensor;
  s->versioned.deleter = delete_versioned;
  return NULL;
}
