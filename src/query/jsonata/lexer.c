/*
** lexer.c - see lexer.h.
*/
#include "query/jsonata/lexer.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

/* Characters that end a name. */
static bool is_sign(char c) {
  return c != '\0' && strchr(".[]{}(),@#;:?+-*/%|=<>^!&~", c) != NULL;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static char peek(const jn_lexer *l, size_t ahead) {
  return (size_t)(l->end - l->at) > ahead ? l->at[ahead] : '\0';
}

static uint32_t position(const jn_lexer *l) {
  return (uint32_t)(l->at - l->text);
}

static bool fail_at(jn_lexer *l, const char *code, size_t at, jn_value token) {
  jn_fault_set(l->fault, code, jn_undefined());
  l->fault->position = at;
  l->fault->token = token;
  return false;
}

static bool fail(jn_lexer *l, const char *code) {
  return fail_at(l, code, position(l), jn_undefined());
}

/* --- blanks and comments --- */

static bool skip(jn_lexer *l) {
  for (;;) {
    const char *start;
    while (l->at < l->end && is_blank(*l->at))
      l->at++;
    if (peek(l, 0) != '/' || peek(l, 1) != '*')
      return true;
    start = l->at;
    for (l->at += 2; peek(l, 0) != '*' || peek(l, 1) != '/'; l->at++)
      if (l->at == l->end)
        return fail_at(l, "S0106", (size_t)(start - l->text), jn_undefined());
    l->at += 2;
  }
}

/* --- strings --- */

static bool read_hex(const jn_lexer *l, uint32_t *out) {
  int i;
  *out = 0;
  for (i = 1; i <= 4; i++) {
    char c = peek(l, (size_t)i);
    if (is_digit(c))
      *out = *out * 16 + (uint32_t)(c - '0');
    else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
      *out = *out * 16 + (uint32_t)((c | 32) - 'a') + 10;
    else
      return false;
  }
  return true;
}

/* Write 'code', which may be half of a surrogate pair whose other half is what
** was written last.  A lone half gets three bytes of its own. */
static char *put_unit(char *to, const char *from, uint32_t code) {
  if (code >= 0xDC00 && code <= 0xDFFF && to - from >= 3) {
    const unsigned char *p = (const unsigned char *)to - 3;
    if (p[0] == 0xED && p[1] >= 0xA0 && p[1] < 0xB0) {
      uint32_t high = 0xD000u | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63u);
      code = 0x10000 + ((high & 0x3FF) << 10) + (code & 0x3FF);
      return to - 3 + sf_utf8_encode(code, to - 3);
    }
  }
  if (code >= 0xD800 && code <= 0xDFFF) {
    to[0] = (char)0xED;
    to[1] = (char)(0x80 | (code >> 6 & 63));
    to[2] = (char)(0x80 | (code & 63));
    return to + 3;
  }
  return to + sf_utf8_encode(code, to);
}

/* What stands behind a backslash, at l->at. */
static bool read_escape(jn_lexer *l, const char *from, char **to) {
  static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  char c = peek(l, 0);
  const char *found = c != '\0' ? strchr(letters, c) : NULL;
  uint32_t code;
  if (found != NULL)
    *(*to)++ = meant[found - letters];
  else if (c != 'u')
    return fail_at(
      l, "S0103", position(l),
      jn_text_borrow(l->arena, l->at,
                     l->at < l->end ? sf_utf8_length(l->at, l->end) : 0));
  else if (!read_hex(l, &code))
    return fail(l, "S0104");
  else {
    *to = put_unit(*to, from, code);
    l->at += 4;
  }
  l->at++;
  return true;
}

/* How many bytes the rest of a string has in the source. */
static size_t rest_of_string(const jn_lexer *l, char quote) {
  const char *at = l->at;
  while (at < l->end && *at != quote)
    at += *at == '\\' && l->end - at > 1 ? 2 : 1;
  return (size_t)(at - l->at);
}

static bool read_string(jn_lexer *l, jn_token *out) {
  char quote = *l->at++, *room = NULL, *to = NULL;
  const char *from = l->at;
  while (l->at < l->end && *l->at != quote) {
    if (*l->at != '\\') {
      if (to != NULL)
        *to++ = *l->at;
      l->at++;
      continue;
    }
    if (room == NULL) {
      room = jn_arena_new(l->arena, (size_t)(l->at - from) + 4 +
                                      rest_of_string(l, quote));
      if (room == NULL)
        return jn_fault_nomem(l->fault);
      to = room + (l->at - from);
      memcpy(room, from, (size_t)(l->at - from));
    }
    l->at++;
    if (!read_escape(l, room, &to))
      return false;
  }
  if (l->at == l->end)
    return fail(l, "S0101");
  out->kind = JN_T_STRING;
  out->text.at = room != NULL ? room : from;
  out->text.length = (size_t)(room != NULL ? to - room : l->at - from);
  l->at++;
  return true;
}

/* --- numbers --- */

static bool read_number(jn_lexer *l, jn_token *out) {
  const char *from = l->at;
  sf_value number;
  if (*l->at++ != '0')
    while (is_digit(peek(l, 0)))
      l->at++;
  if (peek(l, 0) == '.' && is_digit(peek(l, 1)))
    for (l->at++; is_digit(peek(l, 0));)
      l->at++;
  if (peek(l, 0) == 'e' || peek(l, 0) == 'E') {
    size_t sign = peek(l, 1) == '+' || peek(l, 1) == '-' ? 1 : 0;
    if (is_digit(peek(l, 1 + sign)))
      for (l->at += 1 + sign; is_digit(peek(l, 0));)
        l->at++;
  }
  out->kind = JN_T_NUMBER;
  out->text.at = from;
  out->text.length = (size_t)(l->at - from);
  number = sf_number_parse(l->arena->mem, from, out->text.length);
  if (number.kind == SF_ABSENT)
    return jn_fault_nomem(l->fault);
  out->number = sf_to_double(number);
  sf_release(number);
  if (isinf(out->number))
    return fail_at(l, "S0102", (size_t)(from - l->text),
                   jn_text_borrow(l->arena, from, out->text.length));
  return true;
}

/* --- regular expressions --- */

static bool is_escaped(const jn_lexer *l, const char *from) {
  const char *at = l->at;
  while (at > from && at[-1] == '\\')
    at--;
  return (l->at - at) % 2 == 1;
}

/* Up to a '/' that is neither escaped nor within brackets. */
static bool read_regex(jn_lexer *l, jn_token *out) {
  const char *from = ++l->at;
  int depth = 0;
  for (; l->at < l->end; l->at++) {
    char c = *l->at;
    if (c == '/' && depth == 0 && !is_escaped(l, from))
      break;
    if (l->at > from && l->at[-1] == '\\')
      continue;
    if (c == '(' || c == '[' || c == '{')
      depth++;
    else if (c == ')' || c == ']' || c == '}')
      depth--;
  }
  if (l->at == l->end)
    return fail(l, "S0302");
  if (l->at == from)
    return fail(l, "S0301");
  out->kind = JN_T_REGEX;
  out->text.at = from;
  out->text.length = (size_t)(l->at - from);
  for (l->at++; peek(l, 0) == 'i' || peek(l, 0) == 'm'; l->at++)
    *(*l->at == 'i' ? &out->caseless : &out->multiline) = true;
  return true;
}

/* --- operators and names --- */

static const struct {
  char text[3];
  int kind;
  bool is_newer; /* only where the dialect has default operators */
} doubles[] = {
  {"..", JN_T_RANGE, false},      {":=", JN_T_BIND, false},
  {"!=", JN_T_UNEQUAL, false},    {">=", JN_T_GREATER_EQUAL, false},
  {"<=", JN_T_LESS_EQUAL, false}, {"**", JN_T_DESCENDANT, false},
  {"~>", JN_T_APPLY, false},      {"?:", JN_T_DEFAULT, true},
  {"??", JN_T_COALESCE, true},
};

static void read_operator(jn_lexer *l, jn_token *out) {
  size_t i;
  out->text.at = l->at;
  out->text.length = 1;
  out->kind = (unsigned char)*l->at;
  for (i = 0; i < sizeof doubles / sizeof *doubles; i++)
    if (peek(l, 0) == doubles[i].text[0] && peek(l, 1) == doubles[i].text[1] &&
        (!doubles[i].is_newer || l->dialect->default_operators)) {
      out->kind = doubles[i].kind;
      out->text.length = 2;
    }
  l->at += out->text.length;
}

static const struct {
  const char *text;
  int kind;
} words[] = {{"and", JN_T_AND},   {"or", JN_T_OR},       {"in", JN_T_IN},
             {"true", JN_T_TRUE}, {"false", JN_T_FALSE}, {"null", JN_T_NULL}};

static void read_name(jn_lexer *l, jn_token *out) {
  const char *from = l->at;
  size_t i;
  while (l->at < l->end && !is_blank(*l->at) && !is_sign(*l->at))
    l->at++;
  out->text.at = from;
  out->text.length = (size_t)(l->at - from);
  out->kind = JN_T_NAME;
  if (*from == '$') {
    out->kind = JN_T_VARIABLE;
    out->text.at++;
    out->text.length--;
    return;
  }
  for (i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i].text) == out->text.length &&
        memcmp(words[i].text, from, out->text.length) == 0)
      out->kind = words[i].kind;
}

static bool read_quoted_name(jn_lexer *l, jn_token *out) {
  const char *from = ++l->at;
  const char *end = memchr(from, '`', (size_t)(l->end - from));
  if (end == NULL) {
    l->at = l->end;
    return fail(l, "S0105");
  }
  out->kind = JN_T_NAME;
  out->text.at = from;
  out->text.length = (size_t)(end - from);
  l->at = end + 1;
  return true;
}

static bool read_token(jn_lexer *l, bool infix, jn_token *out) {
  char c = *l->at;
  if (c == '/' && !infix)
    return read_regex(l, out);
  if (is_sign(c)) {
    read_operator(l, out);
    return true;
  }
  if (c == '"' || c == '\'')
    return read_string(l, out);
  if (is_digit(c))
    return read_number(l, out);
  if (c == '`')
    return read_quoted_name(l, out);
  read_name(l, out);
  return true;
}

bool jn_lexer_next(jn_lexer *l, bool infix, jn_token *out) {
  memset(out, 0, sizeof *out);
  if (!skip(l))
    return false;
  if (l->at == l->end) {
    out->kind = JN_T_END;
    out->text.at = "(end)";
    out->text.length = 5;
  } else if (!read_token(l, infix, out))
    return false;
  out->position = position(l);
  return true;
}
