/*
** picture_date.c - taking date pictures apart, and formatting by them.  For
** reading see picture_date_parse.c.
*/
#include "query/jsonata/picture_date.h"

#include "query/jsonata/calendar.h"
#include "query/jsonata/date_names.h"
#include "query/jsonata/text.h"

static const char *const months[] = {
  "January", "February", "March",     "April",   "May",      "June",
  "July",    "August",   "September", "October", "November", "December"};
static const char *const days[] = {
  "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

const char *const *jn_date_names(char component, int *count) {
  *count = 0;
  if (component == 'M' || component == 'x') {
    *count = 12;
    return months;
  }
  if (component == 'F') {
    *count = 7;
    return days;
  }
  return NULL;
}

/* --- taking apart --- */

static const struct {
  char component;
  const char *presentation;
} defaults[] = {
  {'Y', "1"},     {'M', "1"},     {'D', "1"},  {'d', "1"},  {'F', "n"},
  {'W', "1"},     {'w', "1"},     {'X', "1"},  {'x', "1"},  {'H', "1"},
  {'h', "1"},     {'P', "n"},     {'m', "01"}, {'s', "01"}, {'f', "1"},
  {'Z', "01:01"}, {'z', "01:01"}, {'C', "n"},  {'E', "n"},
};

static jn_bytes default_presentation(char component) {
  jn_bytes none = {NULL, 0}, b;
  size_t i;
  for (i = 0; i < sizeof defaults / sizeof *defaults; i++)
    if (defaults[i].component == component) {
      b.at = defaults[i].presentation;
      b.length = strlen(b.at);
      return b;
    }
  return none;
}

static bool is_one_of(char c, const char *set) {
  return c != '\0' && strchr(set, c) != NULL;
}

typedef struct analyser {
  jn_run *r;
  jn_bytes picture;
  jn_date_picture *out;
  size_t capacity;
} analyser;

static jn_date_part *new_part(analyser *a) {
  jn_date_part *p;
  if (a->out->count == a->capacity) {
    size_t want = a->capacity == 0 ? 8 : a->capacity * 2;
    p = jn_arena_new(&a->r->arena, want * sizeof *p);
    if (p == NULL) {
      jn_fail_memory(a->r);
      return NULL;
    }
    if (a->out->count > 0)
      memcpy(p, a->out->parts, a->out->count * sizeof *p);
    a->out->parts = p;
    a->capacity = want;
  }
  p = &a->out->parts[a->out->count++];
  memset(p, 0, sizeof *p);
  p->width_max = p->year_digits = -1;
  return p;
}

/* Text between components; ]] in it is one ]. */
static bool add_literal(analyser *a, size_t from, size_t to) {
  jn_date_part *p;
  char *text;
  size_t i, n = 0;
  if (to <= from)
    return true;
  text = jn_arena_new(&a->r->arena, to - from);
  if (text == NULL)
    return jn_fail_memory(a->r);
  for (i = from; i < to; i++) {
    text[n++] = a->picture.at[i];
    if (a->picture.at[i] == ']' && i + 1 < to && a->picture.at[i + 1] == ']')
      i++;
  }
  p = new_part(a);
  if (p == NULL)
    return false;
  p->literal.at = text;
  p->literal.length = n;
  return true;
}

/* A number, or -1. */
static int read_width(jn_bytes b) {
  int n = 0;
  size_t i;
  for (i = 0; i < b.length && b.at[i] >= '0' && b.at[i] <= '9' && i < 6; i++)
    n = n * 10 + (b.at[i] - '0');
  return i > 0 ? n : -1;
}

/* ",min-max" */
static void take_width(jn_bytes marker, size_t comma, jn_date_part *p,
                       int *min) {
  jn_bytes b = {marker.at + comma + 1, marker.length - comma - 1};
  const char *dash = b.length > 0 ? memchr(b.at, '-', b.length) : NULL;
  jn_bytes low = b, high = {NULL, 0};
  if (dash != NULL) {
    low.length = (size_t)(dash - b.at);
    high.at = dash + 1;
    high.length = b.length - low.length - 1;
  }
  p->has_width = true;
  *min = read_width(low);
  p->width_max = read_width(high);
}

static void set_year_width(const analyser *a, jn_date_part *p) {
  bool all = !a->r->dialect->width_of_last; /* months and days too */
  int digits = p->number.mandatory + p->number.optional;
  if (p->component != 'Y' && !(all && is_one_of(p->component, "MD")))
    return;
  if (p->width_max >= 0) {
    p->year_digits = p->width_max;
    p->number.mandatory = p->width_max;
  } else if (digits >= 2)
    p->year_digits = digits;
}

static bool analyse_number(analyser *a, jn_date_part *p, jn_bytes presentation,
                           char modifier, int min) {
  sf_buffer b;
  jn_value text;
  sf_buffer_init(&b, a->r->env->mem);
  sf_buffer_add(&b, presentation.at, presentation.length);
  if (modifier != '\0') {
    sf_buffer_add_char(&b, ';');
    sf_buffer_add_char(&b, modifier);
  }
  if (!jn_buffer_text(a->r, &b, &text) ||
      !jn_integer_analyse(a->r, jn_bytes_of(text), &p->number))
    return false;
  p->has_number = true;
  if (p->number.mandatory < min)
    p->number.mandatory = min;
  set_year_width(a, p);
  return true;
}

/* A number right behind another one: the first must have a certain width. */
static void set_parse_width(const analyser *a) {
  jn_date_part *last =
    a->out->count > 1 ? &a->out->parts[a->out->count - 2] : NULL;
  if (a->r->dialect->width_of_last && last != NULL && last->has_number)
    last->parse_width = last->number.mandatory;
}

static bool fail_component(analyser *a, const char *code, jn_bytes marker) {
  jn_value v = jn_text_copy(&a->r->arena, marker.at,
                            marker.length > 0 ? jn_char_length(marker, 0) : 0);
  return jn_fail(a->r, code, v);
}

/* The modifiers behind the component's letter. */
static bool take_presentation(analyser *a, jn_date_part *p, jn_bytes marker,
                              jn_bytes pres, int min) {
  char modifier = '\0';
  if (pres.length > 1 && is_one_of(pres.at[pres.length - 1], "atco"))
    modifier = pres.at[--pres.length];
  if (pres.length == 0)
    pres = default_presentation(p->component);
  if (pres.length == 0)
    return fail_component(a, "D3132", marker);
  p->zulu = modifier == 't';
  if (pres.at[0] == 'n')
    p->names = JN_LOWER;
  else if (pres.at[0] == 'N')
    p->names = pres.length > 1 && pres.at[1] == 'n' ? JN_TITLE : JN_UPPER;
  else if (is_one_of(p->component, "YMDdFWwXxHhmsf")) {
    if (!analyse_number(a, p, pres, modifier, min))
      return false;
    set_parse_width(a);
  }
  if (!is_one_of(p->component, "Zz"))
    return true;
  p->has_number = true;
  return jn_integer_analyse(a->r, pres, &p->number);
}

/* What stands between [ and ]. */
static bool add_marker(analyser *a, size_t from, size_t to) {
  jn_bytes marker, pres;
  char *text = jn_arena_new(&a->r->arena, to - from + 1);
  size_t i, n = 0, comma;
  int min = -1;
  jn_date_part *p = new_part(a);
  if (text == NULL || p == NULL)
    return jn_fail_memory(a->r);
  for (i = from; i < to; i++)
    if (!is_one_of(a->picture.at[i], " \t\n\r\v\f"))
      text[n++] = a->picture.at[i];
  marker.at = text;
  marker.length = comma = n;
  while (comma > 0 && text[comma - 1] != ',')
    comma--;
  p->component = n > 0 && (unsigned char)text[0] < 0x80 ? text[0] : '?';
  pres.at = text + 1;
  pres.length = n > 0 ? n - 1 : 0;
  if (comma > 0) {
    take_width(marker, comma - 1, p, &min);
    pres.length = comma > 1 ? comma - 2 : 0;
  }
  return take_presentation(a, p, marker, pres, min);
}

/* [[ is a [, and [...] a component. */
static bool take_bracket(analyser *a, size_t *at, size_t *from) {
  jn_bytes b = a->picture;
  const char *end;
  if (!add_literal(a, *from, *at))
    return false;
  if (*at + 1 < b.length && b.at[*at + 1] == '[') {
    *at += 2;
    *from = *at;
    return add_literal(a, *at - 1, *at);
  }
  end = memchr(b.at + *at, ']', b.length - *at);
  if (end == NULL)
    return jn_fail(a->r, "D3135", jn_undefined());
  if (!add_marker(a, *at + 1, (size_t)(end - b.at)))
    return false;
  *at = *from = (size_t)(end - b.at) + 1;
  return true;
}

bool jn_date_analyse(jn_run *r, jn_bytes picture, jn_date_picture *out) {
  analyser a = {r, picture, out, 0};
  size_t at = 0, from = 0;
  out->parts = NULL;
  out->count = 0;
  while (at < picture.length) {
    if (picture.at[at] != '[')
      at++;
    else if (!take_bracket(&a, &at, &from))
      return false;
  }
  return add_literal(&a, from, picture.length);
}

/* --- formatting --- */

static void add_name(const char *name, const jn_date_part *p, sf_buffer *out) {
  size_t i, n = strlen(name);
  if (p->width_max >= 0 && (size_t)p->width_max < n)
    n = (size_t)p->width_max;
  for (i = 0; i < n; i++) {
    char c = name[i];
    if (p->names == JN_UPPER && c >= 'a' && c <= 'z')
      c = (char)(c - 32);
    if (p->names == JN_LOWER && c >= 'A' && c <= 'Z')
      c = (char)(c + 32);
    sf_buffer_add_char(out, c);
  }
}

static bool fail_name(jn_run *r, char component) {
  return jn_fail(r, "D3133", jn_text_copy(&r->arena, &component, 1));
}

static bool format_named(jn_run *r, int64_t value, const jn_date_part *p,
                         sf_buffer *out) {
  int count;
  const char *const *names = jn_date_names(p->component, &count);
  if (names == NULL)
    return fail_name(r, p->component);
  add_name(names[value - 1], p, out);
  return true;
}

static bool format_component(jn_run *r, int64_t millis, const jn_date_part *p,
                             sf_buffer *out) {
  int64_t value = jn_calendar_component(millis, p->component), most = 1;
  int i;
  if (p->names != JN_NO_NAMES && p->component != 'f')
    return format_named(r, value, p, out);
  if (!p->has_number)
    return fail_name(r, p->component);
  if (p->component == 'Y' && p->year_digits >= 0 && p->year_digits < 18) {
    for (i = 0; i < p->year_digits; i++)
      most *= 10;
    value %= most;
  }
  return jn_integer_format(r, (double)value, &p->number, out);
}

static bool format_zone(jn_run *r, const jn_date_part *p, int hours,
                        int minutes, sf_buffer *out) {
  int offset = hours * 100 + minutes, digits = p->number.mandatory;
  if (offset == 0 && p->zulu) {
    sf_buffer_add_char(out, 'Z');
    return true;
  }
  if (p->component == 'z')
    sf_buffer_add_text(out, "GMT");
  if (offset >= 0)
    sf_buffer_add_char(out, '+');
  if (p->number.regular > 0 || digits == 3 || digits == 4)
    return jn_integer_format(r, offset, &p->number, out);
  if (digits != 1 && digits != 2)
    return jn_fail(r, "D3134", sf_integer(digits));
  if (!jn_integer_format(r, hours, &p->number, out))
    return false;
  if (minutes != 0)
    sf_buffer_add_format(out, ":%s%02d", minutes < 0 ? "-" : "",
                         minutes < 0 ? -minutes : minutes);
  return true;
}

static bool format_part(jn_run *r, int64_t millis, const jn_date_part *p,
                        int hours, int minutes, sf_buffer *out) {
  if (p->component == '\0') {
    sf_buffer_add(out, p->literal.at, p->literal.length);
    return true;
  }
  switch (p->component) {
    case 'Z':
    case 'z': return format_zone(r, p, hours, minutes, out);
    case 'P':
      sf_buffer_add_text(out, jn_calendar_component(millis, 'P')
                                ? (p->names == JN_UPPER ? "PM" : "pm")
                                : (p->names == JN_UPPER ? "AM" : "am"));
      return true;
    case 'C':
    case 'E': sf_buffer_add_text(out, "ISO"); return true;
    default: break;
  }
  if (is_one_of(p->component, "YMDdFWwXxHhmsf"))
    return format_component(r, millis, p, out);
  sf_buffer_add_text(out, "undefined");
  return true;
}

bool jn_date_format(jn_run *r, int64_t millis, const jn_date_picture *p,
                    int hours, int minutes, sf_buffer *out) {
  size_t i;
  if (!jn_step(r, p->count))
    return false;
  for (i = 0; i < p->count; i++)
    if (!format_part(r, millis, &p->parts[i], hours, minutes, out))
      return false;
  return true;
}
