/* SPDX-License-Identifier: Apache-2.0 */
/* Step 9: what is known of types: attributes by name, fields, methods, metadata. */
#include "mine.h"

typedef struct Column {
  TVMFFIByteArray name;
  TVMFFITypeAttrColumn shown; /* stays where it is; its data may move when it grows */
  TVMFFIAny* values;
  struct Column* next;
} Column;

static Column* columns;

static Column* find(const TVMFFIByteArray* name) {
  Column* column = columns;
  while (column != NULL && !same_text(&column->name, name)) column = column->next;
  return column;
}

static TVMFFIAny put(const TVMFFIByteArray* name, int32_t type_index, TVMFFIAny value) {
  Column* column = find(name);
  if (column == NULL) {
    column = must(calloc(1, sizeof *column));
    column->name = copy_text(name);
    column->next = columns;
    columns = column;
  }
  if (type_index >= column->shown.size) {
    size_t size = (size_t)type_index + 1;
    size_t old = (size_t)column->shown.size;
    column->values = must(realloc(column->values, size * sizeof(TVMFFIAny)));
    memset(column->values + old, 0, (size - old) * sizeof(TVMFFIAny)); /* zeros are None */
    column->shown = (TVMFFITypeAttrColumn){.data = column->values, .size = type_index + 1};
  }
  TVMFFIAny replaced = column->values[type_index];
  column->values[type_index] = value;
  return replaced;
}

int TVMFFITypeRegisterAttr(int32_t type_index, const TVMFFIByteArray* attr_name,
                           const TVMFFIAny* attr_value) {
  if (!readable(attr_name)) return -1;
  if (TVMFFIGetTypeInfo(type_index) == NULL) return fail("ValueError", "no type has this index");
  TVMFFIAny value;
  if (TVMFFIAnyViewToOwnedAny(attr_value, &value) != 0) return -1;
  lock();
  TVMFFIAny replaced = put(attr_name, type_index, value);
  unlock();
  if (replaced.type_index >= kTVMFFIStaticObjectBegin) release(replaced.v_obj);
  return 0;
}

const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(const TVMFFIByteArray* attr_name) {
  if (!readable(attr_name)) return NULL;
  lock();
  const Column* column = find(attr_name);
  unlock();
  return column != NULL ? &column->shown : NULL;
}

/* Descriptions are copied, with a reference to what they refer to. Registering ends before
 * anybody reads, so that the arrays may move while they grow. */

static TVMFFITypeInfo* described(int32_t type_index, const TVMFFIByteArray* a,
                                 const TVMFFIByteArray* b, const TVMFFIByteArray* c) {
  TVMFFITypeInfo* info = (TVMFFITypeInfo*)TVMFFIGetTypeInfo(type_index);
  if (!readable(a) || !readable(b) || !readable(c)) return NULL;
  if (info == NULL) (void)fail("ValueError", "no type has this index");
  return info;
}

int TVMFFITypeRegisterField(int32_t type_index, const TVMFFIFieldInfo* info) {
  TVMFFITypeInfo* type = described(type_index, &info->name, &info->doc, &info->metadata);
  TVMFFIFieldInfo field = *info;
  const TVMFFIAny* value = &info->default_value_or_factory;
  if (type == NULL || TVMFFIAnyViewToOwnedAny(value, &field.default_value_or_factory) != 0)
    return -1;
  field.name = copy_text(&info->name);
  field.doc = copy_text(&info->doc);
  field.metadata = copy_text(&info->metadata);
  if (field.flags & kTVMFFIFieldFlagBitSetterIsFunctionObj) retain(field.setter);
  lock();
  size_t size = ((size_t)type->num_fields + 1) * sizeof field;
  TVMFFIFieldInfo* fields = must(realloc((void*)type->fields, size));
  fields[type->num_fields++] = field;
  type->fields = fields;
  unlock();
  return 0;
}

int TVMFFITypeRegisterMethod(int32_t type_index, const TVMFFIMethodInfo* info) {
  TVMFFITypeInfo* type = described(type_index, &info->name, &info->doc, &info->metadata);
  TVMFFIMethodInfo method = *info;
  if (type == NULL || TVMFFIAnyViewToOwnedAny(&info->method, &method.method) != 0) return -1;
  method.name = copy_text(&info->name);
  method.doc = copy_text(&info->doc);
  method.metadata = copy_text(&info->metadata);
  lock();
  size_t size = ((size_t)type->num_methods + 1) * sizeof method;
  TVMFFIMethodInfo* methods = must(realloc((void*)type->methods, size));
  methods[type->num_methods++] = method;
  type->methods = methods;
  unlock();
  return 0;
}

int TVMFFITypeRegisterMetadata(int32_t type_index, const TVMFFITypeMetadata* metadata) {
  TVMFFITypeInfo* type = described(type_index, &metadata->doc, &metadata->doc, &metadata->doc);
  if (type == NULL) return -1;
  TVMFFITypeMetadata* copy = must(malloc(sizeof *copy));
  *copy = *metadata;
  copy->doc = copy_text(&metadata->doc);
  lock();
  type->metadata = copy; /* an older one stays, for whoever reads it */
  unlock();
  return 0;
}
