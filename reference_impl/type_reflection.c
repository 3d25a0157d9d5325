/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known about types: fields, methods, metadata, attributes. All of it is kept for the life
 * of the process, because callers keep pointers into it. Arrays that grow leave their old copy
 * behind for readers; since they double, that costs no more than the arrays themselves.
 */
#include <string.h>

#include "bytes.h"
#include "counts.h"
#include "map.h"
#include "raised.h"
#include "types.h"
#include "values.h"

static int no_such_type(int32_t type_index) {
  return ffi_raise("ValueError", "no type has the index %d", type_index);
}

/*
 * Under the lock nothing runs that may call back, which making a value, releasing one and raising
 * an error can all do. So the functions with a lock only say why they failed, or NULL.
 */
static const char no_memory[] = "out of memory";

static int report(const char* failure, const ffi_type* type) {
  if (failure == NULL) {
    return 0;
  }
  if (failure == no_memory) {
    return ffi_raise_no_memory();
  }
  return ffi_raise("RuntimeError", "type %d has %s already", type->info.type_index, failure);
}

static int no_bytes(void) {
  return ffi_raise("ValueError", "a name or text to register is at a NULL pointer");
}

static void release_value(const TVMFFIAny* value) {
  if (value->type_index >= kTVMFFIStaticObjectBegin) {
    ffi_release(value->v_obj);
  }
}

/*
 * Room for one more element: `old` while it has some, else an immortal copy of twice the size.
 * NULL if out of memory.
 */
static void* with_room(void* old, int32_t count, int32_t* capacity, size_t element_size) {
  if (count < *capacity) {
    return old;
  }
  int32_t grown = *capacity == 0 ? 4 : 2 * *capacity;
  void* copy = ffi_immortal_alloc((size_t)grown * element_size);
  if (copy != NULL) {
    if (count != 0) {
      memcpy(copy, old, (size_t)count * element_size);
    }
    *capacity = grown;
  }
  return copy;
}

/* ---- Fields ---- */

static bool has_field(const ffi_type* type, TVMFFIByteArray name) {
  for (int32_t i = 0; i < type->info.num_fields; ++i) {
    if (ffi_same_bytes(type->info.fields[i].name, name)) {
      return true;
    }
  }
  return false;
}

/* Turns a description that borrows everything into one that owns everything. */
static int own_field(TVMFFIFieldInfo* field) {
  TVMFFIAny value = {.type_index = kTVMFFINone};
  if (ffi_immortal_copy(field->name, &field->name) != 0 ||
      ffi_immortal_copy(field->doc, &field->doc) != 0 ||
      ffi_immortal_copy(field->metadata, &field->metadata) != 0) {
    return ffi_raise_no_memory();
  }
  if ((field->flags & kTVMFFIFieldFlagBitMaskHasDefault) != 0 &&
      ffi_any_to_owned(&field->default_value_or_factory, &value) != 0) {
    return -1;
  }
  field->default_value_or_factory = value;
  if ((field->flags & kTVMFFIFieldFlagBitSetterIsFunctionObj) != 0) {
    (void)ffi_retain(field->setter);
  }
  return 0;
}

static void release_field(const TVMFFIFieldInfo* field) {
  release_value(&field->default_value_or_factory);
  if ((field->flags & kTVMFFIFieldFlagBitSetterIsFunctionObj) != 0) {
    ffi_release(field->setter);
  }
}

static const char* add_field_locked(ffi_type* type, const TVMFFIFieldInfo* field) {
  if (has_field(type, field->name)) {
    return "a field of that name";
  }
  int32_t count = type->info.num_fields;
  TVMFFIFieldInfo* fields =
      with_room((void*)type->info.fields, count, &type->field_capacity, sizeof(*field));
  if (fields == NULL) {
    return no_memory;
  }
  fields[count] = *field;
  __atomic_store_n(&type->info.fields, fields, __ATOMIC_RELEASE);
  __atomic_store_n(&type->info.num_fields, count + 1, __ATOMIC_RELEASE);
  return NULL;
}

/* Borrows `info`; copies its texts and takes own references to its objects. */
int TVMFFITypeRegisterField(int32_t type_index, const TVMFFIFieldInfo* info) {
  ffi_type* type = ffi_type_at(type_index);
  if (type == NULL) {
    return no_such_type(type_index);
  }
  TVMFFIFieldInfo field = *info;
  if (!ffi_is_readable(info->name) || !ffi_is_readable(info->doc) ||
      !ffi_is_readable(info->metadata)) {
    return no_bytes();
  }
  if (own_field(&field) != 0) {
    return -1;
  }
  ffi_types_lock();
  const char* failure = add_field_locked(type, &field);
  ffi_types_unlock();
  if (failure != NULL) {
    release_field(&field);
  }
  return report(failure, type);
}

/* ---- Methods ---- */

static int own_method(TVMFFIMethodInfo* method) {
  if (ffi_immortal_copy(method->name, &method->name) != 0 ||
      ffi_immortal_copy(method->doc, &method->doc) != 0 ||
      ffi_immortal_copy(method->metadata, &method->metadata) != 0) {
    return ffi_raise_no_memory();
  }
  return ffi_any_to_owned(&method->method, &method->method);
}

static const char* add_method_locked(ffi_type* type, const TVMFFIMethodInfo* method) {
  int32_t count = type->info.num_methods;
  TVMFFIMethodInfo* methods =
      with_room((void*)type->info.methods, count, &type->method_capacity, sizeof(*method));
  if (methods == NULL) {
    return no_memory;
  }
  methods[count] = *method;
  __atomic_store_n(&type->info.methods, methods, __ATOMIC_RELEASE);
  __atomic_store_n(&type->info.num_methods, count + 1, __ATOMIC_RELEASE);
  return NULL;
}

/* Borrows `info`; copies its texts and takes an own reference to the method. */
int TVMFFITypeRegisterMethod(int32_t type_index, const TVMFFIMethodInfo* info) {
  ffi_type* type = ffi_type_at(type_index);
  if (type == NULL) {
    return no_such_type(type_index);
  }
  TVMFFIMethodInfo method = *info;
  if (!ffi_is_readable(info->name) || !ffi_is_readable(info->doc) ||
      !ffi_is_readable(info->metadata)) {
    return no_bytes();
  }
  if (own_method(&method) != 0) {
    return -1;
  }
  ffi_types_lock();
  const char* failure = add_method_locked(type, &method);
  ffi_types_unlock();
  if (failure != NULL) {
    release_value(&method.method);
  }
  return report(failure, type);
}

/* ---- Metadata ---- */

static const char* set_metadata_locked(ffi_type* type, const TVMFFITypeMetadata* metadata) {
  if (type->info.metadata != NULL) {
    return "metadata";
  }
  type->metadata = *metadata;
  __atomic_store_n(&type->info.metadata, &type->metadata, __ATOMIC_RELEASE);
  return NULL;
}

/* Borrows `metadata` and copies its text. */
int TVMFFITypeRegisterMetadata(int32_t type_index, const TVMFFITypeMetadata* metadata) {
  ffi_type* type = ffi_type_at(type_index);
  if (type == NULL) {
    return no_such_type(type_index);
  }
  TVMFFITypeMetadata copy = *metadata;
  if (!ffi_is_readable(metadata->doc)) {
    return no_bytes();
  }
  if (ffi_immortal_copy(metadata->doc, &copy.doc) != 0) {
    return ffi_raise_no_memory();
  }
  ffi_types_lock();
  const char* failure = set_metadata_locked(type, &copy);
  ffi_types_unlock();
  return report(failure, type);
}

/* ---- Attributes: one column for each name, indexed by type ---- */

typedef struct {
  ffi_key key;
  TVMFFITypeAttrColumn column; /* begins at index 0 */
  int32_t capacity;
} attr_column;

static ffi_map columns;

static attr_column* find_column(TVMFFIByteArray name, uint64_t hash) {
  return (void*)ffi_map_find(&columns, name, hash);
}

/* NULL if out of memory. */
static attr_column* get_column_locked(TVMFFIByteArray name) {
  uint64_t hash = ffi_hash(name);
  attr_column* column = find_column(name, hash);
  if (column != NULL) {
    return column;
  }
  column = ffi_immortal_alloc(sizeof(*column));
  if (column == NULL || ffi_immortal_copy(name, &column->key.name) != 0) {
    return NULL;
  }
  column->key.hash = hash;
  return ffi_map_insert(&columns, &column->key) == 0 ? column : NULL;
}

/* Room for `size` elements; new ones are None, which is all zero. -1 if out of memory. */
static int reserve(attr_column* column, int32_t size) {
  if (size <= column->capacity) {
    return 0;
  }
  int32_t capacity = size > 2 * column->capacity ? size : 2 * column->capacity;
  TVMFFIAny* data = ffi_immortal_alloc((size_t)capacity * sizeof(*data));
  if (data == NULL) {
    return -1;
  }
  if (column->column.size != 0) {
    memcpy(data, column->column.data, (size_t)column->column.size * sizeof(*data));
  }
  column->capacity = capacity;
  __atomic_store_n(&column->column.data, data, __ATOMIC_RELEASE);
  return 0;
}

/*
 * Readers take no lock: they see None until all of the value is there. Its first half, which tells
 * its type, is therefore stored last, and the size that lets them look at it after that.
 */
static void publish_value(attr_column* column, int32_t at, const TVMFFIAny* value) {
  TVMFFIAny* place = (TVMFFIAny*)column->column.data + at;
  place->zero_padding = value->zero_padding;
  place->v_uint64 = value->v_uint64;
  __atomic_store_n(&place->type_index, value->type_index, __ATOMIC_RELEASE);
  if (at >= column->column.size) {
    __atomic_store_n(&column->column.size, at + 1, __ATOMIC_RELEASE);
  }
}

/* On success the column owns the value. */
static const char* set_attr_locked(int32_t type_index, TVMFFIByteArray name,
                                   const TVMFFIAny* value) {
  attr_column* column = get_column_locked(name);
  if (column == NULL || reserve(column, type_index + 1) != 0) {
    return no_memory;
  }
  if (column->column.data[type_index].type_index != kTVMFFINone) {
    return "that attribute";
  }
  publish_value(column, type_index, value);
  return NULL;
}

/* To register for None means only that the column exists from now on. */
static int ensure_column(TVMFFIByteArray name) {
  ffi_types_lock();
  const attr_column* column = get_column_locked(name);
  ffi_types_unlock();
  return column != NULL ? 0 : ffi_raise_no_memory();
}

/* Copies the name and takes an own reference to the value. */
int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name,
                           const TVMFFIAny* attr_value) {
  const ffi_type* type = ffi_type_at(type_index);
  TVMFFIByteArray name = ffi_bytes_or_empty(attr_name);
  TVMFFIAny value;
  if (type == NULL) {
    return no_such_type(type_index);
  }
  if (!ffi_is_readable(name)) {
    return no_bytes();
  }
  if (type_index == kTVMFFINone) {
    return ensure_column(name);
  }
  if (ffi_any_to_owned(attr_value, &value) != 0) {
    return -1;
  }
  ffi_types_lock();
  const char* failure = set_attr_locked(type_index, name, &value);
  ffi_types_unlock();
  if (failure != NULL) {
    release_value(&value);
  }
  return report(failure, type);
}

/* Lives as long as the process; NULL if nothing was ever registered under the name. */
const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(const TVMFFIByteArray* attr_name) {
  TVMFFIByteArray name = ffi_bytes_or_empty(attr_name);
  if (!ffi_is_readable(name)) {
    return NULL;
  }
  const attr_column* column = find_column(name, ffi_hash(name));
  return column != NULL ? &column->column : NULL;
}
