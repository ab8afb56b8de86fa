/*
** text.c - see text.h.
*/
#include "query/jsonata/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "query/jsonata/write.h"

/* --- numbers --- */

/* Take digits and exponent out of a text such as "-1.25e+30" or "0.004". */
static size_t take_digits(const char *text, char out[32], int *point) {
  size_t n = 0;
  int exponent = 0, before = 0;
  bool is_behind = false;
  if (*text == '-')
    text++;
  for (; *text != '\0' && *text != 'e'; text++) {
    if (*text < '0' || *text > '9') {
      is_behind = true;
      continue;
    }
    if (n == 0 && *text == '0') {
      before -= is_behind;
      continue;
    }
    if (n < 31)
      out[n++] = *text;
    before += !is_behind;
  }
  if (*text == 'e')
    exponent = (int)strtol(text + 1, NULL, 10);
  while (n > 1 && out[n - 1] == '0')
    n--;
  out[n] = '\0';
  *point = before + exponent - 1;
  return n;
}

size_t jn_number_digits(double d, int count, char out[32], int *point) {
  char text[SF_DOUBLE_TEXT_MAX + 16];
  if (count == 0)
    sf_double_text(fabs(d), text);
  else
    snprintf(text, sizeof text, "%.*e", count - 1, fabs(d));
  return take_digits(text, out, point);
}

static size_t layout(const char *digits, size_t n, int point, char *out) {
  char *to = out;
  int i, count = (int)n;
  if (point < -6 || point > 20) { /* 1.5e+21, 1e-7 */
    *to++ = digits[0];
    if (n > 1)
      *to++ = '.';
    for (i = 1; i < count; i++)
      *to++ = digits[i];
    return (size_t)(to - out) + (size_t)sprintf(to, "e%+d", point);
  }
  if (point < 0) {
    *to++ = '0';
    *to++ = '.';
  }
  for (i = -1; i > point; i--)
    *to++ = '0';
  for (i = 0; i < count || i <= point; i++) {
    if (i == point + 1 && point >= 0)
      *to++ = '.';
    *to++ = i < count ? digits[i] : '0';
  }
  *to = '\0';
  return (size_t)(to - out);
}

size_t jn_number_text(double d, char out[JN_NUMBER_TEXT_MAX]) {
  char digits[32];
  int point;
  size_t n;
  if (d == 0) {
    memcpy(out, "0", 2);
    return 1;
  }
  if (d < 0)
    *out = '-';
  n = jn_number_digits(d, 0, digits, &point);
  return (d < 0) + layout(digits, n, point, out + (d < 0));
}

double jn_round_15(double d) {
  char digits[32], text[64];
  int point;
  size_t n;
  if (d == 0 || !isfinite(d))
    return d;
  n = jn_number_digits(d, 15, digits, &point);
  snprintf(text, sizeof text, "%s%se%d", d < 0 ? "-" : "", digits,
           point + 1 - (int)n);
  return strtod(text, NULL);
}

/* --- writing JSON --- */

static bool write_fail(jn_writer *w, const char *code, jn_value v) {
  w->code = code;
  w->value = v;
  return false;
}

static void write_number(jn_writer *w, jn_value v) {
  char text[JN_NUMBER_TEXT_MAX];
  double d;
  if (v.kind == SF_INTEGER &&
      (w->integers_whole || llabs((long long)v.u.integer) < 1000000000000000)) {
    sf_buffer_add(w->out, text, sf_integer_text(v.u.integer, text));
    return;
  }
  if (v.kind == SF_BIGNUM) {
    jn_bytes b = jn_bytes_of(v);
    sf_buffer_add(w->out, b.at, b.length);
    return;
  }
  d = jn_double(v);
  if (!w->integers_whole || floor(d) != d)
    d = jn_round_15(d);
  sf_buffer_add(w->out, text, jn_number_text(d, text));
}

static void write_escaped(sf_buffer *out, unsigned char c) {
  static const char letters[] = "\b\f\n\r\t\"\\", names[] = "bfnrt\"\\";
  const char *at = c != 0 ? strchr(letters, c) : NULL;
  if (at != NULL) {
    sf_buffer_add_char(out, '\\');
    sf_buffer_add_char(out, names[at - letters]);
  } else
    sf_buffer_add_format(out, "\\u%04x", c);
}

static void write_string(sf_buffer *out, jn_bytes b) {
  size_t i, from = 0;
  sf_buffer_add_char(out, '"');
  for (i = 0; i < b.length; i++) {
    unsigned char c = (unsigned char)b.at[i];
    bool is_half =
      c == 0xED && i + 2 < b.length && (unsigned char)b.at[i + 1] >= 0xA0;
    if (c >= 0x20 && c != '"' && c != '\\' && !is_half)
      continue;
    sf_buffer_add(out, b.at + from, i - from);
    if (is_half) {
      size_t at = i;
      sf_buffer_add_format(out, "\\u%04x", (unsigned)jn_char_next(b, &at));
      i += 2;
    } else
      write_escaped(out, c);
    from = i + 1;
  }
  sf_buffer_add(out, b.at + from, b.length - from);
  sf_buffer_add_char(out, '"');
}

static void new_line(jn_writer *w) {
  unsigned i;
  if (!w->is_pretty)
    return;
  sf_buffer_add_char(w->out, '\n');
  for (i = 0; i < w->depth; i++)
    sf_buffer_add(w->out, "  ", 2);
}

static bool write_array(jn_writer *w, jn_items items) {
  size_t i;
  if (items.count == 0) {
    sf_buffer_add(w->out, "[]", 2);
    return true;
  }
  sf_buffer_add_char(w->out, '[');
  w->depth++;
  for (i = 0; i < items.count; i++) {
    if (i > 0)
      sf_buffer_add_char(w->out, ',');
    new_line(w);
    if (!jn_write(w, items.at[i]))
      return false;
  }
  w->depth--;
  new_line(w);
  sf_buffer_add_char(w->out, ']');
  return true;
}

static bool write_object(jn_writer *w, jn_value v) {
  size_t i, count = jn_object_count(v);
  bool any = false;
  sf_buffer_add_char(w->out, '{');
  w->depth++;
  for (i = 0; i < count; i++) {
    jn_member m = jn_object_at(v, i);
    if (jn_is_undefined(m.value))
      continue;
    if (any)
      sf_buffer_add_char(w->out, ',');
    any = true;
    new_line(w);
    write_string(w->out, jn_bytes_of(m.key));
    sf_buffer_add_text(w->out, w->is_pretty ? ": " : ":");
    if (!jn_write(w, m.value))
      return false;
  }
  w->depth--;
  if (any)
    new_line(w);
  sf_buffer_add_char(w->out, '}');
  return true;
}

bool jn_write(jn_writer *w, jn_value v) {
  if (w->depth > SF_DEPTH_MAX || !sf_budget_take(w->budget, 1) ||
      w->out->length > w->length_max)
    return write_fail(w, "U1001", v);
  switch ((int)v.kind) {
    case SF_BOOLEAN:
      sf_buffer_add_text(w->out, v.u.boolean ? "true" : "false");
      return true;
    case SF_INTEGER:
    case SF_DOUBLE:
    case SF_BIGNUM:
      if (isinf(jn_double(v)) && v.kind != SF_BIGNUM)
        return write_fail(w, "D1001", v);
      if (isnan(jn_double(v)))
        sf_buffer_add(w->out, "null", 4);
      else
        write_number(w, v);
      return true;
    case SF_STRING:
    case JN_TEXT: write_string(w->out, jn_bytes_of(v)); return true;
    case SF_ARRAY:
    case JN_ARRAY: return write_array(w, jn_items_of(v));
    case SF_OBJECT:
    case JN_OBJECT: return write_object(w, v);
    case JN_FUNCTION: sf_buffer_add(w->out, "\"\"", 2); return true;
    case JN_TUPLE: return jn_write(w, jn_tuple_of(v)->item);
    default: sf_buffer_add(w->out, "null", 4); return true;
  }
}

/* --- strings --- */

bool jn_buffer_text(jn_run *r, sf_buffer *b, jn_value *out) {
  bool fine = !b->failed && b->length <= SF_LENGTH_MAX;
  if (fine)
    fine = jn_make_text(r, b->bytes != NULL ? b->bytes : "", b->length, out);
  else
    jn_fail_memory(r);
  sf_buffer_clear(b);
  return fine;
}

static bool write_fault(jn_run *r, const jn_writer *w) {
  if (strcmp(w->code, "U1001") != 0)
    return jn_fail(r, w->code, w->value);
  return jn_fail_limit(r, w->depth > SF_DEPTH_MAX
                            ? "a value is nested too deeply"
                            : "a string is too long");
}

static bool number_string(jn_run *r, jn_value v, jn_value *out) {
  char text[JN_NUMBER_TEXT_MAX];
  if (v.kind == SF_INTEGER && r->dialect->integers_whole)
    return jn_make_text(r, text, sf_integer_text(v.u.integer, text), out);
  return false;
}

bool jn_to_string(jn_run *r, jn_value v, bool pretty, jn_value *out) {
  sf_buffer b;
  jn_writer w;
  if (jn_is_string(v)) {
    *out = v;
    return true;
  }
  if (jn_is_function(v))
    return jn_make_text(r, "", 0, out);
  if (v.kind == SF_DOUBLE && !isfinite(v.u.number))
    return jn_fail(r, "D3001", v);
  if (jn_flags(v) & JN_OUTER)
    v = jn_items_of(v).at[0];
  if (v.kind == SF_INTEGER && r->dialect->integers_whole)
    return number_string(r, v, out);
  sf_buffer_init(&b, r->env->mem);
  memset(&w, 0, sizeof w);
  w.out = &b;
  w.budget = r->budget;
  w.is_pretty = pretty;
  w.integers_whole = r->dialect->integers_whole;
  w.length_max = r->arena.used_max;
  if (jn_write(&w, v))
    return jn_buffer_text(r, &b, out);
  sf_buffer_clear(&b);
  return write_fault(r, &w);
}

bool jn_string_bytes(jn_run *r, jn_value v, jn_bytes *out) {
  out->at = "";
  out->length = 0;
  if (jn_is_undefined(v))
    return true;
  if (!jn_to_string(r, v, false, &v))
    return false;
  *out = jn_bytes_of(v);
  return true;
}

/* --- characters --- */

size_t jn_char_length(jn_bytes b, size_t at) {
  unsigned char c = (unsigned char)b.at[at];
  size_t n = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  return n < b.length - at ? n : b.length - at;
}

uint32_t jn_char_next(jn_bytes b, size_t *at) {
  static const unsigned char first[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  size_t n = jn_char_length(b, *at), i;
  uint32_t code = (unsigned char)b.at[*at] & first[n];
  for (i = 1; i < n; i++)
    code = code << 6 | ((unsigned char)b.at[*at + i] & 0x3F);
  *at += n;
  return code;
}

size_t jn_char_count(jn_bytes b) {
  size_t i, n = 0;
  for (i = 0; i < b.length; i++)
    n += ((unsigned char)b.at[i] & 0xC0) != 0x80;
  return n;
}

size_t jn_char_offset(jn_bytes b, size_t count) {
  size_t at = 0;
  for (; count > 0 && at < b.length; count--)
    at += jn_char_length(b, at);
  return at;
}

size_t jn_units(jn_bytes b, size_t from, size_t to) {
  size_t i, n = 0;
  for (i = from; i < to; i++)
    n += (((unsigned char)b.at[i] & 0xC0) != 0x80) +
         ((unsigned char)b.at[i] >= 0xF0);
  return n;
}

#define SHORT_LENGTH 32 /* of a text that is looked for byte by byte */
#define HASH_BASE    UINT64_C(0x100000001B3)

/* A long text is looked for by a rolling hash: in linear time. */
static size_t find_long(jn_bytes b, jn_bytes what, size_t from) {
  uint64_t wanted = 0, hash = 0, power = 1;
  size_t i;
  if (b.length - from < what.length)
    return SIZE_MAX;
  for (i = 0; i < what.length; i++) {
    wanted = wanted * HASH_BASE + (unsigned char)what.at[i];
    hash = hash * HASH_BASE + (unsigned char)b.at[from + i];
    power *= i > 0 ? HASH_BASE : 1;
  }
  for (;; from++) {
    if (hash == wanted && memcmp(b.at + from, what.at, what.length) == 0)
      return from;
    if (b.length - from == what.length)
      return SIZE_MAX;
    hash -= power * (unsigned char)b.at[from];
    hash = hash * HASH_BASE + (unsigned char)b.at[from + what.length];
  }
}

size_t jn_bytes_find(jn_bytes b, jn_bytes what, size_t from) {
  if (what.length == 0)
    return from <= b.length ? from : SIZE_MAX;
  if (what.length > SHORT_LENGTH)
    return from < b.length ? find_long(b, what, from) : SIZE_MAX;
  while (from < b.length && b.length - from >= what.length) {
    const char *at =
      memchr(b.at + from, what.at[0], b.length - from - what.length + 1);
    if (at == NULL)
      break;
    if (memcmp(at, what.at, what.length) == 0)
      return (size_t)(at - b.at);
    from = (size_t)(at - b.at) + 1;
  }
  return SIZE_MAX;
}

bool jn_bytes_are(jn_bytes b, const char *text) {
  return b.length == strlen(text) && memcmp(b.at, text, b.length) == 0;
}
