/* SPDX-License-Identifier: Apache-2.0 */
/* Step 8: types. Keys get indices; children lie behind their parent, where it reserved slots. */
#include "mine.h"

#define FIRST_DYNAMIC kTVMFFIDynObjectBegin
#define MOST_SLOTS (1 << 16)

typedef struct {
  TVMFFITypeInfo info; /* stays where it is, for good */
  int32_t slots;
  bool can_overflow;
} Type;

static Type** types;      /* by index; NULL where there is none */
static int32_t* reserved; /* by index: the type that has it among its slots, or 0 */
static int32_t capacity;

static void make_room(int32_t needed) {
  if (needed <= capacity) return;
  needed = needed * 2;
  types = must(realloc(types, (size_t)needed * sizeof(*types)));
  reserved = must(realloc(reserved, (size_t)needed * sizeof(*reserved)));
  memset(types + capacity, 0, (size_t)(needed - capacity) * sizeof(*types));
  memset(reserved + capacity, 0, (size_t)(needed - capacity) * sizeof(*reserved));
  capacity = needed;
}

static Type* type_at(int32_t index) { return index >= 0 && index < capacity ? types[index] : NULL; }

static Type* type_of_key(const TVMFFIByteArray* type_key) {
  for (int32_t i = 0; i < capacity; ++i)
    if (types[i] != NULL && same_text(&types[i]->info.type_key, type_key)) return types[i];
  return NULL;
}

/* Whether a type and its slots fit at an index, all of which must be free or the parent's. */
static bool fits(int32_t index, int32_t slots, int32_t owner) {
  make_room(index + slots + 1);
  for (int32_t i = index; i <= index + slots; ++i)
    if (types[i] != NULL || reserved[i] != owner) return false;
  return true;
}

static int32_t free_index(const Type* parent, int32_t slots) {
  int32_t own = parent != NULL ? parent->info.type_index : -1;
  if (parent != NULL) {
    for (int32_t i = own + 1; i + slots <= own + parent->slots; ++i)
      if (fits(i, slots, own)) return i;
    if (!parent->can_overflow) return -1;
  }
  int32_t index = own < FIRST_DYNAMIC ? FIRST_DYNAMIC : own + 1; /* greater than the parent's */
  while (!fits(index, slots, 0)) ++index;
  return index;
}

static Type* add_type(const TVMFFIByteArray* type_key, int32_t index, int32_t slots,
                      bool can_overflow, const Type* parent) {
  Type* type = must(calloc(1, sizeof *type));
  TVMFFITypeInfo* info = &type->info;
  info->type_index = index;
  info->type_key = copy_text(type_key);
  for (size_t i = 0; i < type_key->size; ++i)
    info->type_key_hash = info->type_key_hash * 31 + (unsigned char)type_key->data[i];
  if (parent != NULL) {
    size_t depth = (size_t)parent->info.type_depth;
    info->type_depth = parent->info.type_depth + 1;
    info->type_ancestors = must(malloc((depth + 1) * sizeof(*info->type_ancestors)));
    if (depth > 0)
      memcpy(info->type_ancestors, parent->info.type_ancestors,
             depth * sizeof(*info->type_ancestors));
    info->type_ancestors[depth] = &parent->info;
  }
  type->slots = slots;
  type->can_overflow = can_overflow;
  make_room(index + slots + 1);
  types[index] = type;
  int32_t owner = reserved[index];
  for (int32_t i = index + 1; i <= index + slots; ++i)
    if (types[i] == NULL && (reserved[i] == 0 || reserved[i] == owner)) reserved[i] = index;
  return type;
}

/* The index, or -1 with what is wrong. */
static int32_t get_or_add(const TVMFFIByteArray* type_key, int32_t index, int32_t slots,
                          bool can_overflow, int32_t parent_index, const char** wrong) {
  Type* known = type_of_key(type_key);
  if (known != NULL) return known->info.type_index;
  if (parent_index == -2) return -2;
  const Type* parent = type_at(parent_index);
  int32_t found = index;
  if (parent_index >= 0 && parent == NULL)
    *wrong = "there is no such parent";
  else if (slots > MOST_SLOTS)
    *wrong = "that is more slots than a type can have";
  else if (index >= FIRST_DYNAMIC)
    *wrong = "a static index lies below 128";
  else if (index >= 0 && type_at(index) != NULL)
    *wrong = "another type has this index";
  else if (index < 0)
    found = free_index(parent, slots);
  if (*wrong == NULL && found < 0) *wrong = "the parent has no slot left";
  if (*wrong != NULL) return -1;
  (void)add_type(type_key, found, slots, can_overflow, parent);
  return found;
}

int32_t TVMFFITypeGetOrAllocIndex(const TVMFFIByteArray* type_key, int32_t static_type_index,
                                  int32_t type_depth, int32_t num_child_slots,
                                  int32_t child_slots_can_overflow, int32_t parent_type_index) {
  (void)type_depth; /* follows from the parent */
  if (!readable(type_key)) return -1;
  const char* wrong = NULL;
  lock();
  int32_t index = get_or_add(type_key, static_type_index, num_child_slots > 0 ? num_child_slots : 0,
                             child_slots_can_overflow != 0, parent_type_index, &wrong);
  unlock();
  return wrong != NULL ? fail("ValueError", wrong) : index;
}

int TVMFFITypeKeyToIndex(const TVMFFIByteArray* type_key, int32_t* out_tindex) {
  if (!readable(type_key)) return -1;
  lock();
  const Type* type = type_of_key(type_key);
  unlock();
  if (type == NULL) return fail("KeyError", "no type has this key");
  *out_tindex = type->info.type_index;
  return 0;
}

const TVMFFITypeInfo* TVMFFIGetTypeInfo(int32_t type_index) {
  lock();
  const Type* type = type_at(type_index);
  unlock();
  return type != NULL ? &type->info : NULL;
}

/* The types that abi.h numbers. */

static const char* const VALUES[] = {"None",
                                     "int",
                                     "bool",
                                     "float",
                                     "void*",
                                     "DataType",
                                     "Device",
                                     "DLTensor*",
                                     "const char*",
                                     "TVMFFIByteArray*",
                                     "ObjectRValueRef",
                                     "ffi.SmallStr",
                                     "ffi.SmallBytes",
                                     "ffi.Unchanged"};
static const char* const OBJECTS[] = {"ffi.Object", "ffi.String",         "ffi.Bytes",
                                      "ffi.Error",  "ffi.Function",       "ffi.Shape",
                                      "ffi.Tensor", "ffi.Array",          "ffi.Map",
                                      "ffi.Module", "ffi.OpaquePyObject", "ffi.List",
                                      "ffi.Dict",   "ffi.VisitInterrupt", "ffi.BigInt"};

__attribute__((constructor)) static void add_known_types(void) {
  for (int32_t i = 0; i < (int32_t)(sizeof VALUES / sizeof *VALUES); ++i)
    add_type(&(TVMFFIByteArray){VALUES[i], strlen(VALUES[i])}, i, 0, true, NULL);
  for (int32_t i = 0; i < (int32_t)(sizeof OBJECTS / sizeof *OBJECTS); ++i)
    add_type(&(TVMFFIByteArray){OBJECTS[i], strlen(OBJECTS[i])}, kTVMFFIObject + i, 0, true,
             type_at(i > 0 ? kTVMFFIObject : -1));
}
