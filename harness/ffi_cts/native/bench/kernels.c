/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One small kernel for each operation. A kernel's loop holds the call and what it can't do
 * without: every return code is kept, and everything made is released. The results are judged by
 * `check`, outside of what is measured.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define EACH(n) for (uint64_t left = (n); left != 0; --left)

_Thread_local uint64_t bench_deletions;

static void count_deletion(void* self) {
  (void)self;
  ++bench_deletions;
}

/* The callee of every measured call. */
static int nothing(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  (void)self;
  (void)args;
  (void)num_args;
  (void)result;
  return 0;
}

static TVMFFIByteArray bytes_of(const char* text) {
  TVMFFIByteArray array = {text, strlen(text)};
  return array;
}

static void drop(bench_state* s, TVMFFIObjectHandle* obj) {
  if (*obj != NULL) s->api->ObjectDecRef(*obj);
  *obj = NULL;
}

static void drop_any(bench_state* s, TVMFFIAny* any) {
  if (any->type_index >= kTVMFFIStaticObjectBegin) s->api->ObjectDecRef(any->v_obj);
  memset(any, 0, sizeof(*any));
}

static void clean_objects(bench_state* s) {
  drop(s, &s->obj);
  drop(s, &s->other);
}

static int check_codes(bench_state* s, uint64_t total) {
  (void)total;
  return s->bad == 0;
}

static int check_deletions(bench_state* s, uint64_t total) {
  return s->bad == 0 && bench_deletions == total;
}

/* Controls: what a loop, a call through a pointer and a small allocation cost by themselves. */

static void loop_empty(bench_state* s, uint64_t n) {
  (void)s;
  EACH(n) __asm__ volatile("");
}

static void loop_indirect(bench_state* s, uint64_t n) {
  TVMFFISafeCallType volatile pointer = nothing;
  TVMFFISafeCallType callee = pointer;
  int bad = 0;
  TVMFFIAny result = {0};
  EACH(n) bad |= callee(NULL, s->args, 1, &result);
  s->bad |= bad;
}

static void loop_malloc(bench_state* s, uint64_t n) {
  int bad = 0;
  size_t size = s->op->number;
  EACH(n) {
    void* volatile block = malloc(size);
    bad |= block == NULL;
    free(block);
  }
  s->bad |= bad;
}

/* Calls. */

static const char* prepare_function(bench_state* s) {
  for (int i = 0; i < BENCH_MAX_ARGS; ++i) {
    s->args[i].type_index = kTVMFFIInt;
    s->args[i].v_int64 = i;
  }
  if (s->api->FunctionCreate(NULL, nothing, NULL, &s->obj) != 0) return "FunctionCreate fails";
  return NULL;
}

static void loop_call(bench_state* s, uint64_t n) {
  TVMFFIAny result = {0};
  int bad = 0;
  int32_t num_args = (int32_t)s->op->number;
  EACH(n) bad |= s->api->FunctionCall(s->obj, s->args, num_args, &result);
  s->bad |= bad | result.type_index;
}

/* What generated code does that knows the object layout: no call into the library at all. */
static void loop_safe_call(bench_state* s, uint64_t n) {
  const TVMFFIFunctionCell* cell =
      (const TVMFFIFunctionCell*)(const void*)((const char*)s->obj + sizeof(TVMFFIObject));
  TVMFFIAny result = {0};
  int bad = 0;
  int32_t num_args = (int32_t)s->op->number;
  EACH(n) bad |= cell->safe_call(s->obj, s->args, num_args, &result);
  s->bad |= bad | result.type_index;
}

static int fails(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result) {
  const bench_state* s = (const bench_state*)self;
  (void)args;
  (void)num_args;
  (void)result;
  s->api->ErrorSetRaised(s->other);
  return -1;
}

static const char* make_error(bench_state* s, TVMFFIObjectHandle* out) {
  TVMFFIByteArray kind = bytes_of("ValueError");
  TVMFFIByteArray message = bytes_of("the value is out of range");
  TVMFFIByteArray trace = {"", 0};
  return s->api->ErrorCreate(&kind, &message, &trace, out) == 0 ? NULL : "ErrorCreate fails";
}

static const char* prepare_failing(bench_state* s) {
  if (s->api->FunctionCreate(s, fails, NULL, &s->obj) != 0) return "FunctionCreate fails";
  return make_error(s, &s->other);
}

static void loop_failing(bench_state* s, uint64_t n) {
  TVMFFIAny result = {0};
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    bad |= s->api->FunctionCall(s->obj, s->args, 0, &result) != -1;
    s->api->ErrorMoveFromRaised(&error);
    bad |= s->api->ObjectDecRef(error);
    bad |= error != s->other;
  }
  s->bad |= bad;
}

/* Objects. */

static void loop_incref_decref(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    bad |= s->api->ObjectIncRef(s->obj);
    bad |= s->api->ObjectDecRef(s->obj);
  }
  s->bad |= bad;
}

static int check_one_reference(bench_state* s, uint64_t total) {
  (void)total;
  return s->bad == 0 && (uint32_t)((TVMFFIObject*)s->obj)->combined_ref_count == 1;
}

static void loop_function_create(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->FunctionCreate(NULL, nothing, count_deletion, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static const char* prepare_opaque(bench_state* s) {
  s->handle = s;
  return NULL;
}

static void loop_opaque(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->ObjectCreateOpaque(s->handle, kTVMFFIOpaquePyObject, count_deletion, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

/* Values. */

static void loop_to_owned(bench_state* s, uint64_t n) {
  int bad = 0;
  TVMFFIAny owned = {0};
  EACH(n) {
    bad |= s->api->AnyViewToOwnedAny(&s->args[0], &owned);
    if (owned.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(owned.v_obj);
  }
  s->bad |= bad;
}

static const char* prepare_int_view(bench_state* s) {
  s->args[0].type_index = kTVMFFIInt;
  s->args[0].v_int64 = 42;
  return NULL;
}

static const char* prepare_object_view(bench_state* s) {
  const char* why = prepare_function(s);
  s->args[0].type_index = kTVMFFIFunction;
  s->args[0].v_obj = (TVMFFIObject*)s->obj;
  return why;
}

static const char* prepare_raw_string_view(bench_state* s) {
  s->args[0].type_index = kTVMFFIRawStr;
  s->args[0].v_c_str = s->op->text;
  return NULL;
}

static const char* prepare_byte_array_view(bench_state* s) {
  s->text = bytes_of(s->op->text);
  s->args[0].type_index = kTVMFFIByteArrayPtr;
  s->args[0].v_ptr = &s->text;
  return NULL;
}

static int check_owned(bench_state* s, uint64_t total) {
  TVMFFIAny owned = {0};
  (void)total;
  int right = s->bad == 0 && s->api->AnyViewToOwnedAny(&s->args[0], &owned) == 0;
  if (owned.type_index >= kTVMFFIStaticObjectBegin) s->api->ObjectDecRef(owned.v_obj);
  int32_t from = s->args[0].type_index;
  int borrowed = from == kTVMFFIRawStr || from == kTVMFFIByteArrayPtr;
  return right && (borrowed ? owned.type_index != from : owned.type_index == from);
}

/* Strings and bytes. */

static const char* prepare_text(bench_state* s) {
  char* data = (char*)malloc(s->op->number + 1);
  if (data == NULL) return "no memory";
  memset(data, 'x', s->op->number);
  data[s->op->number] = '\0';
  s->handle = data;
  s->text.data = data;
  s->text.size = s->op->number;
  return NULL;
}

static void clean_text(bench_state* s) {
  free(s->handle);
  s->handle = NULL;
}

static int holds_text(const bench_state* s, const TVMFFIAny* any) {
  size_t size = s->text.size;
  if (any->type_index < kTVMFFIStaticObjectBegin) {
    return any->small_str_len == size && memcmp(any->v_bytes, s->text.data, size) == 0;
  }
  TVMFFIByteArray cell;
  memcpy(&cell, (const char*)any->v_obj + sizeof(TVMFFIObject), sizeof(cell));
  return cell.size == size && memcmp(cell.data, s->text.data, size) == 0;
}

#define TEXT_KERNEL(name, function)                                                             \
  static void loop_##name(bench_state* s, uint64_t n) {                                         \
    int bad = 0;                                                                                \
    EACH(n) {                                                                                   \
      TVMFFIAny made = {0};                                                                     \
      bad |= s->api->function(&s->text, &made);                                                 \
      if (made.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(made.v_obj); \
    }                                                                                           \
    s->bad |= bad;                                                                              \
  }                                                                                             \
  static int check_##name(bench_state* s, uint64_t total) {                                     \
    TVMFFIAny made = {0};                                                                       \
    (void)total;                                                                                \
    int right = s->bad == 0 && s->api->function(&s->text, &made) == 0 && holds_text(s, &made);  \
    drop_any(s, &made);                                                                         \
    return right;                                                                               \
  }
TEXT_KERNEL(string, StringFromByteArray)
TEXT_KERNEL(bytes, BytesFromByteArray)
#undef TEXT_KERNEL

/* Errors. */

static int check_no_error_left(bench_state* s, uint64_t total) {
  TVMFFIObjectHandle error = NULL;
  (void)total;
  s->api->ErrorMoveFromRaised(&error);
  int left = error != NULL;
  drop(s, &error);
  return s->bad == 0 && !left;
}

static void loop_error_create(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    bad |= make_error(s, &error) != NULL;
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static const char* prepare_cause(bench_state* s) { return make_error(s, &s->obj); }

/* The cause is borrowed: the new error takes a reference of its own. */
static void loop_error_create_caused(bench_state* s, uint64_t n) {
  TVMFFIByteArray kind = bytes_of("ValueError");
  TVMFFIByteArray message = bytes_of("the value is out of range");
  TVMFFIByteArray trace = {"", 0};
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    bad |=
        s->api->ErrorCreateWithCauseAndExtraContext(&kind, &message, &trace, s->obj, NULL, &error);
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static void loop_raise_object(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    TVMFFIObjectHandle moved = NULL;
    bad |= make_error(s, &error) != NULL;
    s->api->ErrorSetRaised(error);
    s->api->ErrorMoveFromRaised(&moved);
    bad |= moved != error;
    bad |= s->api->ObjectDecRef(moved);
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static void loop_raise_text(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    s->api->ErrorSetRaisedFromCStr("ValueError", "the value is out of range");
    s->api->ErrorMoveFromRaised(&error);
    bad |= error == NULL;
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static void loop_raise_parts(bench_state* s, uint64_t n) {
  const char* parts[] = {"the value ", "is out of ", "range"};
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    s->api->ErrorSetRaisedFromCStrParts("ValueError", parts, 3);
    s->api->ErrorMoveFromRaised(&error);
    bad |= error == NULL;
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static void loop_move_nothing(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    s->api->ErrorMoveFromRaised(&error);
    bad |= error != NULL;
  }
  s->bad |= bad;
}

static void loop_backtrace(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->Backtrace("kernels.c", 1, "loop_backtrace", 0) == NULL;
  s->bad |= bad;
}

/* Tensors. The producer's managed tensor is the same one again and again: its deleter counts. */

static void delete_legacy(DLManagedTensor* self) { count_deletion(self); }
static void delete_versioned(DLManagedTensorVersioned* self) { count_deletion(self); }

static _Alignas(64) float tensor_data[4 * 8 * 16];

static const char* prepare_producers(bench_state* s) {
  int64_t shape[3] = {4, 8, 16};
  int64_t strides[3] = {128, 16, 1};
  memcpy(s->shape, shape, sizeof(shape));
  memcpy(s->strides, strides, sizeof(strides));
  s->tensor.data = tensor_data;
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

static const char* prepare_tensor(bench_state* s) {
  prepare_producers(s);
  s->versioned.deleter = NULL;
  return s->api->TensorFromDLPackVersioned(&s->versioned, 0, 0, &s->obj) == 0
             ? NULL
             : "TensorFromDLPackVersioned fails";
}

static void loop_from_dlpack(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->TensorFromDLPack(&s->legacy, 0, 0, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static void loop_from_dlpack_versioned(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->TensorFromDLPackVersioned(&s->versioned, 0, 0, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static void loop_to_dlpack(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    DLManagedTensor* made = NULL;
    bad |= s->api->TensorToDLPack(s->obj, &made);
    bad |= made->dl_tensor.data != tensor_data;
    made->deleter(made);
  }
  s->bad |= bad;
}

static void loop_to_dlpack_versioned(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    DLManagedTensorVersioned* made = NULL;
    bad |= s->api->TensorToDLPackVersioned(s->obj, &made);
    bad |= made->dl_tensor.data != tensor_data;
    made->deleter(made);
  }
  s->bad |= bad;
}

static void loop_view(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->TensorCreateUnsafeView(s->obj, &s->tensor, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

/* The allocator of the environment. Its signature has no context, hence the global. */

static DLManagedTensorVersioned* environment_tensor;

static int allocate(DLTensor* prototype, DLManagedTensorVersioned** out, void* error_ctx,
                    void (*SetError)(void* error_ctx, const char* kind, const char* message)) {
  (void)prototype;
  (void)error_ctx;
  (void)SetError;
  *out = environment_tensor;
  return 0;
}

static const char* prepare_allocator(bench_state* s) {
  prepare_producers(s);
  environment_tensor = &s->versioned;
  return s->api->EnvSetDLPackManagedTensorAllocator(allocate, 0, NULL) == 0
             ? NULL
             : "EnvSetDLPackManagedTensorAllocator fails";
}

static void clean_allocator(bench_state* s) {
  s->api->EnvSetDLPackManagedTensorAllocator(NULL, 0, NULL);
  environment_tensor = NULL;
}

static void loop_tensor_alloc(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle made = NULL;
    bad |= s->api->EnvTensorAlloc(&s->tensor, &made);
    bad |= s->api->ObjectDecRef(made);
  }
  s->bad |= bad;
}

static void loop_get_allocator(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->EnvGetDLPackManagedTensorAllocator() != allocate;
  s->bad |= bad;
}

static void loop_set_allocator(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->EnvSetDLPackManagedTensorAllocator(allocate, 0, NULL);
  s->bad |= bad;
}

static void loop_check_signals(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->EnvCheckSignals();
  s->bad |= bad;
}

/* Streams. */

enum { STREAM_DEVICE = 0 };

static const char* prepare_stream(bench_state* s) {
  s->handle = s;
  return s->api->EnvSetStream(kDLCUDA, STREAM_DEVICE, s->handle, NULL) == 0 ? NULL
                                                                            : "EnvSetStream fails";
}

static void clean_stream(bench_state* s) {
  s->api->EnvSetStream(kDLCUDA, STREAM_DEVICE, NULL, NULL);
}

static void loop_get_stream(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->EnvGetStream(kDLCUDA, STREAM_DEVICE) != s->handle;
  s->bad |= bad;
}

static void loop_set_stream(bench_state* s, uint64_t n) {
  int bad = 0;
  TVMFFIStreamHandle before = NULL;
  EACH(n) bad |= s->api->EnvSetStream(kDLCUDA, STREAM_DEVICE, s->handle, &before);
  s->bad |= bad | (n != 0 && before != s->handle);
}

/* The table of global functions. */

static const char* const global_name = "ffi_cts.bench.nothing";

static const char* prepare_global(bench_state* s) {
  const char* why = prepare_function(s);
  if (why != NULL) return why;
  s->text = bytes_of(global_name);
  return s->api->FunctionSetGlobal(&s->text, s->obj, 1) == 0 ? NULL : "FunctionSetGlobal fails";
}

static void loop_get_global(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle found = NULL;
    bad |= s->api->FunctionGetGlobal(&s->text, &found);
    bad |= s->api->ObjectDecRef(found);
    bad |= found != s->obj;
  }
  s->bad |= bad;
}

static const char* prepare_absent_name(bench_state* s) {
  s->text = bytes_of("ffi_cts.bench.no_such_function");
  return NULL;
}

static void loop_get_global_miss(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle found = NULL;
    bad |= s->api->FunctionGetGlobal(&s->text, &found);
    bad |= found != NULL;
  }
  s->bad |= bad;
}

static void loop_set_global(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->FunctionSetGlobal(&s->text, s->obj, 1);
  s->bad |= bad;
}

/* Types. */

static const char* prepare_type(bench_state* s) {
  s->text = bytes_of("ffi_cts.bench.Type");
  s->type_index = s->api->TypeGetOrAllocIndex(&s->text, -1, 1, 0, 1, kTVMFFIObject);
  return s->type_index >= kTVMFFIDynObjectBegin ? NULL : "TypeGetOrAllocIndex fails";
}

static const char* prepare_static_type(bench_state* s) {
  s->text = bytes_of("ffi.Function");
  s->type_index = kTVMFFIFunction;
  return NULL;
}

static void loop_type_key(bench_state* s, uint64_t n) {
  int bad = 0;
  int32_t index = 0;
  EACH(n) bad |= s->api->TypeKeyToIndex(&s->text, &index);
  s->bad |= bad | (n != 0 && index != s->type_index);
}

static void loop_type_again(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    bad |= s->api->TypeGetOrAllocIndex(&s->text, -1, 1, 0, 1, kTVMFFIObject) != s->type_index;
  }
  s->bad |= bad;
}

static void loop_type_info(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->GetTypeInfo(s->type_index) == NULL;
  s->bad |= bad;
}

static int check_type_info(bench_state* s, uint64_t total) {
  (void)total;
  return s->bad == 0 && s->api->GetTypeInfo(s->type_index)->type_index == s->type_index;
}

static const char* prepare_attribute(bench_state* s) {
  const char* why = prepare_type(s);
  if (why != NULL) return why;
  s->text = bytes_of("__ffi_cts_bench__");
  if (s->api->GetTypeAttrColumn(&s->text) != NULL) return NULL;
  s->args[0].type_index = kTVMFFIInt;
  s->args[0].v_int64 = 1;
  return s->api->TypeRegisterAttr(s->type_index, &s->text, &s->args[0]) == 0
             ? NULL
             : "TypeRegisterAttr fails";
}

static void loop_attribute(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->GetTypeAttrColumn(&s->text) == NULL;
  s->bad |= bad;
}

static void loop_attribute_miss(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->GetTypeAttrColumn(&s->text) != NULL;
  s->bad |= bad;
}

/* Data types. */

static const char* prepare_dtype(bench_state* s) {
  s->text = bytes_of(s->op->text);
  return s->api->DataTypeFromString(&s->text, &s->dtype) == 0 ? NULL : "the name is refused";
}

static void loop_dtype_from(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->DataTypeFromString(&s->text, &s->dtype);
  s->bad |= bad;
}

static void loop_dtype_to(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIAny name = {0};
    bad |= s->api->DataTypeToString(&s->dtype, &name);
    if (name.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(name.v_obj);
  }
  s->bad |= bad;
}

static int check_dtype_name(bench_state* s, uint64_t total) {
  TVMFFIAny name = {0};
  (void)total;
  int right = s->bad == 0 && s->api->DataTypeToString(&s->dtype, &name) == 0;
  right = right && holds_text(s, &name);
  drop_any(s, &name);
  return right;
}

/* Once-only initialisation, the version, allocators, big integers. */

static int initialise(void** result) {
  static int target;
  *result = &target;
  return 0;
}

static const char* prepare_once(bench_state* s) {
  return s->api->HandleInitOnce(&s->handle, initialise) == 0 ? NULL : "HandleInitOnce fails";
}

static void loop_once(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->HandleInitOnce(&s->handle, initialise);
  s->bad |= bad | (s->handle == NULL);
}

static void loop_version(bench_state* s, uint64_t n) {
  TVMFFIVersion version = {0, 0, 0};
  EACH(n) s->api->GetVersion(&version);
  s->bad |= n != 0 && version.major == 0 && version.minor == 0 && version.patch == 0;
}

static void loop_custom_allocator(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->GetCustomAllocator() == NULL;
  s->bad |= bad;
}

/* 40 bytes whose highest bit is clear: too large for 64 bits, so it must be an object. */
static const char* prepare_big(bench_state* s) {
  const char* why = prepare_text(s);
  if (why != NULL) return why;
  if (s->api->BigIntFromByteArray(&s->text, &s->result) != 0) return "BigIntFromByteArray fails";
  return NULL;
}

static void clean_big(bench_state* s) {
  drop_any(s, &s->result);
  clean_text(s);
}

static void loop_big_create(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIAny made = {0};
    bad |= s->api->BigIntFromByteArray(&s->text, &made);
    if (made.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(made.v_obj);
  }
  s->bad |= bad;
}

static void loop_big_content(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->BigIntGetContentByteArray(&s->result).size != s->text.size;
  s->bad |= bad;
}

/* Containers: built-in global functions of a complete runtime. */

static const char* find_global(bench_state* s, const char* name, TVMFFIObjectHandle* out) {
  TVMFFIByteArray text = bytes_of(name);
  if (s->api->FunctionGetGlobal(&text, out) != 0 || *out == NULL) {
    return "the library has no such global function";
  }
  return NULL;
}

static const char* prepare_make(bench_state* s) {
  for (int i = 0; i < BENCH_MAX_ARGS; ++i) {
    s->args[i].type_index = kTVMFFIInt;
    s->args[i].v_int64 = i;
  }
  return find_global(s, s->op->text, &s->obj);
}

/* obj: the getter; other: a container of the numbers 0, 1, 2, 3 made by the function before it. */
static const char* prepare_get(bench_state* s) {
  TVMFFIAny made = {0};
  const char* maker = strncmp(s->op->text, "ffi.Array", 9) == 0  ? "ffi.Array"
                      : strncmp(s->op->text, "ffi.List", 8) == 0 ? "ffi.List"
                      : strncmp(s->op->text, "ffi.Map", 7) == 0  ? "ffi.Map"
                                                                 : "ffi.Dict";
  TVMFFIObjectHandle make = NULL;
  const char* why = find_global(s, maker, &make);
  if (why == NULL) why = prepare_make(s);
  if (why == NULL && s->api->FunctionCall(make, s->args, 4, &made) != 0) why = "making it fails";
  drop(s, &make);
  if (why != NULL) return why;
  s->other = made.v_obj;
  s->args[0].type_index = made.type_index;
  s->args[0].v_obj = made.v_obj;
  s->args[1].v_int64 = 2;
  return NULL;
}

static void loop_global_call(bench_state* s, uint64_t n) {
  int bad = 0;
  int32_t num_args = (int32_t)s->op->number;
  EACH(n) {
    TVMFFIAny result = {0};
    bad |= s->api->FunctionCall(s->obj, s->args, num_args, &result);
    if (result.type_index >= kTVMFFIStaticObjectBegin) bad |= s->api->ObjectDecRef(result.v_obj);
  }
  s->bad |= bad;
}

static int check_made(bench_state* s, uint64_t total) {
  TVMFFIAny result = {0};
  (void)total;
  int right = s->bad == 0;
  right = right && s->api->FunctionCall(s->obj, s->args, (int32_t)s->op->number, &result) == 0;
  right = right && result.type_index >= kTVMFFIStaticObjectBegin;
  drop_any(s, &result);
  return right;
}

/* Arrays hold 2 at 2; maps made of 0, 1, 2, 3 hold 3 under 2. */
static int check_got(bench_state* s, uint64_t total) {
  TVMFFIAny result = {0};
  (void)total;
  int64_t expected =
      strncmp(s->op->text, "ffi.Array", 9) == 0 || strncmp(s->op->text, "ffi.List", 8) == 0 ? 2 : 3;
  int right = s->bad == 0 && s->api->FunctionCall(s->obj, s->args, 2, &result) == 0;
  right = right && result.type_index == kTVMFFIInt && result.v_int64 == expected;
  drop_any(s, &result);
  return right;
}

#define LONG_TEXT "a text of forty bytes, which is no short"

/* The name goes by topic; `needs` is what `prepare`, `loop`, `check` and `clean` call. */
const bench_op bench_ops[] = {
#define CALL "FunctionCreate FunctionCall ObjectDecRef"
#define VIEW "AnyViewToOwnedAny ObjectDecRef"
#define MOVE "ErrorMoveFromRaised ObjectDecRef "
#define IMPORT "TensorFromDLPackVersioned ObjectDecRef "
#define GLOBAL "FunctionGetGlobal FunctionCall ObjectDecRef"
    {"control.empty_loop", "counts down", "", NULL, loop_empty, NULL, NULL, NULL, 0, BENCH_CONTROL},
    {"control.indirect_call", "calls an empty function through a pointer: the floor", "", NULL,
     loop_indirect, check_codes, NULL, NULL, 0, BENCH_CONTROL},
    {"control.malloc_free", "malloc and free of 48 bytes", "", NULL, loop_malloc, check_codes, NULL,
     NULL, 48, BENCH_CONTROL},

#define CALL_OP(count, flags)                               \
  {"call.args_" #count,                                     \
   "FunctionCall of an empty function, arguments: " #count, \
   CALL,                                                    \
   prepare_function,                                        \
   loop_call,                                               \
   check_codes,                                             \
   clean_objects,                                           \
   NULL,                                                    \
   count,                                                   \
   flags}
    CALL_OP(0, BENCH_SHARED),
    CALL_OP(1, 0),
    CALL_OP(3, 0),
    CALL_OP(8, 0),
    {"call.safe_call", "calls through the safe_call field of a function object", CALL,
     prepare_function, loop_safe_call, check_codes, clean_objects, NULL, 1, 0},
    {"call.failing", "a call that raises an error object made before; moves and drops it",
     CALL " ErrorCreate ErrorSetRaised ErrorMoveFromRaised", prepare_failing, loop_failing,
     check_no_error_left, clean_objects, NULL, 0, 0},

    {"object.incref_decref", "takes and drops a reference",
     "FunctionCreate ObjectIncRef ObjectDecRef", prepare_function, loop_incref_decref,
     check_one_reference, clean_objects, NULL, 0, BENCH_SHARED},
    {"object.function", "makes a function object and drops it", "FunctionCreate ObjectDecRef", NULL,
     loop_function_create, check_deletions, NULL, NULL, 0, BENCH_SHARED},
    {"object.opaque", "makes an opaque object and drops it", "ObjectCreateOpaque ObjectDecRef",
     prepare_opaque, loop_opaque, check_deletions, NULL, NULL, 0, 0},

    {"any.int", "AnyViewToOwnedAny of an integer", VIEW, prepare_int_view, loop_to_owned,
     check_owned, NULL, NULL, 0, 0},
    {"any.object", "AnyViewToOwnedAny of a function; drops it", VIEW " FunctionCreate",
     prepare_object_view, loop_to_owned, check_owned, clean_objects, NULL, 0, 0},
    {"any.raw_string_4", "AnyViewToOwnedAny of a C string of 4 bytes; drops it", VIEW,
     prepare_raw_string_view, loop_to_owned, check_owned, NULL, "text", 0, 0},
    {"any.raw_string_40", "AnyViewToOwnedAny of a C string of 40 bytes; drops it", VIEW,
     prepare_raw_string_view, loop_to_owned, check_owned, NULL, LONG_TEXT, 0, 0},
    {"any.byte_array_40", "AnyViewToOwnedAny of a byte array of 40 bytes; drops it", VIEW,
     prepare_byte_array_view, loop_to_owned, check_owned, NULL, LONG_TEXT, 0, 0},

#define TEXT_OP(topic, function, bytes, flags) \
  {#topic "." #bytes,                          \
   function " of " #bytes " bytes; drops it",  \
   function " ObjectDecRef",                   \
   prepare_text,                               \
   loop_##topic,                               \
   check_##topic,                              \
   clean_text,                                 \
   NULL,                                       \
   bytes,                                      \
   flags}
    TEXT_OP(string, "StringFromByteArray", 0, 0),
    TEXT_OP(string, "StringFromByteArray", 3, 0),
    TEXT_OP(string, "StringFromByteArray", 7, 0),
    TEXT_OP(string, "StringFromByteArray", 8, BENCH_SHARED),
    TEXT_OP(string, "StringFromByteArray", 64, 0),
    TEXT_OP(string, "StringFromByteArray", 4096, 0),
    TEXT_OP(string, "StringFromByteArray", 65536, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 0, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 3, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 7, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 8, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 64, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 4096, 0),
    TEXT_OP(bytes, "BytesFromByteArray", 65536, 0),

    {"error.create", "ErrorCreate; drops it", "ErrorCreate ObjectDecRef", NULL, loop_error_create,
     check_codes, NULL, NULL, 0, 0},
    {"error.create_with_cause", "ErrorCreateWithCauseAndExtraContext; drops it",
     "ErrorCreate ErrorCreateWithCauseAndExtraContext ObjectDecRef", prepare_cause,
     loop_error_create_caused, check_one_reference, clean_objects, NULL, 0, 0},
    {"error.raise_object", "ErrorCreate, ErrorSetRaised, ErrorMoveFromRaised; drops it",
     MOVE "ErrorCreate ErrorSetRaised", NULL, loop_raise_object, check_no_error_left, NULL, NULL, 0,
     BENCH_SHARED},
    {"error.raise_text", "ErrorSetRaisedFromCStr, ErrorMoveFromRaised; drops it",
     MOVE "ErrorSetRaisedFromCStr", NULL, loop_raise_text, check_no_error_left, NULL, NULL, 0,
     BENCH_HEAVY},
    {"error.raise_parts", "ErrorSetRaisedFromCStrParts of 3, ErrorMoveFromRaised; drops it",
     MOVE "ErrorSetRaisedFromCStrParts", NULL, loop_raise_parts, check_no_error_left, NULL, NULL, 0,
     BENCH_HEAVY},
    {"error.move_nothing", "ErrorMoveFromRaised of an empty slot", "ErrorMoveFromRaised", NULL,
     loop_move_nothing, check_codes, NULL, NULL, 0, 0},
    {"error.backtrace", "Backtrace", "Backtrace", NULL, loop_backtrace, check_codes, NULL, NULL, 0,
     BENCH_HEAVY},

    {"tensor.from_dlpack", "TensorFromDLPack of 3 dimensions; drops it",
     "TensorFromDLPack ObjectDecRef", prepare_producers, loop_from_dlpack, check_deletions, NULL,
     NULL, 0, 0},
    {"tensor.from_dlpack_versioned", "TensorFromDLPackVersioned of 3 dimensions; drops it", IMPORT,
     prepare_producers, loop_from_dlpack_versioned, check_deletions, NULL, NULL, 0, BENCH_SHARED},
    {"tensor.to_dlpack", "TensorToDLPack; calls the deleter of the export", IMPORT "TensorToDLPack",
     prepare_tensor, loop_to_dlpack, check_one_reference, clean_objects, NULL, 0, 0},
    {"tensor.to_dlpack_versioned", "TensorToDLPackVersioned; calls the deleter of the export",
     IMPORT "TensorToDLPackVersioned", prepare_tensor, loop_to_dlpack_versioned,
     check_one_reference, clean_objects, NULL, 0, 0},
    {"tensor.unsafe_view", "TensorCreateUnsafeView; drops it", IMPORT "TensorCreateUnsafeView",
     prepare_tensor, loop_view, check_one_reference, clean_objects, NULL, 0, 0},

    {"env.tensor_alloc", "EnvTensorAlloc from an allocator that has one ready; drops it",
     "EnvSetDLPackManagedTensorAllocator EnvTensorAlloc ObjectDecRef", prepare_allocator,
     loop_tensor_alloc, check_deletions, clean_allocator, NULL, 0, 0},
    {"env.get_allocator", "EnvGetDLPackManagedTensorAllocator",
     "EnvSetDLPackManagedTensorAllocator EnvGetDLPackManagedTensorAllocator", prepare_allocator,
     loop_get_allocator, check_codes, clean_allocator, NULL, 0, 0},
    {"env.set_allocator", "EnvSetDLPackManagedTensorAllocator for this thread",
     "EnvSetDLPackManagedTensorAllocator", prepare_allocator, loop_set_allocator, check_codes,
     clean_allocator, NULL, 0, 0},
    {"env.check_signals", "EnvCheckSignals", "EnvCheckSignals", NULL, loop_check_signals,
     check_codes, NULL, NULL, 0, 0},
    {"stream.get", "EnvGetStream", "EnvGetStream EnvSetStream", prepare_stream, loop_get_stream,
     check_codes, clean_stream, NULL, 0, 0},
    {"stream.set", "EnvSetStream, asking for the one before", "EnvSetStream", prepare_stream,
     loop_set_stream, check_codes, clean_stream, NULL, 0, 0},

    {"global.get", "FunctionGetGlobal; drops the reference",
     "FunctionCreate FunctionGetGlobal FunctionSetGlobal ObjectDecRef", prepare_global,
     loop_get_global, check_codes, clean_objects, NULL, 0, BENCH_SHARED},
    {"global.get_miss", "FunctionGetGlobal of a name that is not there",
     "FunctionGetGlobal ObjectDecRef", prepare_absent_name, loop_get_global_miss, check_codes, NULL,
     NULL, 0, 0},
    {"global.set", "FunctionSetGlobal of a name that is there, with override",
     "FunctionCreate FunctionSetGlobal ObjectDecRef", prepare_global, loop_set_global, check_codes,
     clean_objects, NULL, 0, 0},

    {"type.key_to_index_static", "TypeKeyToIndex of a built-in type", "TypeKeyToIndex",
     prepare_static_type, loop_type_key, check_codes, NULL, NULL, 0, 0},
    {"type.key_to_index", "TypeKeyToIndex of a registered type",
     "TypeGetOrAllocIndex TypeKeyToIndex", prepare_type, loop_type_key, check_codes, NULL, NULL, 0,
     BENCH_SHARED},
    {"type.get_or_alloc", "TypeGetOrAllocIndex of a key that is there", "TypeGetOrAllocIndex",
     prepare_type, loop_type_again, check_codes, NULL, NULL, 0, 0},
    {"type.info", "GetTypeInfo", "GetTypeInfo", prepare_static_type, loop_type_info,
     check_type_info, NULL, NULL, 0, 0},
    {"type.attribute", "GetTypeAttrColumn",
     "TypeGetOrAllocIndex TypeRegisterAttr GetTypeAttrColumn", prepare_attribute, loop_attribute,
     check_codes, NULL, NULL, 0, BENCH_SHARED},
    {"type.attribute_miss", "GetTypeAttrColumn of a name that is not there", "GetTypeAttrColumn",
     prepare_absent_name, loop_attribute_miss, check_codes, NULL, NULL, 0, 0},

#define DTYPE_OP(name, text)                               \
  {"dtype.from_string_" name,                              \
   "DataTypeFromString of " text,                          \
   "DataTypeFromString DataTypeToString ObjectDecRef",     \
   prepare_dtype,                                          \
   loop_dtype_from,                                        \
   check_dtype_name,                                       \
   NULL,                                                   \
   text,                                                   \
   0,                                                      \
   0},                                                     \
      {"dtype.to_string_" name,                            \
       "DataTypeToString of " text "; drops the string",   \
       "DataTypeFromString DataTypeToString ObjectDecRef", \
       prepare_dtype,                                      \
       loop_dtype_to,                                      \
       check_dtype_name,                                   \
       NULL,                                               \
       text,                                               \
       0,                                                  \
       0}
    DTYPE_OP("float32", "float32"),
    DTYPE_OP("int64", "int64"),
    DTYPE_OP("bfloat16", "bfloat16"),
    DTYPE_OP("float8", "float8_e4m3fn"),
    DTYPE_OP("vector", "float16x8"),

    {"once.hit", "HandleInitOnce of a handle that is there", "HandleInitOnce", prepare_once,
     loop_once, check_codes, NULL, NULL, 0, BENCH_SHARED},
    {"version.get", "GetVersion", "GetVersion", NULL, loop_version, check_codes, NULL, NULL, 0, 0},
    {"allocator.get", "GetCustomAllocator", "GetCustomAllocator", NULL, loop_custom_allocator,
     check_codes, NULL, NULL, 0, 0},
    {"bigint.create", "BigIntFromByteArray of 40 bytes; drops it",
     "BigIntFromByteArray ObjectDecRef", prepare_big, loop_big_create, check_codes, clean_big, NULL,
     40, 0},
    {"bigint.content", "BigIntGetContentByteArray",
     "BigIntFromByteArray BigIntGetContentByteArray ObjectDecRef", prepare_big, loop_big_content,
     check_codes, clean_big, NULL, 40, 0},

#define MAKE_OP(name, function)         \
  {"container." name "_of_4",           \
   function " of 4 integers; drops it", \
   GLOBAL,                              \
   prepare_make,                        \
   loop_global_call,                    \
   check_made,                          \
   clean_objects,                       \
   function,                            \
   4,                                   \
   0}
#define GET_OP(name, function) \
  {"container." name "_get",   \
   function,                   \
   GLOBAL,                     \
   prepare_get,                \
   loop_global_call,           \
   check_got,                  \
   clean_objects,              \
   function,                   \
   2,                          \
   0}
    MAKE_OP("array", "ffi.Array"),
    MAKE_OP("list", "ffi.List"),
    MAKE_OP("map", "ffi.Map"),
    MAKE_OP("dict", "ffi.Dict"),
    MAKE_OP("shape", "ffi.Shape"),
    GET_OP("array", "ffi.ArrayGetItem"),
    GET_OP("list", "ffi.ListGetItem"),
    GET_OP("map", "ffi.MapGetItem"),
    GET_OP("dict", "ffi.DictGetItem"),
};

const unsigned bench_op_count = sizeof(bench_ops) / sizeof(bench_ops[0]);
