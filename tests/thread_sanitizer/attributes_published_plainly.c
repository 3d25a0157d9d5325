/* SPDX-License-Identifier: Apache-2.0 */
/* The reference, but for the order in which an attribute's value and its column are published. */
#include "internal.h"
#define __atomic_store_n(place, value, order) (*(place) = (value))
#include "type_reflection.c"
