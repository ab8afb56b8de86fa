/*
** intrinsic_math.c - intrinsic functions that calculate or draw.  Seeded draws
** are those of java.util.Random, which the service uses; all others come from
** the state's own randomness (env.h).
*/
#include "base/random.h"
#include "query/intrinsic.h"

#include <math.h>

/* Round to the nearest whole number, halves toward plus infinity; false when
** that lies outside of 32 bits or 'v' is no number. */
static bool rounded(sf_value v, int64_t *out) {
  double d;
  if (v.kind == SF_INTEGER) {
    *out = v.u.integer;
    return v.u.integer >= INT32_MIN && v.u.integer <= INT32_MAX;
  }
  if (v.kind != SF_DOUBLE)
    return false;
  d = floor(v.u.number);
  d += v.u.number - d >= 0.5; /* not floor(x + 0.5): that sum is rounded too */
  if (!(d >= INT32_MIN && d <= INT32_MAX))
    return false;
  *out = (int64_t)d;
  return true;
}

sf_status sf_intrinsic_math_add(const sf_call *call, sf_value *out) {
  int64_t a, b;
  if (!rounded(call->args[0], &a) || !rounded(call->args[1], &b))
    return sf_call_invalid(call, "the operands must be 32-bit numbers");
  if (a + b < INT32_MIN || a + b > INT32_MAX)
    return sf_call_invalid(call, "the sum must be a 32-bit number");
  *out = sf_integer(a + b);
  return SF_OK;
}

sf_status sf_intrinsic_math_random(const sf_call *call, sf_value *out) {
  int64_t start, end, seed;
  sf_java_random java;
  if (!sf_call_whole(call, 0, &start) || !sf_call_whole(call, 1, &end) ||
      (call->count > 2 && !sf_call_whole(call, 2, &seed)))
    return sf_call_invalid(call, "the arguments must be numbers");
  if (start < INT32_MIN || end > INT32_MAX)
    return sf_call_invalid(call, "the bounds must be 32-bit numbers");
  if (start >= end)
    return sf_call_invalid(call, "the start must be less than the end");
  if (end - start > INT32_MAX)
    return sf_call_invalid(call, "the interval is too wide");
  if (call->count > 2) {
    sf_java_random_init(&java, seed);
    *out =
      sf_integer(start + sf_java_random_int(&java, (int32_t)(end - start)));
  } else { /* the high half scaled to the interval: no modulo bias to speak of */
    uint64_t high = call->env->random(call->env->host) >> 32;
    *out = sf_integer(start + (int64_t)(high * (uint64_t)(end - start) >> 32));
  }
  return SF_OK;
}

sf_status sf_intrinsic_uuid(const sf_call *call, sf_value *out) {
  char text[37];
  uint64_t high = call->env->random(call->env->host);
  uint64_t low = call->env->random(call->env->host);
  sf_random_uuid(high, low, text);
  return sf_call_result(call, sf_string_new(call->env->mem, text, 36), out);
}
