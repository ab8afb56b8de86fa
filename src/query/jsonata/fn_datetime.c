/*
** fn_datetime.c - functions of time.  The present is that of the environment:
** it stands still within one evaluation.
*/
#include <math.h>
#include <stdlib.h>

#include "query/jsonata/calendar.h"
#include "query/jsonata/function.h"
#include "query/jsonata/picture_date.h"
#include "query/jsonata/text.h"

#define ISO_PICTURE "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

static int64_t now_millis(const jn_run *r) {
  return r->env->now / 1000000 - (r->env->now % 1000000 < 0);
}

/* "+0100": hours and minutes, each cut as the reference cuts them. */
static void read_zone(jn_value v, int *hours, int *minutes) {
  int offset = 0, sign = 1;
  size_t i = 0;
  jn_bytes b;
  *hours = *minutes = 0;
  if (jn_is_undefined(v))
    return;
  b = jn_bytes_of(v);
  while (i < b.length && b.at[i] == ' ')
    i++;
  if (i < b.length && (b.at[i] == '+' || b.at[i] == '-'))
    sign = b.at[i++] == '-' ? -1 : 1;
  for (; i < b.length && b.at[i] >= '0' && b.at[i] <= '9' && offset < 100000;
       i++)
    offset = offset * 10 + (b.at[i] - '0');
  offset *= sign;
  *hours = (int)floor(offset / 100.0);
  *minutes = offset % 100;
}

static bool format(const jn_call *c, double millis, jn_value picture,
                   jn_value zone, jn_value *out) {
  static const jn_bytes iso = {ISO_PICTURE, sizeof ISO_PICTURE - 1};
  jn_date_picture p;
  sf_buffer b;
  int hours, minutes;
  read_zone(zone, &hours, &minutes);
  millis = trunc(millis) + (60.0 * hours + minutes) * 60000;
  if (!(fabs(millis) <= JN_MILLIS_MAX))
    return jn_fail(c->run, "D1001", jn_number(millis));
  if (!jn_date_analyse(
        c->run, jn_is_undefined(picture) ? iso : jn_bytes_of(picture), &p))
    return false;
  sf_buffer_init(&b, c->run->env->mem);
  if (jn_date_format(c->run, (int64_t)millis, &p, hours, minutes, &b))
    return jn_buffer_text(c->run, &b, out);
  sf_buffer_clear(&b);
  return false;
}

#define DATE_TIME 100 /* of a date made or read, in steps */

bool jn_fn_from_millis(const jn_call *c, jn_value *out) {
  if (jn_is_undefined(c->args[0]))
    return true;
  return jn_pass_time(c->run, DATE_TIME) &&
         format(c, jn_double(c->args[0]), c->args[1], c->args[2], out);
}

bool jn_fn_now(const jn_call *c, jn_value *out) {
  return jn_pass_time(c->run, DATE_TIME) &&
         format(c, (double)now_millis(c->run), c->args[0], c->args[1], out);
}

bool jn_fn_millis(const jn_call *c, jn_value *out) {
  *out = sf_integer(now_millis(c->run));
  return true;
}

/* --- ISO 8601 --- */

typedef struct reader {
  jn_bytes text;
  size_t at;
} reader;

static char peek(const reader *r, size_t ahead) {
  return r->at + ahead < r->text.length ? r->text.at[r->at + ahead] : '\0';
}

/* 'count' digits after 'lead' (none: '\0'), the first of them at most
** 'most'. */
static bool take(reader *r, char lead, int count, char most, int *out) {
  size_t skip = lead != '\0' ? 1 : 0;
  int i, n = 0;
  if (skip == 1 && peek(r, 0) != lead)
    return false;
  for (i = 0; i < count; i++) {
    char c = peek(r, skip + (size_t)i);
    if (c < '0' || c > (i == 0 ? most : '9'))
      return false;
    n = n * 10 + (c - '0');
  }
  r->at += skip + (size_t)count;
  *out = n;
  return true;
}

/* Thh:mm:ss */
static bool take_time(reader *r, int *hours, int *minutes, int *seconds) {
  reader from = *r;
  if (take(r, 'T', 2, '2', hours) && take(r, ':', 2, '5', minutes) &&
      take(r, ':', 2, '5', seconds))
    return true;
  *r = from;
  *hours = *minutes = *seconds = 0;
  return false;
}

static void take_fraction(reader *r, double *millis) {
  double unit = 100;
  reader from = *r;
  *millis = 0;
  if (peek(r, 0) != '.')
    return;
  for (r->at++; peek(r, 0) >= '0' && peek(r, 0) <= '9'; r->at++) {
    *millis += (peek(r, 0) - '0') * floor(unit);
    unit /= 10;
  }
  if (r->at == from.at + 1)
    *r = from;
}

/* Z, +hh:mm or +hhmm */
static void take_zone(reader *r, int *minutes) {
  reader from = *r;
  char sign = peek(r, 0);
  int h, m;
  *minutes = 0;
  if (sign == 'Z') {
    r->at++;
    return;
  }
  if ((sign != '+' && sign != '-') || !take(r, sign, 2, '2', &h)) {
    *r = from;
    return;
  }
  if (peek(r, 0) == ':')
    r->at++;
  if (!take(r, '\0', 2, '5', &m)) {
    *r = from;
    return;
  }
  *minutes = (h * 60 + m) * (sign == '-' ? -1 : 1);
}

/* NaN for a text that has the form but names no time; false without the
** form. */
static bool read_iso(jn_bytes text, double *out) {
  reader r = {text, 0};
  int year, month = 1, day = 1, hours, minutes, seconds, zone;
  double fraction;
  bool has_time;
  if (!take(&r, '\0', 4, '9', &year))
    return false;
  if (take(&r, '-', 2, '1', &month))
    take(&r, '-', 2, '3', &day);
  else
    month = 1;
  has_time = take_time(&r, &hours, &minutes, &seconds);
  take_fraction(&r, &fraction);
  take_zone(&r, &zone);
  if (r.at != text.length)
    return false;
  *out = jn_calendar_millis(year, month - 1, day) +
         ((hours * 60.0 + minutes - zone) * 60 + seconds) * 1000 + fraction;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hours > 24 ||
      (zone != 0 && !has_time) ||
      (hours == 24 && (minutes > 0 || seconds > 0 || fraction > 0)))
    *out = NAN;
  return true;
}

bool jn_fn_to_millis(const jn_call *c, jn_value *out) {
  double millis = NAN;
  jn_date_picture p;
  bool found;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (!jn_pass_time(c->run, DATE_TIME))
    return false;
  if (jn_is_undefined(c->args[1])) {
    if (!read_iso(jn_bytes_of(c->args[0]), &millis))
      return jn_fail(c->run, "D3110", c->args[0]);
    *out = jn_number(millis);
    return true;
  }
  if (!jn_date_analyse(c->run, jn_bytes_of(c->args[1]), &p) ||
      !jn_date_parse(c->run, jn_bytes_of(c->args[0]), &p, &found, &millis))
    return false;
  if (found)
    *out = jn_number(millis);
  return true;
}
