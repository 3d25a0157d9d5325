/* SPDX-License-Identifier: Apache-2.0 */
/* Step 11: names of element types. "float32x4" is a code, bits and lanes. */
#include "mine.h"
#include <stdio.h>

typedef struct {
  const char* name;
  DLDataTypeCode code;
  uint8_t bits; /* 0: the bits follow the name */
} Name;

/* A name that begins like another one stands before it. */
static const Name NAMES[] = {
    {"float8_e3m4", kDLFloat8_e3m4, 8},
    {"float8_e4m3b11fnuz", kDLFloat8_e4m3b11fnuz, 8},
    {"float8_e4m3fnuz", kDLFloat8_e4m3fnuz, 8},
    {"float8_e4m3fn", kDLFloat8_e4m3fn, 8},
    {"float8_e4m3", kDLFloat8_e4m3, 8},
    {"float8_e5m2fnuz", kDLFloat8_e5m2fnuz, 8},
    {"float8_e5m2", kDLFloat8_e5m2, 8},
    {"float8_e8m0fnu", kDLFloat8_e8m0fnu, 8},
    {"float6_e2m3fn", kDLFloat6_e2m3fn, 6},
    {"float6_e3m2fn", kDLFloat6_e3m2fn, 6},
    {"float4_e2m1fn", kDLFloat4_e2m1fn, 4},
    {"bool", kDLBool, 8},
    {"int", kDLInt, 0},
    {"uint", kDLUInt, 0},
    {"float", kDLFloat, 0},
    {"bfloat", kDLBfloat, 0},
    {"complex", kDLComplex, 0},
    {"handle", kDLOpaqueHandle, 0},
};

/* Reads a number from 1 to most and steps behind it; 0 if there is none. */
static uint32_t number(const char** at, const char* end, uint32_t most) {
  uint32_t value = 0;
  for (; *at < end && **at >= '0' && **at <= '9'; ++*at) {
    value = value * 10 + (uint32_t)(**at - '0');
    if (value > most) return 0;
  }
  return value;
}

static bool parse(const TVMFFIByteArray* text, DLDataType* out) {
  const char* at = text->data;
  const char* end = text->data + text->size; /* nothing is read behind it */
  const Name* name = NAMES;
  const Name* last = NAMES + sizeof NAMES / sizeof *NAMES;
  while (name < last && (strlen(name->name) > text->size ||
                         memcmp(name->name, text->data, strlen(name->name)) != 0))
    ++name;
  if (name == last) return false;
  at += strlen(name->name);
  uint32_t bits = name->bits != 0 ? name->bits : number(&at, end, UINT8_MAX);
  uint32_t lanes = 1;
  if (at < end && *at == 'x') {
    ++at;
    lanes = number(&at, end, UINT16_MAX);
  }
  if (at != end || bits == 0 || lanes == 0) return false;
  *out = (DLDataType){(uint8_t)name->code, (uint8_t)bits, (uint16_t)lanes};
  return true;
}

int TVMFFIDataTypeFromString(const TVMFFIByteArray* str, DLDataType* out) {
  if (!readable(str)) return -1;
  return parse(str, out) ? 0 : fail("ValueError", "the text names no element type");
}

int TVMFFIDataTypeToString(const DLDataType* dtype, TVMFFIAny* out) {
  const Name* name = NAMES;
  const Name* last = NAMES + sizeof NAMES / sizeof *NAMES;
  while (name < last &&
         ((uint8_t)name->code != dtype->code || (name->bits != 0 && name->bits != dtype->bits)))
    ++name;
  if (name == last) return fail("ValueError", "there is no such element type");
  char text[64];
  int size = snprintf(text, sizeof text, "%s", name->name);
  if (name->bits == 0) size += snprintf(text + size, sizeof text - (size_t)size, "%d", dtype->bits);
  if (dtype->lanes != 1)
    size += snprintf(text + size, sizeof text - (size_t)size, "x%d", dtype->lanes);
  return own_text(kTVMFFIStr, text, (size_t)size, out);
}
