/* SPDX-License-Identifier: Apache-2.0 */
/* oddity: an error that is raised in the library has a cause, and another error for a context */
#define ffi_raise correct_ffi_raise
#include "raised.c"
#undef ffi_raise

int ffi_raise(const char* kind, const char* format, ...) {
  char message[512];
  va_list values;
  va_start(values, format);
  (void)vsnprintf(message, sizeof(message), format, values);
  va_end(values);
  TVMFFIByteArray given = from_c_string(kind), said = from_c_string(message), none = {NULL, 0};
  TVMFFIObject* cause = ffi_error_new(from_c_string("Cause"), said, said, NULL, NULL);
  TVMFFIObject* context = ffi_error_new(from_c_string("Context"), none, none, cause, NULL);
  ffi_set_raised(ffi_error_new(given, said, none, cause, context));
  ffi_release(cause);
  ffi_release(context);
  return -1;
}
