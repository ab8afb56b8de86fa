/*
** fn_string.c - functions of strings.  They count characters (code points),
** never bytes.
*/
#include <math.h>

#include "query/jsonata/decimal.h"
#include "query/jsonata/function.h"
#include "query/jsonata/letter_case.h"
#include "query/jsonata/text.h"

static bool is_missing(const jn_call *c) {
  return jn_is_undefined(c->args[0]);
}

/* b[from..to) as a text that borrows its bytes. */
static bool part(const jn_call *c, jn_bytes b, size_t from, size_t to,
                 jn_value *out) {
  *out = jn_text_borrow(&c->run->arena, b.at + from, to > from ? to - from : 0);
  return !jn_is_undefined(*out) || jn_fail_memory(c->run);
}

bool jn_fn_string(const jn_call *c, jn_value *out) {
  if (is_missing(c))
    return true;
  return jn_to_string(c->run, c->args[0],
                      c->args[1].kind == SF_BOOLEAN && c->args[1].u.boolean,
                      out);
}

bool jn_fn_length(const jn_call *c, jn_value *out) {
  jn_bytes b;
  if (is_missing(c))
    return true;
  b = jn_bytes_of(c->args[0]);
  *out = sf_integer((int64_t)jn_char_count(b));
  return jn_step(c->run, b.length / 64);
}

/* --- parts --- */

/* A position as Array.slice takes it: cut off, negative from the end. */
static double slice_at(double at, double count) {
  at = isnan(at) ? 0 : trunc(at);
  if (at < 0)
    at += count;
  return at < 0 ? 0 : at > count ? count : at;
}

bool jn_fn_substring(const jn_call *c, jn_value *out) {
  jn_bytes b;
  double count, start, end;
  size_t from;
  if (is_missing(c))
    return true;
  b = jn_bytes_of(c->args[0]);
  count = (double)jn_char_count(b);
  start = jn_is_undefined(c->args[1]) ? 0 : jn_double(c->args[1]);
  end = count;
  if (count + start < 0)
    start = 0;
  if (!jn_is_undefined(c->args[2])) {
    double length = jn_double(c->args[2]);
    if (length <= 0 || jn_is_undefined(c->args[1]))
      return part(c, b, 0, 0, out);
    end = start >= 0 ? start + length : count + start + length;
  }
  start = slice_at(start, count);
  end = slice_at(end, count);
  if (end <= start)
    return part(c, b, 0, 0, out);
  from = jn_char_offset(b, (size_t)start);
  b.at += from;
  b.length -= from;
  return jn_step(c->run, b.length / 64) &&
         part(c, b, 0, jn_char_offset(b, (size_t)(end - start)), out);
}

/* Where the second argument begins in the first, SIZE_MAX: nowhere. */
static size_t found_at(const jn_call *c) {
  if (jn_is_undefined(c->args[1]))
    return SIZE_MAX;
  return jn_bytes_find(jn_bytes_of(c->args[0]), jn_bytes_of(c->args[1]), 0);
}

bool jn_fn_substring_before(const jn_call *c, jn_value *out) {
  size_t at;
  *out = c->args[0];
  if (is_missing(c))
    return true;
  at = found_at(c);
  return at == SIZE_MAX || part(c, jn_bytes_of(c->args[0]), 0, at, out);
}

bool jn_fn_substring_after(const jn_call *c, jn_value *out) {
  size_t at;
  jn_bytes b;
  *out = c->args[0];
  if (is_missing(c))
    return true;
  at = found_at(c);
  b = jn_bytes_of(c->args[0]);
  return at == SIZE_MAX ||
         part(c, b, at + jn_bytes_of(c->args[1]).length, b.length, out);
}

/* --- changed --- */

static bool change_case(const jn_call *c, bool upper, jn_value *out) {
  if (is_missing(c))
    return true;
  *out = jn_letter_case(&c->run->arena, jn_bytes_of(c->args[0]), upper,
                        c->run->fault);
  return !jn_is_undefined(*out) &&
         jn_step(c->run, jn_bytes_of(c->args[0]).length / 64);
}

bool jn_fn_lowercase(const jn_call *c, jn_value *out) {
  return change_case(c, false, out);
}

bool jn_fn_uppercase(const jn_call *c, jn_value *out) {
  return change_case(c, true, out);
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Runs of blanks become one; those at the ends go. */
bool jn_fn_trim(const jn_call *c, jn_value *out) {
  jn_bytes b;
  char *to;
  size_t i, n = 0;
  if (is_missing(c))
    return true;
  b = jn_bytes_of(c->args[0]);
  to = jn_arena_new(&c->run->arena, b.length + 1);
  if (to == NULL)
    return jn_fail_memory(c->run);
  for (i = 0; i < b.length; i++) {
    if (!is_blank(b.at[i]))
      to[n++] = b.at[i];
    else if (n > 0 && to[n - 1] != ' ')
      to[n++] = ' ';
  }
  while (n > 0 && to[n - 1] == ' ')
    n--;
  *out = jn_text_borrow(&c->run->arena, to, n);
  return !jn_is_undefined(*out) || jn_fail_memory(c->run);
}

static bool add_padding(const jn_call *c, sf_buffer *b, jn_bytes with,
                        size_t count) {
  size_t at = 0;
  for (; count > 0; count--) {
    size_t n = jn_char_length(with, at);
    if (!jn_step(c->run, 1))
      return false;
    sf_buffer_add(b, with.at + at, n);
    at = at + n == with.length ? 0 : at + n;
  }
  return true;
}

bool jn_fn_pad(const jn_call *c, jn_value *out) {
  jn_bytes text, with = {" ", 1};
  sf_buffer b;
  int width;
  size_t count, want;
  *out = c->args[0];
  if (is_missing(c) || jn_is_undefined(c->args[1]))
    return true;
  text = jn_bytes_of(c->args[0]);
  if (!jn_is_undefined(c->args[2]) && jn_bytes_of(c->args[2]).length > 0)
    with = jn_bytes_of(c->args[2]);
  width = jn_to_int(c->args[1]);
  want = (size_t)(width < 0 ? -width : width);
  count = jn_char_count(text);
  if (want <= count)
    return true;
  sf_buffer_init(&b, c->run->env->mem);
  if (width > 0)
    sf_buffer_add(&b, text.at, text.length);
  if (!add_padding(c, &b, with, want - count)) {
    sf_buffer_clear(&b);
    return false;
  }
  if (width < 0)
    sf_buffer_add(&b, text.at, text.length);
  return jn_buffer_text(c->run, &b, out);
}

bool jn_fn_join(const jn_call *c, jn_value *out) {
  jn_items items;
  jn_bytes by = {"", 0};
  sf_buffer b;
  size_t i;
  if (is_missing(c))
    return true;
  items = jn_items_of(c->args[0]);
  if (!jn_is_undefined(c->args[1]))
    by = jn_bytes_of(c->args[1]);
  if (!jn_step(c->run, items.count))
    return false;
  sf_buffer_init(&b, c->run->env->mem);
  for (i = 0; i < items.count; i++) {
    if (i > 0)
      sf_buffer_add(&b, by.at, by.length);
    if (jn_is_string(items.at[i])) {
      jn_bytes item = jn_bytes_of(items.at[i]);
      sf_buffer_add(&b, item.at, item.length);
    }
  }
  return jn_buffer_text(c->run, &b, out);
}
