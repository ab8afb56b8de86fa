/*
** picture_integer.c - see picture_integer.h.
*/
#include "query/jsonata/picture_integer.h"

#include <math.h>

#include "base/utf8.h"
#include "query/jsonata/number_words.h"
#include "query/jsonata/text.h"

/* --- taking a picture apart --- */

/* Where the families of decimal digits begin. */
static const uint32_t families[] = {
  0x30,   0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6,
  0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0,
  0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80,
  0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900,
  0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};

/* The family that the character belongs to, 0: none. */
static uint32_t family_of(uint32_t code) {
  size_t i;
  for (i = 0; i < sizeof families / sizeof *families; i++)
    if (code >= families[i] && code <= families[i] + 9)
      return families[i];
  return 0;
}

static const struct {
  const char *text;
  jn_integer_kind kind;
  jn_case letters;
} letter_pictures[] = {
  {"A", JN_LETTERS, JN_UPPER}, {"a", JN_LETTERS, JN_LOWER},
  {"I", JN_ROMAN, JN_UPPER},   {"i", JN_ROMAN, JN_LOWER},
  {"W", JN_WORDS, JN_UPPER},   {"Ww", JN_WORDS, JN_TITLE},
  {"w", JN_WORDS, JN_LOWER},
};

static int gcd(int a, int b) {
  while (b != 0) {
    int rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static bool has_position(const jn_integer_picture *p, int position) {
  size_t i;
  for (i = 0; i < p->count; i++)
    if (p->separators[i].position == position)
      return true;
  return false;
}

/* The distance of equal separators that stand at equal distances, or 0. */
static int regular_distance(const jn_integer_picture *p) {
  int factor;
  size_t i;
  if (p->count == 0)
    return 0;
  factor = p->separators[0].position;
  for (i = 1; i < p->count; i++) {
    if (p->separators[i].code != p->separators[0].code)
      return 0;
    factor = gcd(factor, p->separators[i].position);
  }
  for (i = 1; i <= p->count; i++)
    if (!has_position(p, (int)i * factor))
      return 0;
  return factor;
}

/* One character of a digit pattern, which is read from the right. */
static bool take_character(jn_run *r, uint32_t code, int *position,
                           jn_integer_picture *out) {
  uint32_t family = family_of(code);
  if (family != 0) {
    if (out->zero != 0 && out->zero != family)
      return jn_fail(r, "D3131", jn_undefined());
    out->zero = family;
    out->mandatory++;
    ++*position;
  } else if (code == '#') {
    out->optional++;
    ++*position;
  } else {
    out->separators[out->count].position = *position;
    out->separators[out->count++].code = code;
  }
  return true;
}

static bool analyse_digits(jn_run *r, jn_bytes picture,
                           jn_integer_picture *out) {
  size_t at = picture.length;
  int position = 0;
  out->separators =
    jn_arena_new(&r->arena, (picture.length + 1) * sizeof *out->separators);
  if (out->separators == NULL)
    return jn_fail_memory(r);
  while (at > 0) {
    size_t from;
    do
      at--;
    while (at > 0 && ((unsigned char)picture.at[at] & 0xC0) == 0x80);
    from = at;
    if (!take_character(r, jn_char_next(picture, &from), &position, out))
      return false;
  }
  if (out->mandatory == 0) {
    out->kind = JN_UNKNOWN;
    out->token = picture;
  }
  out->regular = regular_distance(out);
  return true;
}

bool jn_integer_analyse(jn_run *r, jn_bytes picture, jn_integer_picture *out) {
  size_t i, at = picture.length;
  memset(out, 0, sizeof *out);
  out->kind = JN_DECIMAL;
  out->letters = JN_LOWER;
  while (at > 0 && picture.at[at - 1] != ';')
    at--;
  if (at > 0) {
    out->is_ordinal = at < picture.length && picture.at[at] == 'o';
    picture.length = at - 1;
  }
  for (i = 0; i < sizeof letter_pictures / sizeof *letter_pictures; i++)
    if (jn_bytes_are(picture, letter_pictures[i].text)) {
      out->kind = letter_pictures[i].kind;
      out->letters = letter_pictures[i].letters;
      return true;
    }
  return analyse_digits(r, picture, out);
}

static bool fail_unknown(jn_run *r, const jn_integer_picture *p) {
  jn_value token = jn_text_copy(&r->arena, p->token.at, p->token.length);
  return jn_fail(r, "D3130", token);
}

/* --- to text --- */

static void format_letters(double value, jn_case letters, sf_buffer *out) {
  char text[400];
  size_t at = sizeof text;
  for (; value > 0 && at > 0; value = floor((value - 1) / 26))
    text[--at] =
      (char)((letters == JN_UPPER ? 'A' : 'a') + (int)fmod(value - 1, 26));
  sf_buffer_add(out, text + at, sizeof text - at);
}

/* Change the letters that were added from 'from' on. */
static void change_case(sf_buffer *out, size_t from, jn_case letters) {
  size_t i;
  for (i = from; !out->failed && i < out->length; i++) {
    char c = out->bytes[i];
    if (letters == JN_UPPER && c >= 'a' && c <= 'z')
      out->bytes[i] = (char)(c - 32);
    else if (letters == JN_LOWER && c >= 'A' && c <= 'Z')
      out->bytes[i] = (char)(c + 32);
  }
}

/* Characters, as the digits of a number with separators between them. */
typedef struct digits {
  uint32_t *at;
  size_t count;
} digits;

static void insert(digits *d, size_t at, uint32_t code) {
  memmove(d->at + at + 1, d->at + at, (d->count - at) * sizeof *d->at);
  d->at[at] = code;
  d->count++;
}

/* A separator that lies beyond the first digit eats what is before it, as it
** does in the reference. */
static void insert_separator(digits *d, int position, uint32_t code) {
  size_t right = (size_t)position, over;
  if (right <= d->count) {
    insert(d, d->count - right, code);
    return;
  }
  over = right - d->count;
  if (over > d->count)
    over = d->count;
  memmove(d->at, d->at + d->count - over, over * sizeof *d->at);
  d->count = over;
  insert(d, 0, code);
}

static void group_digits(digits *d, const jn_integer_picture *p) {
  size_t i;
  if (p->regular > 0) {
    for (i = (d->count - 1) / (size_t)p->regular; i > 0; i--)
      insert(d, d->count - i * (size_t)p->regular, p->separators[0].code);
    return;
  }
  for (i = p->count; i-- > 0;)
    insert_separator(d, p->separators[i].position, p->separators[i].code);
}

static const char *suffix_of(const digits *d) {
  static const char *const suffixes[] = {"st", "nd", "rd"};
  uint32_t last = d->at[d->count - 1];
  if (last < '1' || last > '3' || (d->count > 1 && d->at[d->count - 2] == '1'))
    return "th";
  return suffixes[last - '1'];
}

static bool format_decimal(jn_run *r, double value, const jn_integer_picture *p,
                           sf_buffer *out) {
  char text[JN_NUMBER_TEXT_MAX];
  size_t n = jn_number_text(value, text), i;
  size_t pad = (size_t)p->mandatory > n ? (size_t)p->mandatory - n : 0;
  digits d;
  if (!jn_step(r, pad))
    return false;
  d.count = 0;
  d.at = jn_arena_new(&r->arena, (2 * (n + pad) + p->count + 1) * sizeof *d.at);
  if (d.at == NULL)
    return jn_fail_memory(r);
  for (i = 0; i < pad + n; i++)
    d.at[d.count++] = (uint32_t)(i < pad ? '0' : text[i - pad]) + p->zero - '0';
  group_digits(&d, p);
  for (i = 0; i < d.count; i++)
    sf_buffer_add_code_point(out, d.at[i]);
  if (p->is_ordinal)
    sf_buffer_add_text(out, suffix_of(&d));
  return true;
}

bool jn_integer_format(jn_run *r, double value, const jn_integer_picture *p,
                       sf_buffer *out) {
  size_t from;
  if (value < 0)
    sf_buffer_add_char(out, '-');
  value = fabs(value);
  from = out->length;
  switch (p->kind) {
    case JN_LETTERS: format_letters(value, p->letters, out); break;
    case JN_ROMAN:
      if (value > JN_ROMAN_MAX)
        return jn_fail_limit(r, "a number is too large for Roman numerals");
      if (!jn_step(r, (uint64_t)(value / 1000)))
        return false;
      jn_roman_format(value, out);
      change_case(out, from, p->letters);
      break;
    case JN_WORDS:
      jn_words_format(value, p->is_ordinal, out);
      change_case(out, from, p->letters);
      break;
    case JN_DECIMAL: return format_decimal(r, value, p, out);
    case JN_UNKNOWN: return fail_unknown(r, p);
  }
  return true;
}

/* --- from text --- */

static double parse_letters(jn_bytes text, jn_case letters) {
  double total = 0;
  size_t i;
  for (i = 0; i < text.length; i++)
    total = total * 26 + text.at[i] - (letters == JN_UPPER ? 'A' : 'a') + 1;
  return total;
}

static bool is_separator(const jn_integer_picture *p, uint32_t code) {
  size_t i;
  if (p->regular > 0)
    return code == ',';
  for (i = 0; i < p->count; i++)
    if (p->separators[i].code == code)
      return true;
  return false;
}

/* Digits up to the first character that is none. */
static double parse_decimal(jn_bytes text, const jn_integer_picture *p) {
  double total = 0;
  bool any = false, has_sign = false, is_negative = false;
  size_t at = 0;
  if (p->is_ordinal)
    text.length = text.length > 2 ? text.length - 2 : 0;
  while (at < text.length) {
    uint32_t code = jn_char_next(text, &at);
    if (is_separator(p, code))
      continue;
    code += '0' - p->zero;
    if (!any && !has_sign && (code == '-' || code == '+')) {
      has_sign = true;
      is_negative = code == '-';
    } else if (!any && !has_sign && code == ' ')
      continue;
    else if (code >= '0' && code <= '9') {
      total = total * 10 + (code - '0');
      any = true;
    } else
      break;
  }
  if (!any)
    return NAN;
  return is_negative ? -total : total;
}

static jn_value lower(jn_run *r, jn_bytes text) {
  jn_value v = jn_text_copy(&r->arena, text.at, text.length);
  sf_buffer b = {NULL, NULL, 0, 0, false};
  if (jn_is_undefined(v)) {
    jn_fail_memory(r);
    return v;
  }
  b.bytes = (char *)(uintptr_t)jn_bytes_of(v).at;
  b.length = text.length;
  change_case(&b, 0, JN_LOWER);
  return v;
}

bool jn_integer_parse(jn_run *r, jn_bytes text, const jn_integer_picture *p,
                      double *out) {
  jn_value v;
  *out = NAN;
  switch (p->kind) {
    case JN_LETTERS: *out = parse_letters(text, p->letters); break;
    case JN_ROMAN: *out = jn_roman_parse(text); break;
    case JN_WORDS:
      v = lower(r, text);
      if (jn_is_undefined(v))
        return false;
      *out = jn_words_parse(jn_bytes_of(v));
      break;
    case JN_DECIMAL: *out = parse_decimal(text, p); break;
    case JN_UNKNOWN: return fail_unknown(r, p);
  }
  return jn_step(r, text.length / 16);
}

bool jn_integer_pattern(jn_run *r, const jn_integer_picture *p,
                        const char *count, sf_buffer *out) {
  switch (p->kind) {
    case JN_LETTERS:
      sf_buffer_add_text(out, p->letters == JN_UPPER ? "[A-Z]+" : "[a-z]+");
      break;
    case JN_ROMAN:
      sf_buffer_add_text(out,
                         p->letters == JN_UPPER ? "[MDCLXVI]+" : "[mdclxvi]+");
      break;
    case JN_WORDS: jn_words_pattern(out); break;
    case JN_DECIMAL:
      sf_buffer_add_text(out, "[0-9]");
      sf_buffer_add_text(out, count);
      if (p->is_ordinal)
        sf_buffer_add_text(out, "(?:th|st|nd|rd)");
      break;
    case JN_UNKNOWN: return fail_unknown(r, p);
  }
  return true;
}
