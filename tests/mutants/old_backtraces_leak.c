/* SPDX-License-Identifier: Apache-2.0 */
/* flaw: the text that an update of the backtrace replaces is never freed */
/* violates: REF-LEAK-04 */
#define TVMFFIErrorCreate correct_TVMFFIErrorCreate
#include "error.c"
#undef TVMFFIErrorCreate

static void wrong_update(TVMFFIObjectHandle self, const TVMFFIByteArray* backtrace,
                         int32_t update_mode) {
  error_object* error = self;
  if (error->heap_backtrace != NULL) {
    char* copy = malloc(error->heap_capacity + 1);
    if (copy == NULL) return;
    memcpy(copy, error->heap_backtrace, error->cell.backtrace.size);
    error->heap_backtrace = copy;
    error->cell.backtrace.data = copy;
  }
  error_update_backtrace(self, backtrace, update_mode);
}

FFI_CTS_EXPORT int TVMFFIErrorCreate(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out) {
  int code = correct_TVMFFIErrorCreate(kind, message, backtrace, out);
  if (code == 0) {
    ((error_object*)*out)->cell.update_backtrace = wrong_update;
  }
  return code;
}
