/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of element types: a word, bits, and lanes, as in "float32x4"; "xvscalex4" for lanes that
 * are multiples of a size only the machine knows, stored as a negative number. The narrow floats
 * have a variant instead of bits, as in "float8_e4m3fn". All of the text must make sense.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* What is left of the text. Never read at `end`. */
typedef struct {
  const char* at;
  const char* end;
} cursor;

static bool skip(cursor* text, const char* word) {
  size_t length = strlen(word);
  if ((size_t)(text->end - text->at) < length || memcmp(text->at, word, length) != 0) {
    return false;
  }
  text->at += length;
  return true;
}

static bool is_digit_next(const cursor* text) {
  return text->at < text->end && *text->at >= '0' && *text->at <= '9';
}

/* A number from 1 to `max`. */
static bool read_number(cursor* text, uint32_t max, uint32_t* number) {
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
static bool read_lanes(cursor* text, uint16_t* lanes) {
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

/* A name comes before those that it begins with. */
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
    {"int", kDLInt, 32},        {"i", kDLInt, 0},        {"uint", kDLUInt, 32},
    {"u", kDLUInt, 0},          {"float", kDLFloat, 32}, {"f", kDLFloat, 0},
    {"bfloat", kDLBfloat, 16},  {"bf", kDLBfloat, 0},    {"handle", kDLOpaqueHandle, 64},
    {"complex", kDLComplex, 0}, {"bool", kDLBool, 8},
};

enum { NUM_WORD_TYPES = sizeof(word_types) / sizeof(word_types[0]) };

static bool read_bits(cursor* text, uint8_t default_bits, uint8_t* bits) {
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

static bool is_void(cursor text) {
  return text.at == text.end || (skip(&text, "void") && text.at == text.end);
}

/* Borrows `str`, which needs no NUL at its end. */
int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  TVMFFIByteArray bytes = ffi_bytes_or_empty(str);
  if (bytes.size == 0) {
    bytes.data = "";
  }
  cursor text = {bytes.data, bytes.data + bytes.size};
  DLDataType type = {kDLOpaqueHandle, 0, 0};
  if (!is_void(text) && !read_narrow_float(text, &type) && !read_type(text, &type)) {
    return ffi_raise("ValueError", "`%.*s` names no element type",
                     (int)(bytes.size < 200 ? bytes.size : 200), bytes.data);
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

/* Writes the name without lanes; returns its length, or -1 for an unknown code. */
static int print_scalar(DLDataType type, char* at, size_t size) {
  const char* narrow = narrow_float_name(type.code);
  if (narrow != NULL) {
    return snprintf(at, size, "float%s", narrow);
  }
  const word_type* row = find_word(type.code);
  if (row == NULL) {
    return -1;
  }
  return prints_bits(row, type.bits) ? snprintf(at, size, "%s%d", row->word, type.bits)
                                     : snprintf(at, size, "%s", row->word);
}

static int print_lanes(uint16_t lanes, char* at, size_t size) {
  if (lanes > INT16_MAX) {
    return snprintf(at, size, "xvscalex%d", 65536 - lanes);
  }
  return lanes > 1 ? snprintf(at, size, "x%d", lanes) : 0;
}

/* The caller owns the string. Reading it gives the same type again. */
int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out) {
  char name[64];
  TVMFFIByteArray bytes = {name, 0};
  bool is_void_type = dtype->code == kDLOpaqueHandle && dtype->bits == 0 && dtype->lanes == 0;
  if (!is_void_type) {
    int length = print_scalar(*dtype, name, sizeof(name));
    if (length < 0) {
      return ffi_raise("ValueError", "%d is no code of an element type", dtype->code);
    }
    length += print_lanes(dtype->lanes, name + length, sizeof(name) - (size_t)length);
    bytes.size = (size_t)length;
  }
  return ffi_string_new(bytes, out);
}
