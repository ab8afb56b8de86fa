/*
** token.c - JSON taken apart: see token.h.
*/
#include "base/token.h"

#include <string.h>

#include "base/utf8.h"

#define SHORT_MAX 15 /* characters of a number that any reader gets right */

/* ORDER EXPECTED: expectations[] */
enum {
  VALUE,
  VALUE_OR_END,
  KEY_OR_END,
  KEY,
  COLON,
  COMMA_IN_ARRAY,
  COMMA_IN_OBJECT,
  NOTHING
};

static const char *const expectations[] = {
  "expected a value",
  "expected a value or ']'",
  "expected a member's name or '}'",
  "expected a member's name",
  "expected ':' after a member's name",
  "expected ',' or ']' after an element",
  "expected ',' or '}' after a member",
  "expected nothing more after the value",
};

void sf_tokens_init(sf_tokens *t, const char *text, size_t len, size_t offset) {
  t->text = text;
  t->len = len;
  t->kind = SF_TOKEN_END;
  t->offset = t->at = offset;
  t->length = 0;
  t->is_escaped = t->has_nul = t->is_short = false;
  t->depth = 0;
  t->expected = VALUE;
}

/* --- errors --- */

static sf_status fault(sf_tokens *t, sf_error *err, size_t offset,
                       const char *what) {
  t->at = offset;
  return sf_error_at(err, SF_ERR_SYNTAX, offset, "%s", what);
}

static sf_status unexpected(sf_tokens *t, sf_error *err) {
  const char *what = expectations[t->expected];
  if (t->at < t->len)
    return fault(t, err, t->at, what);
  return sf_error_at(err, SF_ERR_SYNTAX, t->at, "%s, but the text ends", what);
}

/* --- nesting --- */

static bool in_object(const sf_tokens *t) {
  unsigned level = t->depth - 1;
  return (t->is_object[level / 8] >> (level % 8)) & 1;
}

static void after_value(sf_tokens *t) {
  if (t->depth == 0)
    t->expected = NOTHING;
  else
    t->expected = in_object(t) ? COMMA_IN_OBJECT : COMMA_IN_ARRAY;
}

static sf_status take(sf_tokens *t, sf_token_kind kind, size_t length) {
  t->kind = kind;
  t->offset = t->at;
  t->length = length;
  t->at += length;
  return SF_OK;
}

static sf_status enter(sf_tokens *t, sf_error *err, bool is_object) {
  unsigned level = t->depth;
  unsigned char bit = (unsigned char)(1u << (level % 8));
  if (level == SF_DEPTH_MAX)
    return sf_error_at(err, SF_ERR_LIMIT, t->at, "nested deeper than %d levels",
                       SF_DEPTH_MAX);
  if (level % 8 == 0)
    t->is_object[level / 8] = 0;
  t->is_object[level / 8] &= (unsigned char)~bit;
  if (is_object)
    t->is_object[level / 8] |= bit;
  t->depth++;
  t->expected = is_object ? KEY_OR_END : VALUE_OR_END;
  return take(t, is_object ? SF_TOKEN_OBJECT_BEGIN : SF_TOKEN_ARRAY_BEGIN, 1);
}

static sf_status leave(sf_tokens *t) {
  bool is_object = in_object(t);
  t->depth--;
  after_value(t);
  return take(t, is_object ? SF_TOKEN_OBJECT_END : SF_TOKEN_ARRAY_END, 1);
}

/* --- strings --- */

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* Eight bytes at once: is there a quote, a backslash, a control character or
** one that is not ASCII?  (x - 1) & ~x has the top bit where x is 0.) */
static bool all_plain(const char *at) {
  uint64_t word, quote, backslash, found;
  memcpy(&word, at, 8);
  quote = word ^ EACH_BYTE('"');
  backslash = word ^ EACH_BYTE('\\');
  found = (quote - EACH_BYTE(1)) | (backslash - EACH_BYTE(1)) |
          (word - EACH_BYTE(0x20)) | word;
  return (found & EACH_BYTE(0x80)) == 0;
}

static bool is_plain(char c) {
  unsigned char byte = (unsigned char)c;
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

static const char *skip_plain(const char *at, const char *end) {
  while (end - at >= 8 && all_plain(at))
    at += 8;
  while (at < end && is_plain(*at))
    at++;
  return at;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits from 'at' on, or -1. */
static int hex4(const char *at, const char *end) {
  int i, code = 0;
  if (end - at < 4)
    return -1;
  for (i = 0; i < 4; i++) {
    int digit = hex_digit(at[i]);
    if (digit < 0)
      return -1;
    code = code * 16 + digit;
  }
  return code;
}

static bool is_high(int code) {
  return code >= 0xD800 && code <= 0xDBFF;
}

static bool is_low(int code) {
  return code >= 0xDC00 && code <= 0xDFFF;
}

/* Length of the escape \uXXXX (or of a pair) at 'at', 0 when it is wrong. */
static size_t check_unicode(sf_tokens *t, const char *at, const char *end,
                            const char **what) {
  int code = hex4(at + 2, end);
  if (code < 0) {
    *what = "expected four hexadecimal digits after '\\u'";
    return 0;
  }
  t->has_nul = t->has_nul || code == 0;
  if (is_high(code) && end - at >= 12 && at[6] == '\\' && at[7] == 'u' &&
      is_low(hex4(at + 8, end)))
    return 12;
  if (is_high(code) || is_low(code)) {
    *what = "half of a surrogate pair in a string";
    return 0;
  }
  return 6;
}

/* Length of what is at 'at' in a string and is not plain; 0: it is wrong. */
static size_t check_special(sf_tokens *t, const char *at, const char *end,
                            const char **what) {
  if ((unsigned char)*at < 0x20) {
    *what = "control character in a string";
    return 0;
  }
  if (*at != '\\') {
    *what = "invalid UTF-8 in a string";
    return sf_utf8_length(at, end);
  }
  t->is_escaped = true;
  if (end - at >= 2 && at[1] == 'u')
    return check_unicode(t, at, end, what);
  *what = "unknown escape in a string";
  return end - at >= 2 && at[1] != '\0' && strchr("\"\\/bfnrt", at[1]) ? 2 : 0;
}

static sf_status read_string(sf_tokens *t, sf_error *err, sf_token_kind kind) {
  const char *end = t->text + t->len;
  const char *at = skip_plain(t->text + t->at + 1, end);
  t->is_escaped = t->has_nul = false;
  while (at < end && *at != '"') {
    const char *what;
    size_t length = check_special(t, at, end, &what);
    if (length == 0)
      return fault(t, err, (size_t)(at - t->text), what);
    at = skip_plain(at + length, end);
  }
  if (at == end)
    return fault(t, err, t->at, "the string has no end");
  return take(t, kind, (size_t)(at + 1 - t->text) - t->at);
}

static char simple_escape(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

uint32_t sf_token_char(const char **at) {
  const char *from = *at;
  int code, low;
  if (*from != '\\')
    return sf_utf8_next(at);
  *at += 2;
  if (from[1] != 'u')
    return (unsigned char)simple_escape(from[1]);
  code = hex4(from + 2, from + 6);
  *at += 4;
  if (!is_high(code))
    return (uint32_t)code;
  low = hex4(from + 8, from + 12);
  *at += 6;
  return 0x10000 + ((uint32_t)(code & 0x3FF) << 10 | (uint32_t)(low & 0x3FF));
}

void sf_token_unescape(sf_buffer *out, const char *token, size_t length) {
  const char *at = token + 1, *end = token + length - 1;
  while (at < end) {
    const char *plain = at;
    while (at < end && *at != '\\')
      at++;
    sf_buffer_add(out, plain, (size_t)(at - plain));
    if (at < end)
      sf_buffer_add_code_point(out, sf_token_char(&at));
  }
}

/* --- numbers and literals --- */

static bool digit_at(const sf_tokens *t, size_t at) {
  return at < t->len && t->text[at] >= '0' && t->text[at] <= '9';
}

static size_t skip_digits(const sf_tokens *t, size_t at) {
  while (digit_at(t, at))
    at++;
  return at;
}

static bool char_at(const sf_tokens *t, size_t at, char c) {
  return at < t->len && (t->text[at] | 0x20) == (c | 0x20);
}

static sf_status read_number(sf_tokens *t, sf_error *err) {
  size_t at = t->at + (t->text[t->at] == '-');
  bool is_zero = at < t->len && t->text[at] == '0', has_exponent = false;
  if (!digit_at(t, at))
    return fault(t, err, at, "expected a digit after '-'");
  at = is_zero ? at + 1 : skip_digits(t, at);
  if (digit_at(t, at))
    return fault(t, err, at, "a number does not begin with 0");
  if (at < t->len && t->text[at] == '.') {
    if (!digit_at(t, ++at))
      return fault(t, err, at, "expected a digit after '.'");
    at = skip_digits(t, at);
  }
  if (char_at(t, at, 'e')) {
    has_exponent = true;
    at++;
    if (at < t->len && (t->text[at] == '+' || t->text[at] == '-'))
      at++;
    if (!digit_at(t, at))
      return fault(t, err, at, "expected a digit in the exponent");
    at = skip_digits(t, at);
  }
  t->is_short = at - t->at <= SHORT_MAX && !has_exponent;
  return take(t, SF_TOKEN_NUMBER, at - t->at);
}

static size_t literal_length(const sf_tokens *t) {
  static const char *const literals[] = {"true", "false", "null"};
  size_t i, left = t->len - t->at;
  for (i = 0; i < sizeof literals / sizeof literals[0]; i++) {
    size_t length = strlen(literals[i]);
    if (length <= left && memcmp(t->text + t->at, literals[i], length) == 0)
      return length;
  }
  return 0;
}

static sf_status read_literal(sf_tokens *t, sf_error *err) {
  size_t length = literal_length(t);
  if (length == 0)
    return unexpected(t, err);
  return take(t, SF_TOKEN_LITERAL, length);
}

/* --- the grammar --- */

static sf_status read_value(sf_tokens *t, sf_error *err, char c) {
  sf_status status;
  if (c == '{' || c == '[')
    return enter(t, err, c == '{');
  if (c == '"')
    status = read_string(t, err, SF_TOKEN_STRING);
  else if (c == '-' || (c >= '0' && c <= '9'))
    status = read_number(t, err);
  else
    status = read_literal(t, err);
  if (status == SF_OK)
    after_value(t);
  return status;
}

static sf_status read_key(sf_tokens *t, sf_error *err) {
  t->expected = COLON;
  return read_string(t, err, SF_TOKEN_KEY);
}

static void skip_blanks(sf_tokens *t) {
  while (t->at < t->len && (t->text[t->at] == ' ' || t->text[t->at] == '\n' ||
                            t->text[t->at] == '\r' || t->text[t->at] == '\t'))
    t->at++;
}

/* Go over ',' or ':', whatever is expected; false: something else is here. */
static bool skip_separator(sf_tokens *t, char c) {
  if (t->expected == COLON && c == ':')
    t->expected = VALUE;
  else if (t->expected == COMMA_IN_ARRAY && c == ',')
    t->expected = VALUE;
  else if (t->expected == COMMA_IN_OBJECT && c == ',')
    t->expected = KEY;
  else
    return false;
  t->at++;
  skip_blanks(t);
  return true;
}

static sf_status next_in_text(sf_tokens *t, sf_error *err) {
  char c = t->text[t->at];
  switch (t->expected) {
    case VALUE_OR_END:
      if (c == ']')
        return leave(t);
      return read_value(t, err, c);
    case VALUE: return read_value(t, err, c);
    case KEY_OR_END:
      if (c == '}')
        return leave(t);
      return c == '"' ? read_key(t, err) : unexpected(t, err);
    case KEY: return c == '"' ? read_key(t, err) : unexpected(t, err);
    case COMMA_IN_ARRAY: return c == ']' ? leave(t) : unexpected(t, err);
    case COMMA_IN_OBJECT: return c == '}' ? leave(t) : unexpected(t, err);
    default: return unexpected(t, err);
  }
}

sf_status sf_tokens_next(sf_tokens *t, sf_error *err) {
  skip_blanks(t);
  if (t->at < t->len)
    skip_separator(t, t->text[t->at]);
  if (t->at < t->len)
    return next_in_text(t, err);
  if (t->expected == NOTHING)
    return take(t, SF_TOKEN_END, 0);
  return unexpected(t, err);
}
