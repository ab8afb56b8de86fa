/*
** picture_number.c - see picture_number.h.  Characters are code points; where
** the reference strays from XPath, this follows the reference.
*/
#include "query/jsonata/picture_number.h"

#include <math.h>
#include <stdio.h>

#include "query/jsonata/decimal.h"
#include "query/jsonata/text.h"

#define DIGITS_MAX   512 /* characters of a formatted number */
#define FRACTION_MAX 100
#define GROUPS_MAX   64

typedef struct runes {
  const uint32_t *at;
  size_t count;
} runes;

/* What may be set by options. */
typedef struct symbols {
  uint32_t decimal, grouping, exponent, zero, digit, pattern;
  jn_bytes minus, percent, per_mille;
} symbols;

typedef struct parts {
  runes picture, prefix, suffix, active, mantissa, exponent, integer, fraction;
  bool has_exponent;
} parts;

/* What a sub-picture says. */
typedef struct rules {
  const parts *p;
  int groups[GROUPS_MAX], fraction_groups[GROUPS_MAX];
  int group_count, fraction_group_count;
  int regular;
  int integer_min, fraction_min, fraction_max, exponent_min, scaling;
  bool is_minus; /* the minus sign goes before the prefix */
} rules;

/* --- characters --- */

static bool runes_of(jn_run *r, jn_bytes b, runes *out) {
  uint32_t *at = jn_arena_new(&r->arena, (b.length + 1) * sizeof *at);
  size_t i = 0, n = 0;
  if (at == NULL)
    return jn_fail_memory(r);
  while (i < b.length)
    at[n++] = jn_char_next(b, &i);
  out->at = at;
  out->count = n;
  return true;
}

static runes slice(runes s, size_t from, size_t to) {
  runes out = {s.at, 0};
  if (to > s.count)
    to = s.count;
  if (from < to) {
    out.at = s.at + from;
    out.count = to - from;
  }
  return out;
}

/* Position of a character from 'from' on, or -1. */
static long find(runes s, uint32_t code, size_t from) {
  size_t i;
  for (i = from; i < s.count; i++)
    if (s.at[i] == code)
      return (long)i;
  return -1;
}

/* How often a text of one or more characters begins in s. */
static int times(runes s, jn_bytes text) {
  size_t i, k;
  int n = 0;
  for (i = 0; i < s.count && text.length > 0; i++) {
    size_t at = 0;
    for (k = i; k < s.count && at < text.length; k++) {
      size_t next = at;
      if (jn_char_next(text, &next) != s.at[k])
        break;
      at = next;
    }
    n += at == text.length;
  }
  return n;
}

static bool is_digit(const symbols *s, uint32_t code) {
  return code >= s->zero && code <= s->zero + 9;
}

static bool is_active(const symbols *s, uint32_t code) {
  return is_digit(s, code) || code == s->decimal || code == s->exponent ||
         code == s->grouping || code == s->digit || code == s->pattern;
}

static int count_digits(const symbols *s, runes in, bool optional_too) {
  size_t i;
  int n = 0;
  for (i = 0; i < in.count; i++)
    n += is_digit(s, in.at[i]) || (optional_too && in.at[i] == s->digit);
  return n;
}

/* --- options --- */

static void set_code(jn_run *r, jn_value options, const char *name,
                     uint32_t *out) {
  jn_value v = jn_object_named(&r->arena, options, name);
  size_t at = 0;
  if (jn_is_string(v) && jn_bytes_of(v).length > 0)
    *out = jn_char_next(jn_bytes_of(v), &at);
}

static void set_text(jn_run *r, jn_value options, const char *name,
                     jn_bytes *out) {
  jn_value v = jn_object_named(&r->arena, options, name);
  if (jn_is_string(v))
    *out = jn_bytes_of(v);
}

static symbols symbols_of(jn_run *r, jn_value options) {
  symbols s = {
    '.', ',', 'e', '0', '#', ';', {"-", 1}, {"%", 1}, {"\xE2\x80\xB0", 3}};
  if (!jn_is_object(options))
    return s;
  set_code(r, options, "decimal-separator", &s.decimal);
  set_code(r, options, "grouping-separator", &s.grouping);
  set_code(r, options, "exponent-separator", &s.exponent);
  set_code(r, options, "zero-digit", &s.zero);
  set_code(r, options, "digit", &s.digit);
  set_code(r, options, "pattern-separator", &s.pattern);
  set_text(r, options, "minus-sign", &s.minus);
  set_text(r, options, "percent", &s.percent);
  set_text(r, options, "per-mille", &s.per_mille);
  return s;
}

/* --- taking a sub-picture apart --- */

static bool bounds(const symbols *s, uint32_t code) {
  return is_active(s, code) && code != s->exponent;
}

static void split(const symbols *s, runes picture, parts *p) {
  size_t from = 0, to = picture.count;
  long exponent, decimal;
  memset(p, 0, sizeof *p);
  p->picture = picture;
  while (from < picture.count && !bounds(s, picture.at[from]))
    from++;
  while (to > 0 && !bounds(s, picture.at[to - 1]))
    to--;
  if (from == picture.count)
    from = to = 0; /* nothing active: no prefix, no suffix */
  else
    p->suffix = slice(picture, to, picture.count);
  p->prefix = slice(picture, 0, from);
  p->active = slice(picture, from, picture.count - p->suffix.count);
  p->mantissa = p->active;
  exponent = find(picture, s->exponent, p->prefix.count);
  if (exponent >= 0 && (size_t)exponent <= picture.count - p->suffix.count) {
    p->mantissa = slice(p->active, 0, (size_t)exponent);
    p->exponent = slice(p->active, (size_t)exponent + 1, p->active.count);
    p->has_exponent = true;
  }
  decimal = find(p->mantissa, s->decimal, 0);
  p->integer = p->mantissa;
  p->fraction = p->suffix;
  if (decimal >= 0) {
    p->integer = slice(p->mantissa, 0, (size_t)decimal);
    p->fraction = slice(p->mantissa, (size_t)decimal + 1, p->mantissa.count);
  }
}

/* --- checking: the last rule that is broken is told --- */

static bool has_passive(const symbols *s, runes in) {
  size_t i;
  for (i = 0; i < in.count; i++)
    if (!is_active(s, in.at[i]))
      return true;
  return false;
}

static bool is_at(runes s, long at, uint32_t code) {
  return at >= 0 && (size_t)at < s.count && s.at[at] == code;
}

static const char *check_groups(const symbols *s, const parts *p) {
  const char *code = NULL;
  long at = find(p->picture, s->decimal, 0);
  size_t i;
  if (at >= 0) {
    if (is_at(p->picture, at - 1, s->grouping) ||
        is_at(p->picture, at + 1, s->grouping))
      code = "D3087";
  } else if (is_at(p->integer, (long)p->integer.count - 1, s->grouping))
    code = "D3088";
  for (i = 1; i < p->picture.count; i++)
    if (p->picture.at[i] == s->grouping && p->picture.at[i - 1] == s->grouping)
      code = "D3089";
  return code;
}

static long find_last(runes s, uint32_t code) {
  size_t i = s.count;
  while (i-- > 0)
    if (s.at[i] == code)
      return (long)i;
  return -1;
}

static const char *check_digits(const symbols *s, const parts *p) {
  const char *code = NULL;
  long at = find(p->integer, s->digit, 0);
  bool scaled =
    times(p->picture, s->percent) > 0 || times(p->picture, s->per_mille) > 0;
  if (at >= 0 && count_digits(s, slice(p->integer, 0, (size_t)at), false) > 0)
    code = "D3090";
  at = find_last(p->fraction, s->digit);
  if (at >= 0 &&
      count_digits(s, slice(p->fraction, (size_t)at, p->fraction.count),
                   false) > 0)
    code = "D3091";
  if (p->has_exponent && p->exponent.count > 0 && scaled)
    code = "D3092";
  if (p->has_exponent &&
      (p->exponent.count == 0 ||
       (size_t)count_digits(s, p->exponent, false) < p->exponent.count))
    code = "D3093";
  return code;
}

static const char *check(const symbols *s, const parts *p) {
  const char *code = NULL, *other;
  int percents = times(p->picture, s->percent);
  int per_milles = times(p->picture, s->per_mille);
  if (find(p->picture, s->decimal, 0) != find_last(p->picture, s->decimal))
    code = "D3081";
  if (percents > 1)
    code = "D3082";
  if (per_milles > 1)
    code = "D3083";
  if (percents > 0 && per_milles > 0)
    code = "D3084";
  if (count_digits(s, p->mantissa, true) == 0)
    code = "D3085";
  if (has_passive(s, p->active))
    code = "D3086";
  other = check_groups(s, p);
  code = other != NULL ? other : code;
  other = check_digits(s, p);
  return other != NULL ? other : code;
}

/* --- what it says --- */

/* Positions of the separators: digits to the right of each, or to the left.
** The search for the second one goes on in the integer part. */
static int group_positions(const symbols *s, const parts *p, runes part,
                           bool to_left, int *out) {
  long at = find(part, s->grouping, 0);
  int n = 0;
  while (at >= 0 && n < GROUPS_MAX) {
    runes side = to_left ? slice(part, 0, (size_t)at)
                         : slice(part, (size_t)at, part.count);
    out[n++] = count_digits(s, side, true);
    at = find(p->integer, s->grouping, (size_t)at + 1);
  }
  return n;
}

static int regular_distance(const int *positions, int count) {
  int factor, i, k;
  if (count == 0)
    return 0;
  factor = positions[0];
  for (i = 1; i < count; i++) {
    int b = positions[i];
    while (b != 0) {
      int rest = factor % b;
      factor = b;
      b = rest;
    }
  }
  for (i = 1; i <= count; i++) {
    for (k = 0; k < count && positions[k] != i * factor; k++)
      ;
    if (k == count)
      return 0;
  }
  return factor;
}

static void analyse(const symbols *s, const parts *p, rules *out) {
  memset(out, 0, sizeof *out);
  out->p = p;
  out->group_count = group_positions(s, p, p->integer, false, out->groups);
  out->regular = regular_distance(out->groups, out->group_count);
  out->fraction_group_count =
    group_positions(s, p, p->fraction, true, out->fraction_groups);
  out->integer_min = out->scaling = count_digits(s, p->integer, false);
  out->fraction_min = count_digits(s, p->fraction, false);
  out->fraction_max = count_digits(s, p->fraction, true);
  if (out->integer_min == 0 && out->fraction_max == 0) {
    if (p->has_exponent)
      out->fraction_min = out->fraction_max = 1;
    else
      out->integer_min = 1;
  }
  if (p->has_exponent && out->integer_min == 0 &&
      find(p->integer, s->digit, 0) >= 0)
    out->integer_min = 1;
  if (out->integer_min == 0 && out->fraction_min == 0)
    out->fraction_min = 1;
  if (p->has_exponent)
    out->exponent_min = count_digits(s, p->exponent, false);
}

/* --- formatting, in ASCII with '.' and ',' first --- */

typedef struct line {
  char at[DIGITS_MAX * 2];
  size_t count;
} line;

static void line_insert(line *l, long at, char c) {
  if (at < 0) /* as slice() counts: from the end */
    at = (long)l->count + at < 0 ? 0 : (long)l->count + at;
  if ((size_t)at > l->count)
    at = (long)l->count;
  if (l->count + 1 >= sizeof l->at)
    return;
  memmove(l->at + at + 1, l->at + at, l->count - (size_t)at);
  l->at[at] = c;
  l->count++;
}

static long line_point(const line *l) {
  const char *at = memchr(l->at, '.', l->count);
  return at != NULL ? (long)(at - l->at) : -1;
}

/* The mantissa's digits without zeros at either end. */
static void set_digits(line *l, double value, int places) {
  size_t from = 0;
  int n = snprintf(l->at, DIGITS_MAX, "%.*f", places, fabs(value));
  l->count = n < DIGITS_MAX ? (size_t)n : DIGITS_MAX - 1;
  if (places == 0)
    l->at[l->count++] = '.';
  else
    l->at[l->count - (size_t)places - 1] = '.'; /* whatever the locale has */
  while (l->count > 0 && l->at[l->count - 1] == '0')
    l->count--;
  while (from < l->count && l->at[from] == '0')
    from++;
  memmove(l->at, l->at + from, l->count - from);
  l->count -= from;
}

static void pad(line *l, const rules *x) {
  long left = x->integer_min - line_point(l), right;
  for (; left > 0; left--)
    line_insert(l, 0, '0');
  right = x->fraction_min - ((long)l->count - line_point(l) - 1);
  for (; right > 0; right--)
    line_insert(l, (long)l->count, '0');
}

static void group(line *l, const rules *x) {
  long point = line_point(l);
  int i;
  if (x->regular > 0)
    for (i = 1; i <= (point - 1) / x->regular; i++)
      line_insert(l, point - (long)i * x->regular, ',');
  else
    for (i = 0; i < x->group_count; i++, point++)
      line_insert(l, point - x->groups[i], ',');
  point = line_point(l);
  for (i = 0; i < x->fraction_group_count; i++)
    line_insert(l, point + x->fraction_groups[i] + 1, ',');
}

static void add_runes(sf_buffer *out, runes s) {
  size_t i;
  for (i = 0; i < s.count; i++)
    sf_buffer_add_code_point(out, s.at[i]);
}

static void add_line(sf_buffer *out, const symbols *s, const char *at,
                     size_t count) {
  size_t i;
  for (i = 0; i < count; i++)
    if (at[i] == '.')
      sf_buffer_add_code_point(out, s->decimal);
    else if (at[i] == ',')
      sf_buffer_add_code_point(out, s->grouping);
    else
      sf_buffer_add_code_point(out, (uint32_t)at[i] - '0' + s->zero);
}

static void add_exponent(sf_buffer *out, const symbols *s, const rules *x,
                         int exponent) {
  char text[64];
  int n = snprintf(text, sizeof text, "%0*d",
                   x->exponent_min < 40 ? x->exponent_min : 40,
                   exponent < 0 ? -exponent : exponent);
  sf_buffer_add_code_point(out, s->exponent);
  if (exponent < 0)
    sf_buffer_add(out, s->minus.at, s->minus.length);
  add_line(out, s, text, (size_t)n);
}

/* value = mantissa x 10^exponent */
static double scale(double value, const rules *x, int *exponent) {
  double most = pow(10, x->scaling), least = pow(10, x->scaling - 1);
  *exponent = 0;
  while (value != 0 && fabs(value) < least) {
    value *= 10;
    --*exponent;
  }
  while (value != 0 && fabs(value) > most) {
    value /= 10;
    ++*exponent;
  }
  return value;
}

static double adjust(const symbols *s, const rules *x, double value) {
  if (times(x->p->picture, s->percent) > 0)
    return value * 100;
  return times(x->p->picture, s->per_mille) > 0 ? value * 1000 : value;
}

static bool format(jn_run *r, const symbols *s, const rules *x, double value,
                   sf_buffer *out) {
  line l;
  int exponent = 0;
  value = adjust(s, x, value);
  if (x->exponent_min > 0)
    value = scale(value, x, &exponent);
  if (!isfinite(value) || x->fraction_max > FRACTION_MAX ||
      x->integer_min + x->fraction_min > DIGITS_MAX / 2)
    return jn_fail_limit(r, "a number has too many digits for its picture");
  set_digits(&l, jn_round(value, x->fraction_max), x->fraction_max);
  pad(&l, x);
  group(&l, x);
  if (find(x->p->picture, s->decimal, 0) < 0 ||
      line_point(&l) == (long)l.count - 1)
    l.count--;
  if (x->is_minus)
    sf_buffer_add(out, s->minus.at, s->minus.length);
  add_runes(out, x->p->prefix);
  add_line(out, s, l.at, l.count);
  if (x->exponent_min > 0)
    add_exponent(out, s, x, exponent);
  add_runes(out, x->p->suffix);
  return true;
}

/* One or two sub-pictures. */
static bool split_picture(jn_run *r, const symbols *s, runes picture,
                          parts sub[2], int *count) {
  size_t from = 0;
  for (*count = 0;; ++*count) {
    long at = find(picture, s->pattern, from);
    size_t to = at < 0 ? picture.count : (size_t)at;
    if (*count == 2)
      return jn_fail(r, "D3080", jn_undefined());
    split(s, slice(picture, from, to), &sub[*count]);
    if (at < 0)
      break;
    from = to + 1;
  }
  ++*count;
  return true;
}

bool jn_number_format(jn_run *r, double value, jn_bytes picture,
                      jn_value options, sf_buffer *out) {
  symbols s = symbols_of(r, options);
  runes all = {NULL, 0};
  parts sub[2];
  rules x;
  int count, i;
  if (!runes_of(r, picture, &all) || !split_picture(r, &s, all, sub, &count))
    return false;
  for (i = 0; i < count; i++) {
    const char *code = check(&s, &sub[i]);
    if (code != NULL)
      return jn_fail(r, code, jn_undefined());
  }
  analyse(&s, &sub[value < 0 && count == 2 ? 1 : 0], &x);
  x.is_minus = value < 0 && count == 1;
  return jn_step(r, picture.length) && format(r, &s, &x, value, out);
}
