/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: the texts of an error lie one behind the other, with no NUL between */
#define ffi_error_new terminated_error_new
#include "error.c"
#undef ffi_error_new

/* The room for a NUL behind each text is filled with something else. */
static void overwrite_nul(TVMFFIByteArray text) { ((char*)text.data)[text.size] = '~'; }

TVMFFIObject* ffi_error_new(TVMFFIByteArray kind, TVMFFIByteArray message,
                            TVMFFIByteArray backtrace, void* cause_chain, void* extra_context) {
  TVMFFIObject* error = terminated_error_new(kind, message, backtrace, cause_chain, extra_context);
  if (error != NULL) {
    TVMFFIErrorCell* cell = &((error_object*)error)->cell;
    overwrite_nul(cell->kind);
    overwrite_nul(cell->message);
    overwrite_nul(cell->backtrace);
  }
  return error;
}
