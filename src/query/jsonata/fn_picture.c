/*
** fn_picture.c - functions that take a picture of a number.
*/
#include <math.h>

#include "query/jsonata/function.h"
#include "query/jsonata/picture_integer.h"
#include "query/jsonata/picture_number.h"
#include "query/jsonata/text.h"

static bool finish(const jn_call *c, bool fine, sf_buffer *b, jn_value *out) {
  if (fine)
    return jn_buffer_text(c->run, b, out);
  sf_buffer_clear(b);
  return false;
}

/* The number and its picture; *missing: the result is undefined. */
static bool number_of(const jn_call *c, double *out, bool *missing) {
  *missing = jn_is_undefined(c->args[0]) || jn_is_undefined(c->args[1]);
  if (*missing)
    return true;
  *out = jn_double(c->args[0]);
  return isfinite(*out) || jn_fail(c->run, "D1001", c->args[0]);
}

#define PICTURE_TIME 150 /* of reading a picture, in steps */

bool jn_fn_format_number(const jn_call *c, jn_value *out) {
  double value;
  bool missing;
  sf_buffer b;
  if (!jn_pass_time(c->run, PICTURE_TIME))
    return false;
  if (!number_of(c, &value, &missing) || missing)
    return missing;
  sf_buffer_init(&b, c->run->env->mem);
  return finish(
    c, jn_number_format(c->run, value, jn_bytes_of(c->args[1]), c->args[2], &b),
    &b, out);
}

bool jn_fn_format_integer(const jn_call *c, jn_value *out) {
  jn_integer_picture p;
  double value;
  bool missing;
  sf_buffer b;
  if (!jn_pass_time(c->run, PICTURE_TIME))
    return false;
  if (!number_of(c, &value, &missing) || missing)
    return missing;
  if (!jn_integer_analyse(c->run, jn_bytes_of(c->args[1]), &p))
    return false;
  sf_buffer_init(&b, c->run->env->mem);
  return finish(c, jn_integer_format(c->run, floor(value), &p, &b), &b, out);
}

bool jn_fn_parse_integer(const jn_call *c, jn_value *out) {
  jn_integer_picture p;
  double value;
  if (jn_is_undefined(c->args[0]) || jn_is_undefined(c->args[1]))
    return true;
  if (!jn_pass_time(c->run, PICTURE_TIME) ||
      !jn_integer_analyse(c->run, jn_bytes_of(c->args[1]), &p) ||
      !jn_integer_parse(c->run, jn_bytes_of(c->args[0]), &p, &value))
    return false;
  *out = jn_number(value);
  return true;
}
