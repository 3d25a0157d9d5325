/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of element types: a word, bits, and lanes, as in "float32x4"; "xvscalex4" for lanes that
 * are multiples of a size only the machine knows, stored as a negative number. The narrow floats
 * have a variant instead of bits, as in "float8_e4m3fn". All of the text must make sense.
 */
#include <stdbool.h>
#include <string.h>

#include "bytes.h"
#include "raised.h"
#include "values.h"

/* What is left of the text. Never read at `end`. */
typedef struct {
  const char* at;
  const char* end;
} cursor;

/* Letter by letter: most words differ in the first, and all take less than a call of memcmp(). */
FFI_INLINE bool skip(cursor* text, const char* word) {
  const char* at = text->at;
  for (; *word != '\0'; ++word, ++at) {
    if (at == text->end || *at != *word) {
      return false;
    }
  }
  text->at = at;
  return true;
}

FFI_INLINE bool is_digit_next(const cursor* text) {
  return text->at < text->end && *text->at >= '0' && *text->at <= '9';
}

/* A number from 1 to `max`. */
FFI_INLINE bool read_number(cursor* text, uint32_t max, uint32_t* number) {
  uint32_t value = 0;
  while (is_digit_next(text)) {
    value = value * 10 + (uint32_t)(*text->at++ - '0');
    if (value > max) {
      return false;
    }
  }
  *number = value;
  return value != 0;
}

/* Nothing, or "x4", or "xvscalex4"; then the end of the text. */
FFI_INLINE bool read_lanes(cursor* text, uint16_t* lanes) {
  uint32_t number;
  *lanes = 1;
  if (text->at == text->end) {
    return true;
  }
  if (skip(text, "xvscalex")) {
    if (!read_number(text, 32768, &number)) {
      return false;
    }
    number = 65536 - number;
  } else if (!skip(text, "x") || !read_number(text, 65535, &number)) {
    return false;
  }
  *lanes = (uint16_t)number;
  return text->at == text->end;
}

/* ---- Narrow floats ---- */

typedef struct {
  const char* name; /* after the word for floats */
  uint8_t code;
  uint8_t bits;
} narrow_float;

/* The second character is always an underscore. A name comes before those it begins with. */
static const narrow_float narrow_floats[] = {
    {"8_e4m3b11fnuz", kDLFloat8_e4m3b11fnuz, 8}, {"8_e4m3fnuz", kDLFloat8_e4m3fnuz, 8},
    {"8_e4m3fn", kDLFloat8_e4m3fn, 8},           {"8_e4m3", kDLFloat8_e4m3, 8},
    {"8_e5m2fnuz", kDLFloat8_e5m2fnuz, 8},       {"8_e5m2", kDLFloat8_e5m2, 8},
    {"8_e8m0fnu", kDLFloat8_e8m0fnu, 8},         {"8_e3m4", kDLFloat8_e3m4, 8},
    {"6_e2m3fn", kDLFloat6_e2m3fn, 6},           {"6_e3m2fn", kDLFloat6_e3m2fn, 6},
    {"4_e2m1fn", kDLFloat4_e2m1fn, 4},
};

enum { NUM_NARROW_FLOATS = sizeof(narrow_floats) / sizeof(narrow_floats[0]) };

static bool read_narrow_float(cursor text, DLDataType* out) {
  if (!skip(&text, "float") && !skip(&text, "fp") && !skip(&text, "f")) {
    return false;
  }
  if (text.end - text.at < 2 || text.at[1] != '_') {
    return false; /* as soon as that, because most floats are wide */
  }
  for (size_t i = 0; i < NUM_NARROW_FLOATS; ++i) {
    const narrow_float* row = &narrow_floats[i];
    if (skip(&text, row->name)) {
      /* Two of the four-bit floats share a byte, which some write as "_x2". */
      if (row->code == kDLFloat4_e2m1fn && text.end - text.at > 1) {
        (void)skip(&text, "_");
      }
      out->code = row->code;
      out->bits = row->bits;
      return read_lanes(&text, &out->lanes);
    }
  }
  return false;
}

static const char* narrow_float_name(uint8_t code) {
  for (size_t i = 0; i < NUM_NARROW_FLOATS; ++i) {
    if (narrow_floats[i].code == code) {
      return narrow_floats[i].name;
    }
  }
  return NULL;
}

/* ---- All others ---- */

typedef struct {
  const char* word;
  uint8_t code;
  uint8_t default_bits; /* 0: bits have to be written */
} word_type;

/* The first word of each code is the one to print. A word comes before those it begins with. */
static const word_type word_types[] = {
    {"int", kDLInt, 32},        {"uint", kDLUInt, 32},     {"float", kDLFloat, 32},
    {"bool", kDLBool, 8},       {"bfloat", kDLBfloat, 16}, {"handle", kDLOpaqueHandle, 64},
    {"complex", kDLComplex, 0}, {"i", kDLInt, 0},          {"u", kDLUInt, 0},
    {"f", kDLFloat, 0},         {"bf", kDLBfloat, 0},
};

enum { NUM_WORD_TYPES = sizeof(word_types) / sizeof(word_types[0]) };

FFI_INLINE bool read_bits(cursor* text, uint8_t default_bits, uint8_t* bits) {
  uint32_t number = default_bits;
  if (is_digit_next(text) && !read_number(text, 255, &number)) {
    return false;
  }
  *bits = (uint8_t)number;
  return number != 0;
}

static bool read_type(cursor text, DLDataType* out) {
  for (size_t i = 0; i < NUM_WORD_TYPES; ++i) {
    const word_type* row = &word_types[i];
    if (skip(&text, row->word)) {
      out->code = row->code;
      return read_bits(&text, row->default_bits, &out->bits) && read_lanes(&text, &out->lanes);
    }
  }
  return false;
}

static bool is_void(TVMFFIByteArray name) {
  return name.size == 0 || (name.size == 4 && memcmp(name.data, "void", 4) == 0);
}

static bool read_name(TVMFFIByteArray name, DLDataType* out) {
  cursor text = {name.data, name.data + name.size};
  return read_narrow_float(text, out) || read_type(text, out);
}

/* Borrows `str`, which needs no NUL at its end. */
int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  TVMFFIByteArray name = ffi_bytes_or_empty(str);
  DLDataType type = {kDLOpaqueHandle, 0, 0};
  if (FFI_UNLIKELY(!ffi_is_readable(name))) {
    return ffi_raise("ValueError", "the name of an element type is at a NULL pointer");
  }
  if (!is_void(name) && !read_name(name, &type)) {
    return ffi_raise("ValueError", "`%.*s` names no element type",
                     (int)(name.size < 200 ? name.size : 200), name.data);
  }
  *out = type;
  return 0;
}

/* ---- Printing ---- */

static const word_type* find_word(uint8_t code) {
  for (size_t i = 0; i < NUM_WORD_TYPES; ++i) {
    if (word_types[i].code == code) {
      return &word_types[i];
    }
  }
  return NULL;
}

/* Booleans and handles are written without their usual bits, numbers always with. */
static bool prints_bits(const word_type* row, uint8_t bits) {
  bool has_usual_bits = row->code == kDLBool || row->code == kDLOpaqueHandle;
  return !has_usual_bits || bits != row->default_bits;
}

static char* put_text(char* at, const char* text) {
  while (*text != '\0') {
    *at++ = *text++;
  }
  return at;
}

static char* put_number(char* at, uint32_t number) {
  char reversed[10];
  size_t count = 0;
  do {
    reversed[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count != 0) {
    *at++ = reversed[--count];
  }
  return at;
}

/* Writes the name without lanes; returns where it ends, or NULL for an unknown code. */
static char* put_scalar(char* at, DLDataType type) {
  const word_type* row = find_word(type.code);
  if (row != NULL) {
    at = put_text(at, row->word);
    return prints_bits(row, type.bits) ? put_number(at, type.bits) : at;
  }
  const char* narrow = narrow_float_name(type.code);
  return narrow != NULL ? put_text(put_text(at, "float"), narrow) : NULL;
}

static char* put_lanes(char* at, uint16_t lanes) {
  if (lanes > INT16_MAX) {
    return put_number(put_text(at, "xvscalex"), 65536U - lanes);
  }
  return lanes > 1 ? put_number(put_text(at, "x"), lanes) : at;
}

/* More than "float8_e4m3b11fnuz" and "xvscalex32768" take together. */
enum { MAX_NAME = 48 };

/* The caller owns the string. Reading it gives the same type again. */
int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out) {
  char name[MAX_NAME];
  char* end = name;
  bool is_void_type = dtype->code == kDLOpaqueHandle && dtype->bits == 0 && dtype->lanes == 0;
  if (!is_void_type) {
    end = put_scalar(name, *dtype);
    if (FFI_UNLIKELY(end == NULL)) {
      return ffi_raise("ValueError", "%d is no code of an element type", dtype->code);
    }
    end = put_lanes(end, dtype->lanes);
  }
  TVMFFIByteArray bytes = {name, (size_t)(end - name)};
  return ffi_string_new(bytes, out);
}
