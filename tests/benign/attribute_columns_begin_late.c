/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: the columns of attributes begin at the first type that has a value */
#define TVMFFIGetTypeAttrColumn correct_TVMFFIGetTypeAttrColumn
#include "type_reflection.c"
#undef TVMFFIGetTypeAttrColumn

typedef struct late_column {
  struct late_column* next;
  const TVMFFITypeAttrColumn* whole;
  TVMFFITypeAttrColumn part;
} late_column;

static late_column* late_columns; /* guarded by the lock of the types */

static late_column* late_column_of(const TVMFFITypeAttrColumn* whole) {
  for (late_column* each = late_columns; each != NULL; each = each->next) {
    if (each->whole == whole) return each;
  }
  late_column* column = ffi_immortal_alloc(sizeof(*column));
  if (column == NULL) return NULL;
  column->whole = whole;
  column->next = late_columns;
  late_columns = column;
  return column;
}

/* The same place for a name each time; what it says is brought up to date by each call. */
FFI_CTS_EXPORT const TVMFFITypeAttrColumn* TVMFFIGetTypeAttrColumn(
    const TVMFFIByteArray* attr_name) {
  const TVMFFITypeAttrColumn* whole = correct_TVMFFIGetTypeAttrColumn(attr_name);
  if (whole == NULL) return NULL;
  ffi_types_lock();
  late_column* column = late_column_of(whole);
  int32_t first = 0;
  while (first < whole->size && whole->data[first].type_index == kTVMFFINone) ++first;
  if (column != NULL) {
    column->part.data = whole->data == NULL ? NULL : whole->data + first;
    column->part.size = whole->size - first;
    column->part.begin_index = first;
  }
  ffi_types_unlock();
  return column != NULL ? &column->part : whole;
}
