/*
** path_lex.c - see path_lex.h.
*/
#include <string.h>

#include "query/path_lex.h"

bool sf_take(sf_cursor *c, char what) {
  if (sf_at_end(c) || c->text[c->at] != what)
    return false;
  c->at++;
  return true;
}

bool sf_take_text(sf_cursor *c, const char *text) {
  size_t len = strlen(text);
  if (c->end - c->at < len || memcmp(c->text + c->at, text, len) != 0)
    return false;
  c->at += len;
  return true;
}

void sf_skip(sf_cursor *c, const char *blanks) {
  while (c->at < c->end && c->text[c->at] != '\0' &&
         strchr(blanks, c->text[c->at]) != NULL)
    c->at++;
}

size_t sf_find_unescaped(const sf_cursor *c, size_t at, char what) {
  for (; at < c->end; at++) {
    if (c->text[at] == '\\')
      at++;
    else if (c->text[at] == what)
      return at;
  }
  return c->end;
}

size_t sf_find_closing(const sf_cursor *c, size_t at, char open, char close,
                       bool regexes) {
  size_t opened = 0;
  for (; at < c->end; at++) {
    char ch = c->text[at];
    if (ch == '\'' || ch == '"' || (regexes && ch == '/'))
      at = sf_find_unescaped(c, at + 1, ch);
    else if (ch == open)
      opened++;
    else if (ch == close && --opened == 0)
      return at;
  }
  return c->end;
}

static size_t count_digits(const sf_cursor *c, size_t ahead) {
  size_t n = 0;
  while (sf_is_digit(sf_peek_at(c, ahead + n)))
    n++;
  return n;
}

static size_t measure_fraction(const sf_cursor *c, size_t ahead) {
  size_t digits;
  if (sf_peek_at(c, ahead) != '.')
    return 0;
  digits = count_digits(c, ahead + 1);
  return digits > 0 ? digits + 1 : 0;
}

static size_t measure_exponent(const sf_cursor *c, size_t ahead) {
  size_t digits, n = 1;
  char ch = sf_peek_at(c, ahead);
  if (ch != 'e' && ch != 'E')
    return 0;
  ch = sf_peek_at(c, ahead + 1);
  if (ch == '+' || ch == '-')
    n++;
  digits = count_digits(c, ahead + n);
  return digits > 0 ? n + digits : 0;
}

size_t sf_measure_number(const sf_cursor *c) {
  size_t n = sf_peek(c) == '-' ? 1 : 0;
  size_t digits = count_digits(c, n);
  if (digits == 0)
    return 0;
  n += sf_peek_at(c, n) == '0' ? 1 : digits;
  n += measure_fraction(c, n);
  return n + measure_exponent(c, n);
}

/* --- string literals --- */

static int hex_digit(char c) {
  if (sf_is_digit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/* The four hex digits at text[0..len), or -1. */
static long hex_unit(const char *text, size_t len) {
  long unit = 0;
  int i;
  if (len < 4)
    return -1;
  for (i = 0; i < 4; i++) {
    int digit = hex_digit(text[i]);
    if (digit < 0)
      return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

/* "XXXX" or, for a pair of surrogates, "XXXX\uXXXX": the length read, 0 when it
** is neither. */
static size_t unescape_unicode(const char *text, size_t len, sf_buffer *out) {
  long low, unit = hex_unit(text, len);
  if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
    return 0;
  if (unit < 0xD800 || unit > 0xDBFF) {
    sf_buffer_add_code_point(out, (uint32_t)unit);
    return 4;
  }
  if (len < 10 || text[4] != '\\' || text[5] != 'u')
    return 0;
  low = hex_unit(text + 6, len - 6);
  if (low < 0xDC00 || low > 0xDFFF)
    return 0;
  sf_buffer_add_code_point(
    out, (uint32_t)(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)));
  return 10;
}

static const char escape_letters[] = "bfnrt";
static const char escape_meanings[] = "\b\f\n\r\t";

/* What the letter means behind a backslash, or '\0'. */
static char escape_meaning(char letter) {
  const char *at = letter != '\0' ? strchr(escape_letters, letter) : NULL;
  return at != NULL ? escape_meanings[at - escape_letters] : '\0';
}

bool sf_unescape_strict(const char *text, size_t len, char quote,
                        sf_buffer *out, size_t *fault) {
  size_t i, n;
  for (i = 0; i < len; i++) {
    char c = text[i];
    *fault = i;
    if ((unsigned char)c < 0x20)
      return false;
    if (c != '\\') {
      sf_buffer_add_char(out, c);
      continue;
    }
    c = ++i < len ? text[i] : '\0';
    if (c == quote || c == '\\' || c == '/')
      sf_buffer_add_char(out, c);
    else if (escape_meaning(c) != '\0')
      sf_buffer_add_char(out, escape_meaning(c));
    else if (c == 'u' &&
             (n = unescape_unicode(text + i + 1, len - i - 1, out)) > 0)
      i += n;
    else
      return false;
  }
  return true;
}

bool sf_unescape_loose(const char *text, size_t len, sf_buffer *out,
                       size_t *fault) {
  size_t i, n;
  for (i = 0; i < len; i++) {
    char c = text[i];
    *fault = i;
    if (c != '\\' || i + 1 == len) {
      sf_buffer_add_char(out, c);
      continue;
    }
    c = text[++i];
    if (c == 'u') {
      n = unescape_unicode(text + i + 1, len - i - 1, out);
      if (n == 0)
        return false;
      i += n;
    } else
      sf_buffer_add_char(out,
                         escape_meaning(c) != '\0' ? escape_meaning(c) : c);
  }
  return true;
}
