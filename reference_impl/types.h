/* SPDX-License-Identifier: Apache-2.0 */
/* The table of types. */
#ifndef FFI_CTS_REFERENCE_TYPES_H_
#define FFI_CTS_REFERENCE_TYPES_H_

#include <stdbool.h>
#include <stdint.h>

#include "ffi_cts/abi.h"

#include "map.h"

#pragma GCC visibility push(hidden)

typedef struct ffi_type {
  ffi_key key;
  TVMFFITypeInfo info;
  int32_t num_slots;                /* indices [index, index + num_slots) belong to the type */
  int32_t allocated_slots;          /* how many of the first are used up, its own included */
  struct ffi_type* next_with_slots; /* of those with slots for children */
  bool child_slots_can_overflow;
  int32_t field_capacity;
  int32_t method_capacity;
  TVMFFITypeMetadata metadata;
} ffi_type;

/* The registered type, or NULL. Needs no lock. */
ffi_type* ffi_type_at(int32_t type_index);

/* Writers of the type table exclude each other with this lock. */
void ffi_types_lock(void);
void ffi_types_unlock(void);

#pragma GCC visibility pop

#endif /* FFI_CTS_REFERENCE_TYPES_H_ */
