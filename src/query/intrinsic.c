/*
** intrinsic.c - the table of intrinsic functions and what their families share.
*/
#include "query/intrinsic.h"

#include <string.h>

#define ANY SF_INTRINSIC_ANY

/* In byte order of the names. */
static const sf_intrinsic rows[] = {
  {"States.Array", 0, ANY, false, sf_intrinsic_array},
  {"States.ArrayContains", 2, 2, false, sf_intrinsic_array_contains},
  {"States.ArrayGetItem", 2, 2, false, sf_intrinsic_array_get_item},
  {"States.ArrayLength", 1, 1, false, sf_intrinsic_array_length},
  {"States.ArrayPartition", 2, 2, false, sf_intrinsic_array_partition},
  {"States.ArrayRange", 3, 3, false, sf_intrinsic_array_range},
  {"States.ArrayUnique", 1, 1, false, sf_intrinsic_array_unique},
  {"States.Base64Decode", 1, 1, false, sf_intrinsic_base64_decode},
  {"States.Base64Encode", 1, 1, false, sf_intrinsic_base64_encode},
  {"States.Format", 1, ANY, true, sf_intrinsic_format},
  {"States.Hash", 2, 2, false, sf_intrinsic_hash},
  {"States.JsonMerge", 3, 3, false, sf_intrinsic_json_merge},
  {"States.JsonToString", 1, 1, false, sf_intrinsic_json_to_string},
  {"States.MathAdd", 2, 2, false, sf_intrinsic_math_add},
  {"States.MathRandom", 2, 3, false, sf_intrinsic_math_random},
  {"States.StringSplit", 2, 2, false, sf_intrinsic_string_split},
  {"States.StringToJson", 1, 1, false, sf_intrinsic_string_to_json},
  {"States.UUID", 0, 0, false, sf_intrinsic_uuid},
};

const sf_intrinsic *sf_intrinsic_find(const char *name, size_t len) {
  size_t i;
  for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
      return &rows[i];
  return NULL;
}

const char *sf_intrinsic_name(size_t i) {
  return i < sizeof rows / sizeof rows[0] ? rows[i].name : NULL;
}

sf_status sf_call_invalid(const sf_call *call, const char *reason) {
  return sf_error_set(call->err, SF_ERR_EVALUATE, "Invalid arguments in %s%s%s",
                      call->function->name, reason != NULL ? ": " : "",
                      reason != NULL ? reason : "");
}

sf_status sf_call_result(const sf_call *call, sf_value v, sf_value *out) {
  if (v.kind == SF_ABSENT)
    return sf_error_nomem(call->err);
  *out = v;
  return SF_OK;
}

sf_status sf_call_push(const sf_call *call, sf_value *array, sf_value v) {
  sf_status st = sf_array_push(array, v);
  if (st == SF_OK)
    return SF_OK;
  sf_assign(array, sf_absent());
  return sf_error_of(call->err, st);
}

sf_status sf_call_work(const sf_call *call, uint64_t steps) {
  if (sf_budget_take(call->env->budget, steps))
    return SF_OK;
  return sf_error_set(call->err, SF_ERR_LIMIT, "%s is too much work",
                      call->function->name);
}

bool sf_call_whole(const sf_call *call, size_t arg, int64_t *out) {
  sf_value v = call->args[arg];
  if (v.kind == SF_INTEGER) {
    *out = v.u.integer;
    return true;
  }
  if (v.kind != SF_DOUBLE)
    return false;
  /* 2^63 is a double; every double below it in magnitude fits when cut */
  if (!(v.u.number > -9223372036854775808.0 &&
        v.u.number < 9223372036854775808.0))
    return false;
  *out = (int64_t)v.u.number;
  return true;
}

size_t sf_utf16_length(const char *text, size_t len) {
  size_t i, units = 0;
  for (i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];
    units += (c & 0xC0) != 0x80; /* a code point begins here ... */
    units += c >= 0xF0;          /* ... and this one takes two units */
  }
  return units;
}
