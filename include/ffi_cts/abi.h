/* SPDX-License-Identifier: Apache-2.0 */
/* Generated from spec/abi by `ffi-cts spec generate`. Do not edit. */

#ifndef FFI_CTS_ABI_H_
#define FFI_CTS_ABI_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define FFI_CTS_EXPORT __attribute__((visibility("default")))
#else
#define FFI_CTS_EXPORT
#endif

#define DLPACK_FLAG_BITMASK_READ_ONLY 1UL /* The consumer must not write to the data. */
#define DLPACK_FLAG_BITMASK_IS_COPIED 2UL /* The producer made a copy for this exchange. */
#define DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED 4UL /* Elements narrower than a byte take a whole byte each. */
#define DLPACK_MAJOR_VERSION 1 /* DLPack major version of the bundled header. */
#define DLPACK_MINOR_VERSION 3 /* DLPack minor version of the bundled header. */

#ifdef __cplusplus
extern "C" {
#endif

/* Kind of device that holds a tensor. */
#ifdef __cplusplus
enum DLDeviceType : int32_t {
#else
typedef enum {
#endif
  kDLCPU = 1,
  kDLCUDA = 2,
  kDLCUDAHost = 3,
  kDLOpenCL = 4,
  kDLVulkan = 7,
  kDLMetal = 8,
  kDLVPI = 9,
  kDLROCM = 10,
  kDLROCMHost = 11,
  kDLExtDev = 12,
  kDLCUDAManaged = 13,
  kDLOneAPI = 14,
  kDLWebGPU = 15,
  kDLHexagon = 16,
  kDLMAIA = 17,
  kDLTrn = 18,
#ifdef __cplusplus
};
#else
} DLDeviceType;
#endif

/* Element type code; stored in one byte of DLDataType. */
typedef enum {
  kDLInt = 0,
  kDLUInt = 1,
  kDLFloat = 2,
  kDLOpaqueHandle = 3,
  kDLBfloat = 4,
  kDLComplex = 5,
  kDLBool = 6,
  kDLFloat8_e3m4 = 7,
  kDLFloat8_e4m3 = 8,
  kDLFloat8_e4m3b11fnuz = 9,
  kDLFloat8_e4m3fn = 10,
  kDLFloat8_e4m3fnuz = 11,
  kDLFloat8_e5m2 = 12,
  kDLFloat8_e5m2fnuz = 13,
  kDLFloat8_e8m0fnu = 14,
  kDLFloat6_e2m3fn = 15,
  kDLFloat6_e3m2fn = 16,
  kDLFloat4_e2m1fn = 17,
} DLDataTypeCode;

/* Tag of a TVMFFIAny and type index of an object. */
#ifdef __cplusplus
enum TVMFFITypeIndex : int32_t {
#else
typedef enum {
#endif
  kTVMFFIAny = -1,
  kTVMFFINone = 0,
  kTVMFFIInt = 1,
  kTVMFFIBool = 2,
  kTVMFFIFloat = 3,
  kTVMFFIOpaquePtr = 4,
  kTVMFFIDataType = 5,
  kTVMFFIDevice = 6,
  kTVMFFIDLTensorPtr = 7,
  kTVMFFIRawStr = 8,
  kTVMFFIByteArrayPtr = 9,
  kTVMFFIObjectRValueRef = 10,
  kTVMFFISmallStr = 11,
  kTVMFFISmallBytes = 12,
  kTVMFFIUnchanged = 13,
  kTVMFFIStaticObjectBegin = 64,
  kTVMFFIObject = 64,
  kTVMFFIStr = 65,
  kTVMFFIBytes = 66,
  kTVMFFIError = 67,
  kTVMFFIFunction = 68,
  kTVMFFIShape = 69,
  kTVMFFITensor = 70,
  kTVMFFIArray = 71,
  kTVMFFIMap = 72,
  kTVMFFIModule = 73,
  kTVMFFIOpaquePyObject = 74,
  kTVMFFIList = 75,
  kTVMFFIDict = 76,
  kTVMFFIVisitInterrupt = 77,
  kTVMFFIBigInt = 78,
  kTVMFFIStaticObjectEnd = 79,
  kTVMFFIDynObjectBegin = 128,
#ifdef __cplusplus
};
#else
} TVMFFITypeIndex;
#endif

/* What an object's deleter is asked to do. */
#ifdef __cplusplus
enum TVMFFIObjectDeleterFlagBitMask : int32_t {
#else
typedef enum {
#endif
  kTVMFFIObjectDeleterFlagBitMaskStrong = 1,
  kTVMFFIObjectDeleterFlagBitMaskWeak = 2,
  kTVMFFIObjectDeleterFlagBitMaskBoth = 3,
#ifdef __cplusplus
};
#else
} TVMFFIObjectDeleterFlagBitMask;
#endif

/* How update_backtrace treats the backtrace that is already there. */
#ifdef __cplusplus
enum TVMFFIBacktraceUpdateMode : int32_t {
#else
typedef enum {
#endif
  kTVMFFIBacktraceUpdateModeReplace = 0,
  kTVMFFIBacktraceUpdateModeAppend = 1,
#ifdef __cplusplus
};
#else
} TVMFFIBacktraceUpdateMode;
#endif

/* Flags of a reflected field or method. */
#ifdef __cplusplus
enum TVMFFIFieldFlagBitMask : int32_t {
#else
typedef enum {
#endif
  kTVMFFIFieldFlagBitMaskWritable = 1,
  kTVMFFIFieldFlagBitMaskHasDefault = 2,
  kTVMFFIFieldFlagBitMaskIsStaticMethod = 4,
  kTVMFFIFieldFlagBitMaskSEqHashIgnore = 8,
  kTVMFFIFieldFlagBitMaskSEqHashDefPattern = 16,
  kTVMFFIFieldFlagBitMaskDefaultFromFactory = 32,
  kTVMFFIFieldFlagBitMaskReprOff = 64,
  kTVMFFIFieldFlagBitMaskCompareOff = 128,
  kTVMFFIFieldFlagBitMaskHashOff = 256,
  kTVMFFIFieldFlagBitMaskInitOff = 512,
  kTVMFFIFieldFlagBitMaskKwOnly = 1024,
  kTVMFFIFieldFlagBitSetterIsFunctionObj = 2048,
  kTVMFFIFieldFlagBitMaskSEqHashDefSimple = 4096,
#ifdef __cplusplus
};
#else
} TVMFFIFieldFlagBitMask;
#endif

/* How objects of a type take part in structural equality and hashing. */
#ifdef __cplusplus
enum TVMFFISEqHashKind : int32_t {
#else
typedef enum {
#endif
  kTVMFFISEqHashKindUnsupported = 0,
  kTVMFFISEqHashKindTreeNode = 1,
  kTVMFFISEqHashKindFreeVar = 2,
  kTVMFFISEqHashKindDAGNode = 3,
  kTVMFFISEqHashKindConstTreeNode = 4,
  kTVMFFISEqHashKindUniqueInstance = 5,
#ifdef __cplusplus
};
#else
} TVMFFISEqHashKind;
#endif

/* Kind of definition region a structural visit is in. */
#ifdef __cplusplus
enum TVMFFIDefRegionKind : int32_t {
#else
typedef enum {
#endif
  kTVMFFIDefRegionKindNone = 0,
  kTVMFFIDefRegionKindPattern = 1,
  kTVMFFIDefRegionKindSimple = 2,
#ifdef __cplusplus
};
#else
} TVMFFIDefRegionKind;
#endif

/* DLPack version of a managed tensor. */
typedef struct DLPackVersion {
  uint32_t major;
  uint32_t minor;
} DLPackVersion;

/* Device of a tensor. */
typedef struct DLDevice {
  DLDeviceType device_type;
  int32_t device_id;
} DLDevice;

/* Element type of a tensor. */
typedef struct DLDataType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
} DLDataType;

/* Plain view of a tensor; strides are in elements, byte_offset in bytes. */
typedef struct DLTensor {
  void* data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t* shape;
  int64_t* strides;
  uint64_t byte_offset;
} DLTensor;

/* Legacy (unversioned) owning exchange of a tensor. */
typedef struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(struct DLManagedTensor* self);
} DLManagedTensor;

/* Owning exchange of a tensor since DLPack 1.0. */
typedef struct DLManagedTensorVersioned {
  DLPackVersion version;
  void* manager_ctx;
  void (*deleter)(struct DLManagedTensorVersioned* self);
  uint64_t flags;
  DLTensor dl_tensor;
} DLManagedTensorVersioned;

/* Version of an implementation. */
typedef struct TVMFFIVersion {
  uint32_t major;
  uint32_t minor;
  uint32_t patch;
} TVMFFIVersion;

/* Header of every heap object: strong count in the low, weak count in the high 32 bits. */
typedef struct TVMFFIObject {
  uint64_t combined_ref_count;
  int32_t type_index;
  uint32_t __padding;
  union {
    void (*deleter)(void* self, int flags);
    int64_t __ensure_align;
  };
} TVMFFIObject;

/* Tagged value; owning or a view by context. */
typedef struct TVMFFIAny {
  int32_t type_index;
  union {
    uint32_t zero_padding;
    uint32_t small_str_len;
  };
  union {
    int64_t v_int64;
    double v_float64;
    void* v_ptr;
    const char* v_c_str;
    TVMFFIObject* v_obj;
    DLDataType v_dtype;
    DLDevice v_device;
    char v_bytes[8];
    uint64_t v_uint64;
  };
} TVMFFIAny;

/* Bytes with a size; nothing is said of a terminator. */
typedef struct TVMFFIByteArray {
  const char* data;
  size_t size;
} TVMFFIByteArray;

/* What follows the header of a shape object. */
typedef struct TVMFFIShapeCell {
  const int64_t* data;
  size_t size;
} TVMFFIShapeCell;

/* What follows the header of an array or list object. */
typedef struct TVMFFISeqCell {
  void* data;
  int64_t size;
  int64_t capacity;
  void (*data_deleter)(void* data);
} TVMFFISeqCell;

/* Handle of an object; points to its TVMFFIObject. */
typedef void* TVMFFIObjectHandle;

/* What follows the header of an error object. cause_chain and extra_context came in 0.1.8.post0. */
typedef struct TVMFFIErrorCell {
  TVMFFIByteArray kind;
  TVMFFIByteArray message;
  TVMFFIByteArray backtrace;
  void (*update_backtrace)(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace, int32_t update_mode);
  TVMFFIObjectHandle cause_chain;
  TVMFFIObjectHandle extra_context;
} TVMFFIErrorCell;

/* The one call signature: borrowed args, owned result, 0 or an error in the thread's slot. */
typedef int (*TVMFFISafeCallType)(void* handle, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result);

/* What follows the header of a function object. */
typedef struct TVMFFIFunctionCell {
  TVMFFISafeCallType safe_call;
  void* cpp_call;
} TVMFFIFunctionCell;

/* What follows the header of an opaque object. */
typedef struct TVMFFIOpaqueObjectCell {
  void* handle;
} TVMFFIOpaqueObjectCell;

/* Stands immediately before every object. */
typedef struct TVMFFIObjectAllocHeader {
  void (*delete_space)(void* ptr);
} TVMFFIObjectAllocHeader;

/* Allocator of object storage; alive for the whole process once registered. */
typedef struct TVMFFICustomAllocator {
  void* (*allocate)(size_t size, size_t alignment, int32_t type_index, void* context);
  void* context;
} TVMFFICustomAllocator;

/* Reads a field into an owned value. */
typedef int (*TVMFFIFieldGetter)(void* field, TVMFFIAny* result);

/* Writes a field from a borrowed value. */
typedef int (*TVMFFIFieldSetter)(void* field, const TVMFFIAny* value);

/* Reflected field of a type. setter is void* since 0.1.10, a function pointer of the same width before. */
typedef struct TVMFFIFieldInfo {
  TVMFFIByteArray name;
  TVMFFIByteArray doc;
  TVMFFIByteArray metadata;
  int64_t flags;
  int64_t size;
  int64_t alignment;
  int64_t offset;
  TVMFFIFieldGetter getter;
  void* setter;
  TVMFFIAny default_value_or_factory;
  int32_t field_static_type_index;
} TVMFFIFieldInfo;

/* Reflected method, or a global function with its metadata. */
typedef struct TVMFFIMethodInfo {
  TVMFFIByteArray name;
  TVMFFIByteArray doc;
  TVMFFIByteArray metadata;
  int64_t flags;
  TVMFFIAny method;
} TVMFFIMethodInfo;

/* Makes an empty object of a type. */
typedef int (*TVMFFIObjectCreator)(TVMFFIObjectHandle* result);

/* Creator and kind of a reflected type. */
typedef struct TVMFFITypeMetadata {
  TVMFFIByteArray doc;
  TVMFFIObjectCreator creator;
  int32_t total_size;
  TVMFFISEqHashKind structural_eq_hash_kind;
} TVMFFITypeMetadata;

/* Attribute values by type index. Before 0.1.9: {data, size_t size}, without begin_index. */
typedef struct TVMFFITypeAttrColumn {
  const TVMFFIAny* data;
  int32_t size;
  int32_t begin_index;
} TVMFFITypeAttrColumn;

/* Run-time information of a type; lives as long as the library. */
typedef struct TVMFFITypeInfo {
  int32_t type_index;
  int32_t type_depth;
  TVMFFIByteArray type_key;
  const struct TVMFFITypeInfo** type_ancestors;
  uint64_t type_key_hash;
  int32_t num_fields;
  int32_t num_methods;
  const TVMFFIFieldInfo* fields;
  const TVMFFIMethodInfo* methods;
  const TVMFFITypeMetadata* metadata;
} TVMFFITypeInfo;

/* Stream of a device. */
typedef void* TVMFFIStreamHandle;

/* Allocates a tensor like the prototype; reports a failure through SetError. */
typedef int (*DLPackManagedTensorAllocator)(DLTensor* prototype, DLManagedTensorVersioned** out, void* error_ctx, void (*SetError)(void* error_ctx, const char* kind, const char* message));

/* out_version: out */
FFI_CTS_EXPORT void TVMFFIGetVersion(TVMFFIVersion* out_version);

/* obj: borrowed */
FFI_CTS_EXPORT int TVMFFIObjectIncRef(TVMFFIObjectHandle obj);

/* obj: stolen */
FFI_CTS_EXPORT int TVMFFIObjectDecRef(TVMFFIObjectHandle obj);

/* handle: stolen, may be NULL; deleter: may be NULL; out: new */
FFI_CTS_EXPORT int TVMFFIObjectCreateOpaque(void* handle, int32_t type_index, void (*deleter)(void* handle), TVMFFIObjectHandle* out);

/* Since 0.1.13.post2. returns: borrowed */
FFI_CTS_EXPORT TVMFFICustomAllocator* TVMFFIGetCustomAllocator(void);

/* Since 0.1.13.post2. allocator: borrowed, may be NULL, must live as long as the process */
FFI_CTS_EXPORT int TVMFFISetCustomAllocator(TVMFFICustomAllocator* allocator);

/* type_key: borrowed; out_tindex: out */
FFI_CTS_EXPORT int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex);

/* self: stolen, may be NULL; deleter: may be NULL; out: new */
FFI_CTS_EXPORT int TVMFFIFunctionCreate(void* self, TVMFFISafeCallType safe_call, void (*deleter)(void* self), TVMFFIObjectHandle* out);

/* name: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out);

/* any_view: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFIAnyViewToOwnedAny(const TVMFFIAny* any_view, TVMFFIAny* out);

/* func: borrowed; args: borrowed, may be NULL; result: new */
FFI_CTS_EXPORT int TVMFFIFunctionCall(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args, TVMFFIAny* result);

/* result: new */
FFI_CTS_EXPORT void TVMFFIErrorMoveFromRaised(TVMFFIObjectHandle* result);

/* error: borrowed */
FFI_CTS_EXPORT void TVMFFIErrorSetRaised(TVMFFIObjectHandle error);

/* kind: borrowed; message: borrowed */
FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStr(const char* kind, const char* message);

/* kind: borrowed; message_parts: borrowed */
FFI_CTS_EXPORT void TVMFFIErrorSetRaisedFromCStrParts(const char* kind, const char** message_parts, int32_t num_parts);

/* kind: borrowed; message: borrowed; backtrace: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out);

/* Since 0.1.8.post0. kind: borrowed; message: borrowed; backtrace: borrowed; cause_chain: borrowed, may be NULL; extra_context: borrowed, may be NULL; out: new */
FFI_CTS_EXPORT int TVMFFIErrorCreateWithCauseAndExtraContext(const TVMFFIByteArray* kind, const TVMFFIByteArray* message, const TVMFFIByteArray* backtrace, TVMFFIObjectHandle cause_chain, TVMFFIObjectHandle extra_context, TVMFFIObjectHandle* out);

/* from: stolen; out: new */
FFI_CTS_EXPORT int TVMFFITensorFromDLPack(DLManagedTensor* from, int32_t require_alignment, int32_t require_contiguous, TVMFFIObjectHandle* out);

/* from: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFITensorToDLPack(TVMFFIObjectHandle from, DLManagedTensor** out);

/* from: stolen; out: new */
FFI_CTS_EXPORT int TVMFFITensorFromDLPackVersioned(DLManagedTensorVersioned* from, int32_t require_alignment, int32_t require_contiguous, TVMFFIObjectHandle* out);

/* from: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFITensorToDLPackVersioned(TVMFFIObjectHandle from, DLManagedTensorVersioned** out);

/* Since 0.1.6. source: borrowed; prototype: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFITensorCreateUnsafeView(TVMFFIObjectHandle source, const DLTensor* prototype, TVMFFIObjectHandle* out);

/* input: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFIStringFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out);

/* input: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFIBytesFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out);

/* Since 0.1.14.post0. input: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFIBigIntFromByteArray(const TVMFFIByteArray* input, TVMFFIAny* out);

/* Since 0.1.14.post0. value: borrowed; returns: borrowed */
FFI_CTS_EXPORT TVMFFIByteArray TVMFFIBigIntGetContentByteArray(const TVMFFIAny* value);

/* str: borrowed; out: out */
FFI_CTS_EXPORT int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out);

/* dtype: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out);

/* name: borrowed; f: borrowed */
FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f, int allow_override);

/* method_info: borrowed */
FFI_CTS_EXPORT int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* method_info, int allow_override);

/* info: borrowed */
FFI_CTS_EXPORT int TVMFFITypeRegisterField(int32_t type_index, const TVMFFIFieldInfo* info);

/* info: borrowed */
FFI_CTS_EXPORT int TVMFFITypeRegisterMethod(int32_t type_index, const TVMFFIMethodInfo* info);

/* metadata: borrowed */
FFI_CTS_EXPORT int TVMFFITypeRegisterMetadata(int32_t type_index, const TVMFFITypeMetadata* metadata);

/* attr_name: borrowed; attr_value: borrowed */
FFI_CTS_EXPORT int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name, const TVMFFIAny* attr_value);

/* attr_name: borrowed; returns: borrowed, may be NULL */
FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(const TVMFFIByteArray* attr_name);

/* filename: borrowed, may be NULL; func: borrowed, may be NULL; returns: borrowed */
FFI_CTS_EXPORT const TVMFFIByteArray* TVMFFIBacktrace(const char* filename, int lineno, const char* func, int cross_ffi_boundary);

/* type_key: borrowed */
FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key, int32_t static_type_index, int32_t type_depth, int32_t num_child_slots, int32_t child_slots_can_overflow, int32_t parent_type_index);

/* returns: borrowed */
FFI_CTS_EXPORT const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index);

/* Since 0.1.5. handle_addr: out */
FFI_CTS_EXPORT int TVMFFIHandleInitOnce(void** handle_addr, int (*init_func)(void** result));

/* Since 0.1.5. handle_addr: out */
FFI_CTS_EXPORT int TVMFFIHandleDeinitOnce(void** handle_addr, int (*deinit_func)(void* handle));

/* stream: borrowed, may be NULL; opt_out_original_stream: out, may be NULL */
FFI_CTS_EXPORT int TVMFFIEnvSetStream(int32_t device_type, int32_t device_id, TVMFFIStreamHandle stream, TVMFFIStreamHandle* opt_out_original_stream);

/* returns: borrowed, may be NULL */
FFI_CTS_EXPORT TVMFFIStreamHandle TVMFFIEnvGetStream(int32_t device_type, int32_t device_id);

/* allocator: may be NULL; opt_out_original_allocator: out, may be NULL */
FFI_CTS_EXPORT int TVMFFIEnvSetDLPackManagedTensorAllocator(DLPackManagedTensorAllocator allocator, int write_to_global_context, DLPackManagedTensorAllocator* opt_out_original_allocator);

/* returns: borrowed, may be NULL */
FFI_CTS_EXPORT DLPackManagedTensorAllocator TVMFFIEnvGetDLPackManagedTensorAllocator(void);

/* prototype: borrowed; out: new */
FFI_CTS_EXPORT int TVMFFIEnvTensorAlloc(DLTensor* prototype, TVMFFIObjectHandle* out);

FFI_CTS_EXPORT int TVMFFIEnvCheckSignals(void);

/* name: borrowed; symbol: borrowed, must live as long as the process */
FFI_CTS_EXPORT int TVMFFIEnvRegisterCAPI(const char* name, void* symbol);

/* library_ctx: borrowed; func_name: borrowed; out: out */
FFI_CTS_EXPORT int TVMFFIEnvModLookupFromImports(TVMFFIObjectHandle library_ctx, const char* func_name, TVMFFIObjectHandle* out);

/* name: borrowed; symbol: borrowed, must live as long as the process */
FFI_CTS_EXPORT int TVMFFIEnvModRegisterContextSymbol(const char* name, void* symbol);

/* name: borrowed; symbol: borrowed, must live as long as the process */
FFI_CTS_EXPORT int TVMFFIEnvModRegisterSystemLibSymbol(const char* name, void* symbol);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FFI_CTS_ABI_H_ */
