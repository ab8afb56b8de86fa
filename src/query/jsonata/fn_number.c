/*
** fn_number.c - functions of numbers; for pictures see fn_picture.c.
*/
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "query/jsonata/decimal.h"
#include "query/jsonata/function.h"
#include "query/jsonata/text.h"

/* --- of arrays --- */

static bool total_of(const jn_call *c, double *out, size_t *count) {
  jn_items items = jn_items_of(c->args[0]);
  size_t i;
  *out = 0;
  *count = items.count;
  for (i = 0; i < items.count; i++)
    *out += jn_double(items.at[i]);
  return jn_step(c->run, items.count / 4);
}

bool jn_fn_sum(const jn_call *c, jn_value *out) {
  double total;
  size_t count;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (!total_of(c, &total, &count))
    return false;
  *out = jn_number(total);
  return true;
}

bool jn_fn_average(const jn_call *c, jn_value *out) {
  double total;
  size_t count;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (!total_of(c, &total, &count))
    return false;
  if (count > 0)
    *out = jn_number(total / (double)count);
  return true;
}

/* The element that is on top by 'sign'. */
static bool extreme(const jn_call *c, int sign, jn_value *out) {
  jn_items items = {NULL, 0};
  size_t i;
  if (!jn_is_undefined(c->args[0]))
    items = jn_items_of(c->args[0]);
  for (i = 0; i < items.count; i++)
    if (i == 0 || jn_number_compare(items.at[i], *out) * sign > 0)
      *out = items.at[i];
  return jn_step(c->run, items.count / 4);
}

bool jn_fn_max(const jn_call *c, jn_value *out) {
  return extreme(c, 1, out);
}

bool jn_fn_min(const jn_call *c, jn_value *out) {
  return extreme(c, -1, out);
}

/* --- $number --- */

static size_t skip_digits(jn_bytes b, size_t at) {
  while (at < b.length && b.at[at] >= '0' && b.at[at] <= '9')
    at++;
  return at;
}

/* -?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)? */
static bool is_decimal(jn_bytes b) {
  size_t at = b.length > 0 && b.at[0] == '-' ? 1 : 0;
  size_t end = skip_digits(b, at);
  if (end == at)
    return false;
  if (end < b.length && b.at[end] == '.') {
    at = end + 1;
    end = skip_digits(b, at);
    if (end == at)
      return false;
  }
  if (end < b.length && (b.at[end] | 32) == 'e') {
    at = end + 1;
    if (at < b.length && (b.at[at] == '-' || b.at[at] == '+'))
      at++;
    end = skip_digits(b, at);
    if (end == at)
      return false;
  }
  return end == b.length;
}

/* 0x1F, 0o17, 0b11 */
static bool read_radix(jn_bytes b, double *out) {
  static const struct {
    char letter;
    int radix;
  } kinds[] = {{'x', 16}, {'o', 8}, {'b', 2}};
  size_t i, k;
  int radix = 0;
  if (b.length < 3 || b.at[0] != '0')
    return false;
  for (k = 0; k < 3; k++)
    if ((b.at[1] | 32) == kinds[k].letter)
      radix = kinds[k].radix;
  *out = 0;
  for (i = 2; i < b.length && radix > 0; i++) {
    char c = b.at[i];
    int digit = c >= '0' && c <= '9' ? c - '0' : 99;
    if ((c | 32) >= 'a' && (c | 32) <= 'f')
      digit = (c | 32) - 'a' + 10;
    if (digit >= radix)
      return false;
    *out = *out * radix + digit;
  }
  return radix > 0;
}

static bool cast_string(const jn_call *c, jn_value v, jn_value *out) {
  jn_bytes b = jn_bytes_of(v);
  double d = INFINITY;
  if (is_decimal(b)) {
    sf_value number = sf_number_parse(c->run->env->mem, b.at, b.length);
    if (number.kind == SF_ABSENT)
      return jn_fault_nomem(c->run->fault);
    if (number.kind == SF_INTEGER) {
      *out = number;
      return true;
    }
    d = sf_to_double(number);
    sf_release(number);
  } else
    read_radix(b, &d);
  *out = jn_number(d);
  return isfinite(d) || jn_fail(c->run, "D3030", v);
}

bool jn_fn_number(const jn_call *c, jn_value *out) {
  jn_value v = c->args[0];
  *out = v;
  if (v.kind == SF_BOOLEAN)
    *out = sf_integer(v.u.boolean);
  c->run->fault->index = 1;
  return !jn_is_string(v) || cast_string(c, v, out);
}

/* --- of one number --- */

static bool is_missing(const jn_call *c) {
  return jn_is_undefined(c->args[0]);
}

bool jn_fn_floor(const jn_call *c, jn_value *out) {
  *out = is_missing(c) || c->args[0].kind == SF_INTEGER
           ? c->args[0]
           : jn_number(floor(jn_double(c->args[0])));
  return true;
}

bool jn_fn_ceil(const jn_call *c, jn_value *out) {
  *out = is_missing(c) || c->args[0].kind == SF_INTEGER
           ? c->args[0]
           : jn_number(ceil(jn_double(c->args[0])));
  return true;
}

bool jn_fn_abs(const jn_call *c, jn_value *out) {
  *out = is_missing(c) ? c->args[0] : jn_number(fabs(jn_double(c->args[0])));
  return true;
}

bool jn_fn_round(const jn_call *c, jn_value *out) {
  int places = 0;
  if (is_missing(c))
    return true;
  if (!jn_is_undefined(c->args[1]))
    places = jn_to_int(c->args[1]);
  *out = jn_number(jn_round(jn_double(c->args[0]), places));
  return true;
}

bool jn_fn_sqrt(const jn_call *c, jn_value *out) {
  double d;
  if (is_missing(c))
    return true;
  d = jn_double(c->args[0]);
  c->run->fault->index = 1;
  if (d < 0)
    return jn_fail(c->run, "D3060", c->args[0]);
  *out = jn_number(sqrt(d));
  return true;
}

bool jn_fn_power(const jn_call *c, jn_value *out) {
  double d;
  if (is_missing(c))
    return true;
  d = jn_is_undefined(c->args[1])
        ? NAN
        : pow(jn_double(c->args[0]), jn_double(c->args[1]));
  if (!isfinite(d)) {
    c->run->fault->value2 = c->args[1];
    return jn_fail(c->run, "D3061", c->args[0]);
  }
  *out = jn_number(d);
  return true;
}

bool jn_fn_random(const jn_call *c, jn_value *out) {
  if (c->run->env->random == NULL)
    return jn_fail_limit(c->run, "there is no source of random numbers here");
  *out = jn_number(sf_random_unit(c->run->env->random(c->run->env->host)));
  return true;
}

/* --- $formatBase --- */

bool jn_fn_format_base(const jn_call *c, jn_value *out) {
  char digits[1100];
  size_t at = sizeof digits;
  double value, rest, radix = 10;
  if (is_missing(c))
    return true;
  value = jn_round(jn_double(c->args[0]), 0);
  if (!jn_is_undefined(c->args[1]))
    radix = jn_round(jn_double(c->args[1]), 0);
  if (!(radix >= 2 && radix <= 36))
    return jn_fail(c->run, "D3100", jn_number(radix));
  if (!isfinite(value))
    return jn_fail(c->run, "D1001", c->args[0]);
  for (rest = fabs(value); at == sizeof digits || rest > 0;
       rest = floor(rest / radix))
    digits[--at] =
      "0123456789abcdefghijklmnopqrstuvwxyz"[(int)fmod(rest, radix)];
  if (value < 0)
    digits[--at] = '-';
  return jn_make_text(c->run, digits + at, sizeof digits - at, out);
}
