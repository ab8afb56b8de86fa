/*
** timestamp.c - RFC 3339 in and out, and time in 64 bits: see timestamp.h.
** Days are counted from 1 March of the year 0 on, so that a leap day ends its
** year.
*/
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

#define DAY_SECONDS  86400
#define ERA_DAYS     146097 /* 400 years of the Gregorian calendar */
#define EPOCH_DAYS   719468 /* 0000-03-01 to 1970-01-01 */
#define SECONDS_MAX  INT64_C(9223372036) /* what 64 bits of nanoseconds hold */
#define FINE_SECONDS 4194304.0 /* 2^22: doubles below tell nanoseconds apart */

/* --- the calendar --- */

static bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to that date; year >= 0. */
static int64_t days_of_date(int year, int month, int day) {
  int64_t years = month > 2 ? year : year - 1;
  int64_t months = month > 2 ? month - 3 : month + 9; /* since March */
  int64_t leap_days = years >= 0 ? years / 4 - years / 100 + years / 400 : -1;
  return years * 365 + leap_days + (153 * months + 2) / 5 + day - 1 -
         EPOCH_DAYS;
}

typedef struct date {
  int year, month, day;
} date;

static date date_of_days(int64_t days) {
  int64_t since = days + EPOCH_DAYS; /* years 1677 to 2262: never negative */
  int64_t era = since / ERA_DAYS, left = since % ERA_DAYS;
  int64_t year =
    (left - left / 1460 + left / 36524 - left / (ERA_DAYS - 1)) / 365;
  int64_t day = left - (365 * year + year / 4 - year / 100);
  int64_t months = (5 * day + 2) / 153;
  date d;
  d.day = (int)(day - (153 * months + 2) / 5 + 1);
  d.month = (int)(months < 10 ? months + 3 : months - 9);
  d.year = (int)(era * 400 + year + (d.month <= 2));
  return d;
}

/* --- reading --- */

typedef struct cursor {
  const char *at, *end;
} cursor;

static bool is_digit(const cursor *c) {
  return c->at < c->end && *c->at >= '0' && *c->at <= '9';
}

static bool read_char(cursor *c, char expected) {
  if (c->at == c->end || *c->at != expected)
    return false;
  c->at++;
  return true;
}

/* A number of exactly 'digits' digits from 'min' to 'max'. */
static bool read_field(cursor *c, int digits, int min, int max, int *out) {
  *out = 0;
  for (; digits > 0; digits--) {
    if (!is_digit(c))
      return false;
    *out = *out * 10 + (*c->at++ - '0');
  }
  return *out >= min && *out <= max;
}

/* ".digits" or nothing; what is finer than a nanosecond is cut off. */
static bool read_fraction(cursor *c, ptrdiff_t digits_max,
                          int64_t *nanoseconds) {
  int64_t unit = SF_NANOSECONDS / 10;
  const char *from;
  *nanoseconds = 0;
  if (!read_char(c, '.'))
    return true;
  if (!is_digit(c))
    return false;
  for (from = c->at; is_digit(c); c->at++, unit /= 10)
    *nanoseconds += (*c->at - '0') * unit;
  return c->at - from <= digits_max;
}

/* 'Z' or +hh:mm, in seconds. */
static bool read_offset(cursor *c, int seconds_max, int *seconds) {
  int hours, minutes, sign = 1;
  *seconds = 0;
  if (read_char(c, 'Z'))
    return true;
  if (read_char(c, '-'))
    sign = -1;
  else if (!read_char(c, '+'))
    return false;
  if (!read_field(c, 2, 0, 23, &hours) || !read_char(c, ':') ||
      !read_field(c, 2, 0, 59, &minutes))
    return false;
  *seconds = hours * 3600 + minutes * 60;
  if (*seconds > seconds_max)
    return false;
  *seconds *= sign;
  return true;
}

static bool read_date(cursor *c, int64_t *days) {
  int year, month, day;
  if (!read_field(c, 4, 0, 9999, &year) || !read_char(c, '-') ||
      !read_field(c, 2, 1, 12, &month) || !read_char(c, '-') ||
      !read_field(c, 2, 1, days_in_month(year, month), &day))
    return false;
  *days = days_of_date(year, month, day);
  return true;
}

static bool read_clock(cursor *c, int *seconds) {
  int hour, minute, second;
  if (!read_field(c, 2, 0, 23, &hour) || !read_char(c, ':') ||
      !read_field(c, 2, 0, 59, &minute) || !read_char(c, ':') ||
      !read_field(c, 2, 0, 59, &second))
    return false;
  *seconds = hour * 3600 + minute * 60 + second;
  return true;
}

typedef struct bounds {
  ptrdiff_t fraction_digits;
  int offset_seconds;
} bounds;

static bool parse(const char *text, size_t len, bounds most, sf_time *out) {
  cursor c = {text, text + len};
  int64_t days, nanoseconds, total;
  int seconds, offset;
  if (!read_date(&c, &days) || !read_char(&c, 'T') ||
      !read_clock(&c, &seconds) ||
      !read_fraction(&c, most.fraction_digits, &nanoseconds) ||
      !read_offset(&c, most.offset_seconds, &offset) || c.at != c.end)
    return false;
  total = days * DAY_SECONDS + seconds - offset;
  if (total < -SECONDS_MAX || total >= SECONDS_MAX)
    return false;
  *out = total * SF_NANOSECONDS + nanoseconds;
  return true;
}

bool sf_time_parse(const char *text, size_t len, sf_time *out) {
  static const bounds rfc3339 = {PTRDIFF_MAX, DAY_SECONDS};
  return parse(text, len, rfc3339, out);
}

bool sf_time_parse_data(const char *text, size_t len, sf_time *out) {
  static const bounds data = {9, 18 * 3600};
  return parse(text, len, data, out);
}

/* --- writing --- */

size_t sf_time_format_ms(sf_time t, char out[SF_TIME_TEXT_MAX]) {
  int64_t seconds = t / SF_NANOSECONDS, fraction = t % SF_NANOSECONDS;
  int64_t days, clock;
  int length;
  date d;
  if (fraction < 0) {
    fraction += SF_NANOSECONDS;
    seconds--;
  }
  days = seconds / DAY_SECONDS;
  clock = seconds % DAY_SECONDS;
  if (clock < 0) {
    clock += DAY_SECONDS;
    days--;
  }
  d = date_of_days(days);
  length = snprintf(out, SF_TIME_TEXT_MAX,
                    "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", d.year, d.month,
                    d.day, (int)(clock / 3600), (int)(clock / 60 % 60),
                    (int)(clock % 60), (int)(fraction / 1000000));
  return (size_t)length;
}

size_t sf_time_format(sf_time t, char out[SF_TIME_TEXT_MAX]) {
  static const char zero[] = ".000Z";
  size_t length = sf_time_format_ms(t, out);
  char *fraction = out + length - (sizeof zero - 1);
  if (strcmp(fraction, zero) == 0) {
    strcpy(fraction, "Z");
    length = (size_t)(fraction + 1 - out);
  }
  return length;
}

/* --- seconds and sums --- */

static int64_t rounded(double d) {
  return (int64_t)(d < 0 ? d - 0.5 : d + 0.5);
}

sf_time sf_time_from_seconds(double seconds) {
  int64_t whole;
  double fraction;
  if (seconds >= (double)SECONDS_MAX)
    return SF_TIME_NEVER;
  if (!(seconds > (double)-SECONDS_MAX)) /* NaN too */
    return INT64_MIN;
  whole = (int64_t)seconds;
  fraction = seconds - (double)whole;
  if (seconds > -FINE_SECONDS && seconds < FINE_SECONDS)
    return whole * SF_NANOSECONDS + rounded(fraction * 1e9);
  /* a double of today's date is good for microseconds: the rest is noise */
  return whole * SF_NANOSECONDS + rounded(fraction * 1e6) * 1000;
}

double sf_time_to_seconds(sf_time t) {
  return (double)(t / SF_NANOSECONDS) + (double)(t % SF_NANOSECONDS) / 1e9;
}

sf_time sf_time_add(sf_time t, sf_time delta) {
  if (t == SF_TIME_NEVER || delta == SF_TIME_NEVER)
    return SF_TIME_NEVER;
  if (delta > 0 && t > INT64_MAX - delta)
    return SF_TIME_NEVER;
  if (delta < 0 && t < INT64_MIN - delta)
    return INT64_MIN;
  return t + delta;
}
