/*
** json_fault.c - see json_fault.h.
**
** A second reading of a text, in the order in which Jackson 2.14 looks at it when
** it reads from a String, so that the first fault is the one that it would tell.
** Nothing is kept but where the open arrays and objects begin.
*/
#include "base/json_fault.h"

#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"
#include "base/value.h"

#define TOKEN_MAX 256 /* characters of an unknown word that are told */
#define END       (-1)

#define VALUES                                                                 \
  "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
#define NO_VALUE "expected a valid value " VALUES
#define NO_NAME  "was expecting double-quote to start field name"
#define NO_COLON "was expecting a colon to separate field name and value"
#define NO_DIGIT                                                               \
  "expected digit (0-9) to follow minus sign, for valid numeric value"
#define NO_FRACTION "Decimal point not followed by a digit"
#define NO_EXPONENT "Exponent indicator not followed by a digit"
#define NO_SPACE    "Expected space separating root-level values"
#define PLUS                                                                   \
  "JSON spec does not allow numbers to have plus signs: enable "               \
  "`JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow"
#define COMMENT                                                                \
  "maybe a (non-standard) comment? (not recognized as one since Feature "      \
  "'ALLOW_COMMENTS' not enabled for parser)"

typedef struct level {
  sf_json_place begin;
  bool is_object;
} level;

typedef struct walk {
  const char *text;
  size_t len, at;        /* at: behind what was read */
  bool half;             /* of the last character one UTF-16 unit was read */
  bool given_up;         /* nested too deep to go on */
  bool after_value;      /* one is complete in what is open */
  unsigned line, column; /* at 'counted' */
  size_t counted;
  sf_buffer *out;
  size_t depth;
  level levels[SF_DEPTH_MAX];
} walk;

/* --- characters --- */

/* The character at 'at', what is not UTF-8 as U+FFFD; END. */
static int32_t peek(const walk *w, size_t at, size_t *length) {
  const char *from = w->text + at;
  *length = at < w->len ? 1 : 0;
  if (at == w->len)
    return END;
  if (sf_utf8_length(from, w->text + w->len) == 0)
    return 0xFFFD;
  *length = sf_utf8_length(from, w->text + w->len);
  return (int32_t)sf_utf8_next(&from);
}

static int32_t next(const walk *w) {
  size_t length;
  return peek(w, w->at, &length);
}

static int32_t take(walk *w) {
  size_t length;
  int32_t c = peek(w, w->at, &length);
  w->at += length;
  w->half = c > 0xFFFF;
  return c;
}

static bool is_digit(int32_t c) {
  return c >= '0' && c <= '9';
}

static bool is_control(int32_t c) {
  return (c >= 0 && c < 0x20) || (c >= 0x7F && c < 0xA0);
}

static bool is_blank(int32_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

typedef struct range {
  int32_t first, last;
} range;

/* Marks, blanks and symbols: in no name of Java (the large blocks of them). */
static const range marks[] = {
  {0xA0, 0xA1},       {0xA6, 0xA9},     {0xAB, 0xAC},     {0xAE, 0xB4},
  {0xB6, 0xB9},       {0xBB, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},
  {0x2010, 0x2029},   {0x2030, 0x203E}, {0x2041, 0x2053}, {0x2055, 0x205F},
  {0x2190, 0x2BFF},   {0x3000, 0x3004}, {0x3008, 0x3020}, {0xD800, 0xF8FF},
  {0xFE10, 0xFE1F},   {0xFE30, 0xFE32}, {0xFF01, 0xFF03}, {0xFF05, 0xFF0F},
  {0xFFFC, 0x10FFFF},
};

static bool is_mark(int32_t c) {
  size_t i;
  for (i = 0; i < sizeof marks / sizeof marks[0]; i++)
    if (c >= marks[i].first && c <= marks[i].last)
      return true;
  return false;
}

/* Can a name of Java begin with it? */
static bool is_word_start(int32_t c) {
  if (c >= 0x80)
    return c >= 0xA0 && c != 0xAD && c != 0xFEFF && !is_mark(c);
  return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '$';
}

/* Characters without a shape count, too. */
static bool is_word_part(int32_t c) {
  return is_word_start(c) || is_digit(c) || c == 0xAD || c == 0xFEFF ||
         (is_control(c) && !(c >= 9 && c <= 13) && !(c >= 28 && c <= 31));
}

/* --- places --- */

static unsigned units_of(int32_t c) {
  return c > 0xFFFF ? 2 : 1;
}

/* Where the walk stands; what was counted once is not counted again. */
static sf_json_place here(walk *w) {
  sf_json_place place;
  size_t length;
  while (w->counted < w->at) {
    w->column += units_of(peek(w, w->counted, &length));
    w->counted += length;
  }
  place.line = w->line;
  place.column = w->column - w->half;
  return place;
}

/* As that parser shows text: controls escaped, but for line ends. */
static void add_shown(sf_buffer *b, int32_t c) {
  if (is_control(c) && c != '\n' && c != '\r')
    sf_buffer_add_format(b, "\\u%04X", (unsigned)c);
  else
    sf_buffer_add_code_point(b, (uint32_t)c);
}

void sf_json_add_source(sf_buffer *out, const char *text, size_t len,
                        sf_json_place place) {
  walk w;
  size_t i, length;
  unsigned long units = 0;
  w.text = text;
  w.len = len;
  sf_buffer_add_text(out, "[Source: (String)\"");
  for (i = 0; i < len; i += length) {
    int32_t c = peek(&w, i, &length);
    units += units_of(c);
    if (units <= SF_JSON_SOURCE_MAX)
      add_shown(out, c);
  }
  sf_buffer_add_char(out, '"');
  if (units > SF_JSON_SOURCE_MAX)
    sf_buffer_add_format(out, "[truncated %lu chars]",
                         units - SF_JSON_SOURCE_MAX);
  sf_buffer_add_format(out, "; line: %u, column: %u]", place.line,
                       place.column);
}

/* --- messages: each returns false, for 'no further' --- */

static void add_char(walk *w, int32_t c) {
  if (c > 0xFFFF) { /* the first half of a pair: no character by itself */
    unsigned unit = 0xD800 + (((unsigned)c - 0x10000) >> 10);
    sf_buffer_add_format(w->out, "'?' (code %u / 0x%x)", unit, unit);
  } else if (is_control(c)) {
    sf_buffer_add_format(w->out, "(CTRL-CHAR, code %d)", (int)c);
  } else {
    sf_buffer_add_char(w->out, '\'');
    sf_buffer_add_code_point(w->out, (uint32_t)c);
    sf_buffer_add_format(w->out, "' (code %d", (int)c);
    if (c > 0xFF)
      sf_buffer_add_format(w->out, " / 0x%x", (unsigned)c);
    sf_buffer_add_char(w->out, ')');
  }
}

static bool tell_of(walk *w, const char *before, int32_t c, const char *after) {
  sf_buffer_add_text(w->out, before);
  add_char(w, c);
  sf_buffer_add_text(w->out, after);
  return false;
}

static bool tell_char(walk *w, int32_t c, const char *comment) {
  tell_of(w, "Unexpected character (", c, "): ");
  sf_buffer_add_text(w->out, comment);
  return false;
}

static bool tell_number(walk *w, int32_t c, const char *comment) {
  tell_of(w, "Unexpected character (", c, ") in numeric value: ");
  sf_buffer_add_text(w->out, comment);
  return false;
}

static bool tell_end(walk *w, const char *where) {
  sf_buffer_add_text(w->out, "Unexpected end-of-input");
  sf_buffer_add_text(w->out, where);
  return false;
}

static bool tell_foreign(walk *w, const char *token) {
  sf_buffer_add_format(w->out,
                       "Non-standard token '%s': enable "
                       "`JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow",
                       token);
  return false;
}

/* The word that began at 'start', to its end. */
static bool tell_word(walk *w, size_t start) {
  size_t length, units = sf_utf8_count(w->text + start, w->at - start);
  while (units < TOKEN_MAX && is_word_part(next(w))) {
    peek(w, w->at, &length);
    w->at += length;
    units++;
  }
  sf_buffer_add_text(w->out, "Unrecognized token '");
  sf_buffer_add(w->out, w->text + start, w->at - start);
  if (units >= TOKEN_MAX)
    sf_buffer_add_text(w->out, "...");
  sf_buffer_add_text(w->out, "': was expecting " VALUES);
  return false;
}

/* --- around tokens --- */

static const char *inner_kind(const walk *w) {
  if (w->depth == 0)
    return "root";
  return w->levels[w->depth - 1].is_object ? "Object" : "Array";
}

static void add_begin(walk *w) {
  static const sf_json_place root = {1, 0};
  sf_json_add_source(w->out, w->text, w->len,
                     w->depth == 0 ? root : w->levels[w->depth - 1].begin);
}

static bool tell_open(walk *w) {
  tell_end(w, ": expected close marker for ");
  sf_buffer_add_format(w->out, "%s (start marker at ", inner_kind(w));
  add_begin(w);
  sf_buffer_add_char(w->out, ')');
  return false;
}

static bool tell_between(walk *w) {
  tell_end(w, " within/between ");
  sf_buffer_add_format(w->out, "%s entries", inner_kind(w));
  return false;
}

static bool tell_close(walk *w, int32_t c) {
  sf_buffer_add_format(
    w->out, "Unexpected close marker '%c': expected '%c' (for %s starting at ",
    (char)c, c == ']' ? '}' : ']', inner_kind(w));
  add_begin(w);
  sf_buffer_add_char(w->out, ')');
  return false;
}

static bool tell_comma(walk *w, int32_t c) {
  tell_char(w, c, "was expecting comma to separate ");
  sf_buffer_add_format(w->out, "%s entries", inner_kind(w));
  return false;
}

static void new_line(walk *w, int32_t c) {
  if (c == '\r' && next(w) == '\n')
    w->at++;
  w->line++;
  w->column = 1;
  w->counted = w->at;
}

static bool skip_blanks(walk *w) {
  int32_t c;
  for (;;) {
    c = next(w);
    if (c == END || (c > ' ' && c != '/'))
      return true;
    take(w);
    if (c == '/')
      return tell_char(w, c, COMMENT);
    if (c == '\n' || c == '\r')
      new_line(w, c);
    else if (c != ' ' && c != '\t')
      return tell_of(w, "Illegal character (", c,
                     "): only regular white space (\\r, \\n, \\t) is allowed "
                     "between tokens");
  }
}

/* --- strings --- */

static bool is_hex(int32_t c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool read_unicode(walk *w) {
  int i;
  for (i = 0; i < 4; i++) {
    int32_t c = take(w);
    if (c == END)
      return tell_end(w, " in character escape sequence");
    if (!is_hex(c))
      return tell_char(w, c,
                       "expected a hex-digit for character escape sequence");
  }
  return true;
}

static bool read_escape(walk *w) {
  int32_t c = take(w);
  if (c == END)
    return tell_end(w, " in character escape sequence");
  if (c == 'u')
    return read_unicode(w);
  if (c > 0 && c < 0x80 && strchr("\"\\/bfnrt", (int)c) != NULL)
    return true;
  return tell_of(w, "Unrecognized character escape ", c, "");
}

static bool tell_unquoted(walk *w, int32_t c, const char *where) {
  tell_of(w, "Illegal unquoted character (", c,
          "): has to be escaped using backslash to be included in ");
  sf_buffer_add_text(w->out, where);
  return false;
}

/* Behind the quote that begins it. */
static bool read_string(walk *w, const char *at_end, const char *where) {
  for (;;) {
    int32_t c = take(w);
    if (c == END)
      return tell_end(w, at_end);
    if (c == '"')
      return true;
    if (c == '\\') {
      if (!read_escape(w))
        return false;
    } else if (c < ' ') {
      return tell_unquoted(w, c, where);
    }
  }
}

/* --- numbers and words --- */

/* The rest of 'token', which began at 'start' and is right up to 'from'. */
static bool match(walk *w, const char *token, size_t start, size_t from) {
  for (; token[from] != '\0'; from++, w->at++)
    if (next(w) != token[from])
      return tell_word(w, start);
  if (next(w) >= '0' && is_word_part(next(w)))
    return tell_word(w, start);
  return true;
}

static bool match_foreign(walk *w, const char *token, size_t from) {
  size_t start = w->at - from;
  return match(w, token, start, from) && tell_foreign(w, token);
}

/* Behind a sign and 'c', which is no digit. */
static bool read_signed(walk *w, int32_t c, bool is_negative) {
  if (c == 'I') {
    c = take(w);
    if (c == END)
      return tell_end(w, " in a Number value");
    if (c == 'N')
      return match_foreign(w, is_negative ? "-INF" : "+INF", 3);
    if (c == 'n')
      return match_foreign(w, is_negative ? "-Infinity" : "+Infinity", 3);
  }
  if (!is_negative)
    return tell_number(w, '+', PLUS);
  return c == '.' ? tell_char(w, c, NO_VALUE) : tell_number(w, c, NO_DIGIT);
}

static void skip_digits(walk *w) {
  while (is_digit(next(w)))
    w->at++;
}

/* No digit at 'at'.  That parser stands behind the '.' or 'e' that ended the whole
** part, unless that is 0. */
static bool tell_digit(walk *w, int32_t c, size_t whole_end,
                       const char *comment) {
  if (whole_end != 0) {
    w->at = whole_end + 1;
    w->half = false;
  }
  return tell_number(w, c, comment);
}

static bool read_fraction(walk *w, size_t whole_end) {
  if (next(w) != '.')
    return true;
  w->at++;
  if (next(w) == END)
    return tell_number(w, '.', NO_FRACTION);
  if (!is_digit(next(w)))
    return tell_digit(w, take(w), whole_end, NO_FRACTION);
  skip_digits(w);
  return true;
}

static bool read_exponent(walk *w, size_t whole_end) {
  if (next(w) != 'e' && next(w) != 'E')
    return true;
  w->at++;
  if (next(w) == '+' || next(w) == '-')
    w->at++;
  if (next(w) == END)
    return tell_end(w, "expected a digit for number exponent");
  if (!is_digit(next(w)))
    return tell_digit(w, take(w), whole_end, NO_EXPONENT);
  skip_digits(w);
  return true;
}

/* Behind its first character, which is 'c'. */
static bool read_number(walk *w, int32_t c) {
  size_t whole_end;
  if (c == '-') {
    c = take(w);
    if (c == END)
      return tell_end(w, "No digit following minus sign");
    if (!is_digit(c))
      return read_signed(w, c, true);
  }
  if (c == '0' && is_digit(next(w))) {
    sf_buffer_add_text(w->out,
                       "Invalid numeric value: Leading zeroes not allowed");
    return false;
  }
  skip_digits(w);
  whole_end = c == '0' ? 0 : w->at;
  if (!read_fraction(w, whole_end) || !read_exponent(w, whole_end))
    return false;
  if (w->depth == 0 && next(w) != END && !is_blank(next(w)))
    return tell_char(w, take(w), NO_SPACE);
  return true;
}

static bool read_odd(walk *w, int32_t c, size_t start) {
  if (c == 'N')
    return match_foreign(w, "NaN", 1);
  if (c == 'I')
    return match_foreign(w, "Infinity", 1);
  if (c == '+') {
    c = take(w);
    return c == END ? tell_end(w, " in a Number value")
                    : read_signed(w, c, false);
  }
  return is_word_start(c) ? tell_word(w, start) : tell_char(w, c, NO_VALUE);
}

/* --- the grammar --- */

static bool enter(walk *w, bool is_object) {
  level *v;
  if (w->depth == SF_DEPTH_MAX) {
    w->given_up = true;
    return false;
  }
  v = &w->levels[w->depth++];
  v->is_object = is_object;
  v->begin = here(w);
  v->begin.column--;
  w->after_value = false;
  return true;
}

static bool read_value(walk *w) {
  size_t start = w->at;
  int32_t c = take(w);
  w->after_value = true;
  switch (c) {
    case '"':
      return read_string(w, ": was expecting closing quote for a string value",
                         "string value");
    case '[':
    case '{': return enter(w, c == '{');
    case '}': return tell_char(w, c, "expected a value");
    case 't': return match(w, "true", start, 1);
    case 'f': return match(w, "false", start, 1);
    case 'n': return match(w, "null", start, 1);
    case '-': return read_number(w, c);
    default: return is_digit(c) ? read_number(w, c) : read_odd(w, c, start);
  }
}

static bool leave(walk *w) {
  int32_t c = take(w);
  if (w->depth == 0 || w->levels[w->depth - 1].is_object != (c == '}'))
    return tell_close(w, c);
  w->depth--;
  w->after_value = true;
  return true;
}

static bool skip_to_more(walk *w) {
  if (!skip_blanks(w))
    return false;
  return next(w) != END || tell_between(w);
}

static bool read_comma(walk *w) {
  int32_t c;
  if (w->depth == 0 || !w->after_value)
    return true;
  c = take(w);
  return c == ',' ? skip_to_more(w) : tell_comma(w, c);
}

static bool read_name(walk *w) {
  int32_t c;
  if (w->depth == 0 || !w->levels[w->depth - 1].is_object)
    return true;
  c = take(w);
  if (c != '"')
    return tell_char(w, c, NO_NAME);
  if (!read_string(w, " in field name", "name") || !skip_to_more(w))
    return false;
  c = take(w);
  return c == ':' ? skip_to_more(w) : tell_char(w, c, NO_COLON);
}

/* An element or member, or the end of what is open. */
static bool read_entry(walk *w) {
  if (!skip_blanks(w))
    return false;
  if (next(w) == END)
    return tell_open(w);
  if (next(w) == ']' || next(w) == '}')
    return leave(w);
  return read_comma(w) && read_name(w) && read_value(w);
}

static bool is_at_end(walk *w) {
  size_t at = w->at;
  while (at < w->len && is_blank(w->text[at]))
    at++;
  return w->depth == 0 && at == w->len;
}

bool sf_json_fault(const char *text, size_t len, sf_buffer *out,
                   sf_json_place *place) {
  walk w;
  memset(&w, 0, offsetof(walk, levels));
  w.text = text;
  w.len = len;
  w.line = w.column = 1;
  w.out = out;
  while (!is_at_end(&w))
    if (!read_entry(&w)) {
      *place = here(&w);
      return !w.given_up;
    }
  return false;
}
