/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: made, raised and taken. */
#include "kernels.h"

static void loop_error_create(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    bad |= make_error(s, &error) != NULL;
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static const char* prepare_cause(bench_state* s) { return make_error(s, &s->obj); }

/* The cause is borrowed: the new error takes a reference of its own. */
static void loop_error_create_caused(bench_state* s, uint64_t n) {
  TVMFFIByteArray kind = bytes_of("ValueError");
  TVMFFIByteArray message = bytes_of("the value is out of range");
  TVMFFIByteArray trace = {"", 0};
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    bad |=
        s->api->ErrorCreateWithCauseAndExtraContext(&kind, &message, &trace, s->obj, NULL, &error);
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static void loop_raise_object(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    TVMFFIObjectHandle moved = NULL;
    bad |= make_error(s, &error) != NULL;
    s->api->ErrorSetRaised(error);
    s->api->ErrorMoveFromRaised(&moved);
    bad |= moved != error;
    bad |= s->api->ObjectDecRef(moved);
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static void loop_raise_text(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    s->api->ErrorSetRaisedFromCStr("ValueError", "the value is out of range");
    s->api->ErrorMoveFromRaised(&error);
    bad |= error == NULL;
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static void loop_raise_parts(bench_state* s, uint64_t n) {
  const char* parts[] = {"the value ", "is out of ", "range"};
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    s->api->ErrorSetRaisedFromCStrParts("ValueError", parts, 3);
    s->api->ErrorMoveFromRaised(&error);
    bad |= error == NULL;
    bad |= s->api->ObjectDecRef(error);
  }
  s->bad |= bad;
}

static void loop_move_nothing(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) {
    TVMFFIObjectHandle error = NULL;
    s->api->ErrorMoveFromRaised(&error);
    bad |= error != NULL;
  }
  s->bad |= bad;
}

static void loop_backtrace(bench_state* s, uint64_t n) {
  int bad = 0;
  EACH(n) bad |= s->api->Backtrace("kernels.c", 1, "loop_backtrace", 0) == NULL;
  s->bad |= bad;
}

#define MOVE "ErrorMoveFromRaised ObjectDecRef "

static const bench_op ops[] = {
    {"error.create", "ErrorCreate; drops it", "ErrorCreate ObjectDecRef", NULL, loop_error_create,
     check_codes, NULL, NULL, 0, 0},
    {"error.create_with_cause", "ErrorCreateWithCauseAndExtraContext; drops it",
     "ErrorCreate ErrorCreateWithCauseAndExtraContext ObjectDecRef", prepare_cause,
     loop_error_create_caused, bench_check_one_reference, clean_objects, NULL, 0, 0},
    {"error.raise_object", "ErrorCreate, ErrorSetRaised, ErrorMoveFromRaised; drops it",
     MOVE "ErrorCreate ErrorSetRaised", NULL, loop_raise_object, bench_check_no_error_left, NULL,
     NULL, 0, BENCH_SHARED},
    {"error.raise_text", "ErrorSetRaisedFromCStr, ErrorMoveFromRaised; drops it",
     MOVE "ErrorSetRaisedFromCStr", NULL, loop_raise_text, bench_check_no_error_left, NULL, NULL, 0,
     BENCH_HEAVY},
    {"error.raise_parts", "ErrorSetRaisedFromCStrParts of 3, ErrorMoveFromRaised; drops it",
     MOVE "ErrorSetRaisedFromCStrParts", NULL, loop_raise_parts, bench_check_no_error_left, NULL,
     NULL, 0, BENCH_HEAVY},
    {"error.move_nothing", "ErrorMoveFromRaised of an empty slot", "ErrorMoveFromRaised", NULL,
     loop_move_nothing, check_codes, NULL, NULL, 0, 0},
    {"error.backtrace", "Backtrace", "Backtrace", NULL, loop_backtrace, check_codes, NULL, NULL, 0,
     BENCH_HEAVY},
};

const bench_topic bench_errors = {ops, sizeof(ops) / sizeof(ops[0])};
