/*
** path_literal.c - see path_literal.h.
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/builder.h"
#include "query/path_literal.h"

/* --- numbers --- */

typedef struct decimal {
  const char *at, *end;
  char *out;
  size_t length;
} decimal;

static void put(decimal *d, char c) {
  d->out[d->length++] = c;
}

static size_t copy_digits(decimal *d) {
  size_t n = 0;
  for (; d->at < d->end && sf_is_digit(*d->at); n++)
    put(d, *d->at++);
  return n;
}

static bool take_sign(decimal *d) {
  if (d->at == d->end || (*d->at != '+' && *d->at != '-'))
    return false;
  if (*d->at++ == '-')
    put(d, '-');
  return true;
}

static void skip_zeros(decimal *d) {
  while (d->end - d->at > 1 && d->at[0] == '0' && sf_is_digit(d->at[1]))
    d->at++;
}

/* The digits behind the point; without any the point goes too. */
static size_t copy_fraction(decimal *d) {
  size_t digits;
  if (d->at == d->end || *d->at != '.')
    return 0;
  d->at++;
  put(d, '.');
  digits = copy_digits(d);
  if (digits == 0)
    d->length--;
  return digits;
}

static bool copy_exponent(decimal *d) {
  if (d->at == d->end)
    return true;
  if (*d->at != 'e' && *d->at != 'E')
    return false;
  put(d, *d->at++);
  take_sign(d);
  return copy_digits(d) > 0;
}

size_t sf_decimal_to_json(const char *text, size_t len,
                          char out[SF_NUMBER_TEXT_MAX]) {
  decimal d = {text, text + len, out, 0};
  size_t digits;
  if (len == 0 || len > SF_NUMBER_TEXT_MAX - 4)
    return 0;
  take_sign(&d);
  skip_zeros(&d);
  digits = copy_digits(&d);
  if (digits == 0)
    put(&d, '0');
  digits += copy_fraction(&d);
  if (digits == 0 || !copy_exponent(&d) || d.at != d.end)
    return 0;
  return d.length;
}

/* digits * 10^-scale in scientific notation: "1.5E+7". */
static size_t write_scientific(const char *digits, size_t count, long exponent,
                               char *out) {
  size_t n = 0;
  out[n++] = digits[0];
  if (count > 1) {
    out[n++] = '.';
    memcpy(out + n, digits + 1, count - 1);
    n += count - 1;
  }
  return n +
         (size_t)snprintf(out + n, SF_NUMBER_TEXT_MAX - n, "E%+ld", exponent);
}

/* The same in plain notation; 0 <= scale. */
static size_t write_plain(const char *digits, size_t count, size_t scale,
                          char *out) {
  size_t n = 0, i;
  if (count <= scale) {
    out[n++] = '0';
    out[n++] = '.';
    for (i = count; i < scale; i++)
      out[n++] = '0';
  }
  for (i = 0; i < count; i++) {
    if (count > scale && scale > 0 && i == count - scale)
      out[n++] = '.';
    out[n++] = digits[i];
  }
  return n;
}

size_t sf_decimal_text(const char *json, size_t len,
                       char out[SF_NUMBER_TEXT_MAX]) {
  char digits[SF_NUMBER_TEXT_MAX];
  size_t i = 0, n = 0, count = 0;
  long scale = 0, exponent = 0;
  bool fraction = false;
  if (json[0] == '-')
    out[n++] = json[i++];
  for (; i < len && json[i] != 'e' && json[i] != 'E'; i++) {
    if (json[i] == '.') {
      fraction = true;
      continue;
    }
    scale += fraction;
    if (count == 1 && digits[0] == '0')
      count = 0; /* a leading zero */
    digits[count++] = json[i];
  }
  if (i < len)
    exponent = strtol(json + i + 1, NULL, 10);
  if (exponent > 1000 || exponent < -1000)
    return 0;
  scale -= exponent;
  exponent = (long)count - 1 - scale;
  if (scale >= 0 && exponent >= -6)
    return n + write_plain(digits, count, (size_t)scale, out + n);
  return n + write_scientific(digits, count, exponent, out + n);
}

/* --- arrays and objects --- */

static sf_status add_word(sf_parser *p, sf_builder *b) {
  const char *text = p->c.text + p->c.at;
  char json[SF_NUMBER_TEXT_MAX];
  size_t number, len = 0;
  sf_value word;
  while (p->c.at + len < p->c.end && strchr(" \t\r\n,:]}", text[len]) == NULL)
    len++;
  if (len == 0)
    return sf_parse_fault(p, "a value expected");
  p->c.at += len;
  word = sf_word_value(text, len);
  if (word.kind != SF_ABSENT)
    return sf_builder_add(b, word);
  number = sf_decimal_to_json(text, len, json);
  return sf_builder_add(b, number > 0
                             ? sf_number_parse(p->path->mem, json, number)
                             : sf_string_new(p->path->mem, text, len));
}

static void skip_blanks(sf_parser *p) {
  sf_skip(&p->c, " \t\r\n");
}

/* A member's name, in quotes or without. */
static sf_status add_key(sf_parser *p, sf_builder *b) {
  const char *text = p->c.text + p->c.at;
  char c = sf_peek(&p->c);
  size_t len = 0;
  sf_value key;
  sf_status status = SF_OK;
  if (c == '\'' || c == '"')
    status = sf_parse_string(p, &key);
  else {
    while (p->c.at + len < p->c.end && strchr(" \t\r\n,:]}", text[len]) == NULL)
      len++;
    p->c.at += len;
    key = sf_string_new(p->path->mem, text, len);
  }
  if (status == SF_OK)
    status = sf_builder_key_value(b, key);
  if (status != SF_OK)
    return status;
  skip_blanks(p);
  if (!sf_take(&p->c, ':'))
    return sf_parse_fault(p, "':' expected");
  skip_blanks(p);
  return SF_OK;
}

static sf_status add_value(sf_parser *p, sf_builder *b);

static sf_status add_members(sf_parser *p, sf_builder *b, bool object,
                             char close) {
  sf_status status = SF_OK;
  for (;;) {
    skip_blanks(p);
    if (sf_take(&p->c, ',')) /* one too many is fine */
      continue;
    if (sf_take(&p->c, close))
      return sf_builder_end(b);
    if (sf_at_end(&p->c))
      return sf_parse_fault(p, "the literal is not closed");
    if (object)
      status = add_key(p, b);
    if (status == SF_OK)
      status = add_value(p, b);
    if (status != SF_OK)
      return status;
  }
}

static sf_status add_value(sf_parser *p, sf_builder *b) {
  char c = sf_peek(&p->c);
  sf_value text;
  sf_status status;
  if (c == '\'' || c == '"') {
    status = sf_parse_string(p, &text);
    return status == SF_OK ? sf_builder_add(b, text) : status;
  }
  if (c != '[' && c != '{')
    return add_word(p, b);
  status = sf_parse_enter(p);
  p->c.at++;
  if (status == SF_OK)
    status = c == '[' ? sf_builder_begin_array(b) : sf_builder_begin_object(b);
  if (status == SF_OK)
    status = add_members(p, b, c == '{', c == '[' ? ']' : '}');
  sf_parse_leave(p);
  return status;
}

sf_status sf_loose_literal(sf_parser *p, uint32_t *out) {
  sf_builder b;
  sf_status status;
  sf_builder_init(&b, p->path->mem);
  status = add_value(p, &b);
  if (status == SF_OK)
    status = sf_add_literal(p, sf_builder_take(&b), out);
  else if (status == SF_ERR_NOMEM)
    sf_error_nomem(p->err);
  sf_builder_clear(&b);
  return status;
}
