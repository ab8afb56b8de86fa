/*
** picture_date_parse.c - reading points in time by a picture.  The picture
** becomes a regular expression with a group for each part; what is missing is
** taken from the present or is the least there is.
*/
#include <math.h>
#include <stdio.h>

#include "query/jsonata/calendar.h"
#include "query/jsonata/date_names.h"
#include "query/jsonata/picture_date.h"
#include "query/jsonata/regex.h"
#include "query/jsonata/text.h"

/* --- the regular expression --- */

static void add_quoted(jn_bytes b, sf_buffer *out) {
  size_t i;
  for (i = 0; i < b.length; i++) {
    if (b.at[i] != '\0' && strchr(".*+?^${}()|[]\\", b.at[i]) != NULL)
      sf_buffer_add_char(out, '\\');
    sf_buffer_add_char(out, b.at[i]);
  }
}

static void add_zone(const jn_date_part *p, sf_buffer *out) {
  sf_buffer_add_text(out, p->component == 'z' ? "GMT[-+][0-9]+" : "[-+][0-9]+");
  if (p->number.regular > 0) {
    sf_buffer_add_code_point(out, p->number.separators[0].code);
    sf_buffer_add_text(out, "[0-9]+");
  }
}

static bool add_number(jn_run *r, const jn_date_part *p, sf_buffer *out) {
  char count[32] = "+";
  int digits = p->year_digits;
  if (r->dialect->width_of_last && p->parse_width > 0)
    snprintf(count, sizeof count, "{%d}", p->parse_width);
  else if (!r->dialect->width_of_last && digits > 0) {
    if (p->number.optional == 0)
      snprintf(count, sizeof count, "{%d}", digits);
    else
      snprintf(count, sizeof count, "{%d,%d}",
               digits > p->number.optional ? digits - p->number.optional : 0,
               digits);
  }
  return jn_integer_pattern(r, &p->number, count, out);
}

static bool add_part(jn_run *r, const jn_date_part *p, sf_buffer *out) {
  int count;
  if (p->component == '\0')
    add_quoted(p->literal, out);
  else if (p->component == 'Z' || p->component == 'z')
    add_zone(p, out);
  else if (p->component == 'f' && r->dialect->width_of_last)
    sf_buffer_add_text(out, "[0-9]+");
  else if (p->has_number)
    return add_number(r, p, out);
  else if (p->component == 'P' || jn_date_names(p->component, &count) != NULL)
    sf_buffer_add_text(out, "[a-zA-Z]+");
  else
    return jn_fail(r, "D3133", jn_text_copy(&r->arena, &p->component, 1));
  return true;
}

static bool pattern_of(jn_run *r, const jn_date_picture *p, sf_buffer *out) {
  size_t i;
  sf_buffer_add_char(out, '^');
  for (i = 0; i < p->count; i++) {
    sf_buffer_add_char(out, '(');
    if (!add_part(r, &p->parts[i], out))
      return false;
    sf_buffer_add_char(out, ')');
  }
  sf_buffer_add_char(out, '$');
  return true;
}

/* --- the components --- */

#define LETTERS "YXMxWwdDFPHhmsfZz"

typedef struct components {
  double value[sizeof LETTERS]; /* NaN: not given */
  bool any;
} components;

static double *slot(components *c, char letter) {
  return &c->value[strchr(LETTERS, letter) - LETTERS];
}

/* Digits with a sign, up to what is no digit. */
static double read_int(jn_bytes b) {
  double n = 0;
  size_t i = b.length > 0 && (b.at[0] == '+' || b.at[0] == '-') ? 1 : 0;
  for (; i < b.length && b.at[i] >= '0' && b.at[i] <= '9'; i++)
    n = n * 10 + (b.at[i] - '0');
  return b.length > 0 && b.at[0] == '-' ? -n : n;
}

static jn_bytes cut(jn_bytes b, size_t from, size_t to) {
  jn_bytes part;
  if (to > b.length)
    to = b.length;
  part.at = b.at + from;
  part.length = to > from ? to - from : 0;
  return part;
}

/* Minutes */
static double read_zone(const jn_date_part *p, jn_bytes b) {
  char separator =
    p->number.regular > 0 ? (char)p->number.separators[0].code : '\0';
  const char *at;
  if (p->component == 'z')
    b = cut(b, 3, b.length);
  at = separator != '\0' ? memchr(b.at, separator, b.length) : NULL;
  if (at != NULL) {
    size_t n = (size_t)(at - b.at);
    return read_int(cut(b, 0, n)) * 60 + read_int(cut(b, n + 1, b.length));
  }
  if (b.length <= 3)
    return read_int(b) * 60;
  return read_int(cut(b, 0, 3)) * 60 + read_int(cut(b, 3, b.length));
}

/* "019" is 19 thousandths; what comes behind is cut off. */
static double read_fraction(jn_bytes b) {
  double n = 0;
  size_t i;
  for (i = 0; i < 3; i++)
    n = n * 10 + (i < b.length ? b.at[i] - '0' : 0);
  return n;
}

static double read_name(const jn_date_part *p, jn_bytes b) {
  int count, i;
  const char *const *names = jn_date_names(p->component, &count);
  if (p->component == 'P')
    return jn_bytes_are(b, "am") || jn_bytes_are(b, "AM")   ? 0
           : jn_bytes_are(b, "pm") || jn_bytes_are(b, "PM") ? 1
                                                            : NAN;
  for (i = 0; i < count; i++) {
    size_t n = strlen(names[i]);
    if (p->width_max > 0 && (size_t)p->width_max < n)
      n = (size_t)p->width_max;
    if (b.length == n && memcmp(b.at, names[i], n) == 0)
      return i + 1;
  }
  return NAN;
}

static bool read_part(jn_run *r, const jn_date_part *p, jn_bytes b,
                      components *c) {
  double value;
  if (p->component == '\0')
    return true;
  c->any = true;
  if (p->component == 'Z' || p->component == 'z')
    value = read_zone(p, b);
  else if (p->component == 'f' && r->dialect->width_of_last)
    value = read_fraction(b);
  else if (!p->has_number)
    value = read_name(p, b);
  else if (!jn_integer_parse(r, b, &p->number, &value))
    return false;
  if (strchr(LETTERS, p->component) != NULL)
    *slot(c, p->component) = value;
  return true;
}

/* --- which of them make a date and a time --- */

/* Are some of 'letters' given, and none of 'all' beside them?  A zero counts as
** not given, as it does in the reference. */
static bool is_only(components *c, const char *all, const char *letters) {
  bool any = false;
  for (; *all != '\0'; all++) {
    double v = *slot(c, *all);
    bool given = !isnan(v) && v != 0;
    if (given && strchr(letters, *all) == NULL)
      return false;
    any = any || given;
  }
  return any;
}

/* Fill the gaps: what is greater than the greatest that is given is that of
** the present, what is less than the least is as small as can be. */
static bool fill(jn_run *r, components *c, const char *letters) {
  int64_t now = r->env->now / 1000000;
  bool began = false, ended = false;
  for (; *letters != '\0'; letters++) {
    double *v = slot(c, *letters);
    if (!isnan(*v)) {
      began = true;
      if (ended)
        return jn_fail(r, "D3136", jn_undefined());
    } else if (began) {
      *v = strchr("MDd", *letters) != NULL ? 1 : 0;
      ended = true;
    } else
      *v = (double)jn_calendar_component(now, *letters);
  }
  return true;
}

static double assemble(components *c, bool is_day_of_year, bool is_12_hours) {
  double month = *slot(c, 'M'), day = *slot(c, 'D'), hours = *slot(c, 'H');
  double year = *slot(c, 'Y'), zone = *slot(c, 'Z'), millis;
  month = month > 0 ? month - 1 : 0;
  if (year >= 0 && year <= 99)
    year += 1900;
  if (is_day_of_year) {
    month = 0;
    day = *slot(c, 'd');
  }
  if (is_12_hours) {
    hours = *slot(c, 'h') == 12 ? 0 : *slot(c, 'h');
    hours += *slot(c, 'P') == 1 ? 12 : 0;
  }
  millis = jn_calendar_millis(year, month, day) + hours * 3600000 +
           *slot(c, 'm') * 60000 + *slot(c, 's') * 1000 + *slot(c, 'f');
  if (isnan(zone) || zone == 0)
    zone = *slot(c, 'z');
  if (!isnan(zone))
    millis -= zone * 60000;
  return fabs(millis) <= JN_MILLIS_MAX ? millis : NAN;
}

static bool resolve(jn_run *r, components *c, double *out) {
  static const char date[] = "YXMxWwdD", time[] = "PHhmsf";
  bool calendar = is_only(c, date, "YMD");
  bool day_of_year = !calendar && is_only(c, date, "Yd");
  bool week_of_month = is_only(c, date, "Xxw");
  bool week_of_year = !week_of_month && is_only(c, date, "XW");
  bool is_12_hours = !is_only(c, time, "Hmsf") && is_only(c, time, "Phmsf");
  char letters[16];
  snprintf(letters, sizeof letters, "%s%s",
           day_of_year     ? "YD"
           : week_of_month ? "XxwF"
           : week_of_year  ? "XWF"
                           : "YMD",
           is_12_hours ? "Phmsf" : "Hmsf");
  if (!fill(r, c, letters))
    return false;
  if (week_of_month || week_of_year)
    return jn_fail(r, "D3136", jn_undefined());
  *out = assemble(c, day_of_year, is_12_hours);
  return true;
}

/* --- reading --- */

/* The regular expression of a picture, compiled. */
static jn_regex *compile(jn_run *r, const jn_date_picture *p) {
  sf_buffer b;
  jn_bytes pattern;
  jn_regex *regex = NULL;
  sf_buffer_init(&b, r->env->mem);
  if (pattern_of(r, p, &b)) {
    pattern.at = b.bytes;
    pattern.length = b.length;
    if (b.failed)
      jn_fail_memory(r);
    else
      regex =
        jn_regex_new(&r->kept, r->env->mem, pattern, true, false, r->fault);
  }
  sf_buffer_clear(&b);
  return regex;
}

static bool read_parts(jn_run *r, jn_bytes text, const jn_date_picture *p,
                       const size_t *vector, components *c) {
  size_t i;
  for (i = 0; i < sizeof c->value / sizeof *c->value; i++)
    c->value[i] = NAN;
  c->any = false;
  for (i = 0; i < p->count; i++) {
    jn_bytes b = cut(text, vector[2 * i + 2], vector[2 * i + 3]);
    if (!read_part(r, &p->parts[i], b, c))
      return false;
  }
  return true;
}

bool jn_date_parse(jn_run *r, jn_bytes text, const jn_date_picture *p,
                   bool *found, double *out) {
  const jn_regex *regex = compile(r, p);
  jn_regex_hit hit;
  components c;
  int match;
  *found = false;
  if (regex == NULL)
    return false;
  match = jn_regex_find(regex, text, 0, r->budget, &r->arena, &hit, r->fault);
  if (match <= 0)
    return match == 0;
  if (!read_parts(r, text, p, hit.vector, &c))
    return false;
  *found = c.any;
  return !c.any || resolve(r, &c, out);
}
