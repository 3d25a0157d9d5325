/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernels have in common. A kernel's loop holds the call and what it can't do without:
 * every return code is kept, and everything made is released. The results are judged by `check`,
 * outside of what is measured. What loops call is inline here, the rest is in common.c.
 */
#ifndef FFI_CTS_BENCH_KERNELS_H_
#define FFI_CTS_BENCH_KERNELS_H_

#include <stdlib.h>
#include <string.h>

#include "../bench.h"

#define EACH(n) for (uint64_t left = (n); left != 0; --left)

/* The callee of every measured call. */
int bench_nothing(void* self, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result);

/* A deleter that counts. */
void bench_count_deletion(void* self);

/* The data of every tensor. */
extern float bench_tensor_data[4 * 8 * 16];

static inline TVMFFIByteArray bytes_of(const char* text) {
  TVMFFIByteArray array = {text, strlen(text)};
  return array;
}

static inline void drop(bench_state* s, TVMFFIObjectHandle* obj) {
  if (*obj != NULL) s->api->ObjectDecRef(*obj);
  *obj = NULL;
}

static inline void drop_any(bench_state* s, TVMFFIAny* any) {
  if (any->type_index >= kTVMFFIStaticObjectBegin) s->api->ObjectDecRef(any->v_obj);
  memset(any, 0, sizeof(*any));
}

static inline void clean_objects(bench_state* s) {
  drop(s, &s->obj);
  drop(s, &s->other);
}

static inline int check_codes(bench_state* s, uint64_t total) {
  (void)total;
  return s->bad == 0;
}

static inline int check_deletions(bench_state* s, uint64_t total) {
  return s->bad == 0 && bench_deletions == total;
}

static inline const char* make_error(bench_state* s, TVMFFIObjectHandle* out) {
  TVMFFIByteArray kind = bytes_of("ValueError");
  TVMFFIByteArray message = bytes_of("the value is out of range");
  TVMFFIByteArray trace = {"", 0};
  return s->api->ErrorCreate(&kind, &message, &trace, out) == 0 ? NULL : "ErrorCreate fails";
}

/* Steps of `prepare`, `check` and `clean` that several topics share. */
int bench_check_one_reference(bench_state* s, uint64_t total);
int bench_check_no_error_left(bench_state* s, uint64_t total);
const char* bench_prepare_function(bench_state* s);
const char* bench_prepare_text(bench_state* s);
void bench_clean_text(bench_state* s);
int bench_holds_text(const bench_state* s, const TVMFFIAny* any);
const char* bench_prepare_absent_name(bench_state* s);
const char* bench_prepare_producers(bench_state* s);

#endif /* FFI_CTS_BENCH_KERNELS_H_ */
