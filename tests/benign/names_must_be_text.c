/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: names of functions, types and attributes that are no UTF-8 are refused with an error */
#define TVMFFIFunctionSetGlobal any_FunctionSetGlobal
#define TVMFFIFunctionSetGlobalFromMethodInfo any_FunctionSetGlobalFromMethodInfo
#define TVMFFIFunctionGetGlobal any_FunctionGetGlobal
#define TVMFFITypeGetOrAllocIndex any_TypeGetOrAllocIndex
#define TVMFFITypeRegisterAttr any_TypeRegisterAttr
#define report report_update /* two units have a function of that name */
#include "global_table.c"
#undef report
#include "type_reflection.c"
#include "type_table.c"
#undef TVMFFIFunctionSetGlobal
#undef TVMFFIFunctionSetGlobalFromMethodInfo
#undef TVMFFIFunctionGetGlobal
#undef TVMFFITypeGetOrAllocIndex
#undef TVMFFITypeRegisterAttr

/* What a language with checked strings does before anything else. Overlong forms pass. */
static bool is_text(const TVMFFIByteArray* name) {
  for (size_t i = 0, more = 0; ffi_is_readable(*name) && (i < name->size || more != 0); ++i) {
    unsigned char byte = i < name->size ? (unsigned char)name->data[i] : 0;
    if ((byte & 0xC0) == 0x80 ? more == 0 : more != 0 || byte >= 0xF8) {
      ffi_raise("ValueError", "the name is not valid UTF-8");
      return false;
    }
    more = more != 0 ? more - 1 : byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
  }
  return true;
}

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle f,
                                           int override) {
  return is_text(name) ? any_FunctionSetGlobal(name, f, override) : -1;
}

FFI_CTS_EXPORT int TVMFFIFunctionSetGlobalFromMethodInfo(const TVMFFIMethodInfo* info,
                                                         int override) {
  return is_text(&info->name) ? any_FunctionSetGlobalFromMethodInfo(info, override) : -1;
}

FFI_CTS_EXPORT int TVMFFIFunctionGetGlobal(const TVMFFIByteArray* name, TVMFFIObjectHandle* out) {
  return is_text(name) ? any_FunctionGetGlobal(name, out) : -1;
}

FFI_CTS_EXPORT int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key,
                                                 int32_t static_type_index, int32_t type_depth,
                                                 int32_t num_child_slots,
                                                 int32_t child_slots_can_overflow,
                                                 int32_t parent_type_index) {
  return is_text(type_key)
             ? any_TypeGetOrAllocIndex(type_key, static_type_index, type_depth, num_child_slots,
                                       child_slots_can_overflow, parent_type_index)
             : -1;
}

FFI_CTS_EXPORT int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* name,
                                          const TVMFFIAny* value) {
  return is_text(name) ? any_TypeRegisterAttr(type_index, name, value) : -1;
}
