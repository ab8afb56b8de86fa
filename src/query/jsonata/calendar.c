/*
** calendar.c - see calendar.h.  Days are counted from 1970-01-01; the
** arithmetic is that of a calendar that begins its years in March, so that the
** leap day is the last one.
*/
#include "query/jsonata/calendar.h"

#include <math.h>

typedef struct date {
  int64_t year;
  int month, day; /* month 0 is January, day 1 the first */
} date;

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

static int64_t days_of(int64_t year, int64_t month, int64_t day) {
  int64_t era, year_of_era, march;
  year += floor_div(month, 12);
  month -= floor_div(month, 12) * 12;
  if (month < 2)
    year--;
  march = (month + 10) % 12;
  era = floor_div(year, 400);
  year_of_era = year - era * 400;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 -
         year_of_era / 100 + (153 * march + 2) / 5 + day - 1 - 719468;
}

static date date_of(int64_t days) {
  date d;
  int64_t era, day_of_era, year_of_era, day_of_year, march;
  days += 719468;
  era = floor_div(days, 146097);
  day_of_era = days - era * 146097;
  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                 day_of_era / 146096) /
                365;
  day_of_year =
    day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  march = (5 * day_of_year + 2) / 153;
  d.day = (int)(day_of_year - (153 * march + 2) / 5) + 1;
  d.month = (int)((march + 2) % 12);
  d.year = year_of_era + era * 400 + (d.month < 2);
  return d;
}

/* 1 is Monday, 7 Sunday. */
static int weekday(int64_t days) {
  return (int)(days + 3 - floor_div(days + 3, 7) * 7) + 1;
}

/* The Monday of the first week of a year or month: the one with its first
** Thursday. */
static int64_t first_week(int64_t year, int64_t month) {
  int64_t first = days_of(year, month, 1);
  int day = weekday(first);
  return day > 4 ? first + 8 - day : first - (day - 1);
}

/* The week of a day in the period that begins at (year, month), where the next
** begins 'step' months later. */
static int64_t week_of(int64_t today, int64_t year, int64_t month, int step) {
  int64_t start = first_week(year, month);
  if (today >= first_week(year, month + step))
    return 1;
  if (today < start)
    start = first_week(year, month - step);
  return floor_div(today - start, 7) + 1;
}

/* -1, 0 or 1: does the week of a day belong to the period before or after? */
static int week_shift(int64_t today, int64_t year, int64_t month, int step) {
  if (today < first_week(year, month))
    return -1;
  return today >= first_week(year, month + step);
}

static int64_t date_component(int64_t days, char component) {
  date d = date_of(days);
  switch (component) {
    case 'Y': return d.year;
    case 'M': return d.month + 1;
    case 'D': return d.day;
    case 'd': return days - days_of(d.year, 0, 1) + 1;
    case 'F': return weekday(days);
    case 'W': return week_of(days, d.year, 0, 12);
    case 'w': return week_of(days, d.year, d.month, 1);
    case 'X': return d.year + week_shift(days, d.year, 0, 12);
    case 'x':
      return (d.month + 12 + week_shift(days, d.year, d.month, 1)) % 12 + 1;
    default: return 0;
  }
}

int64_t jn_calendar_component(int64_t millis, char component) {
  int64_t days = floor_div(millis, JN_DAY_MS);
  int64_t in_day = millis - days * JN_DAY_MS, hours = in_day / 3600000;
  switch (component) {
    case 'H': return hours;
    case 'h': return hours % 12 == 0 ? 12 : hours % 12;
    case 'P': return hours >= 12;
    case 'm': return in_day / 60000 % 60;
    case 's': return in_day / 1000 % 60;
    case 'f': return in_day % 1000;
    default: return date_component(days, component);
  }
}

double jn_calendar_millis(double year, double month, double day) {
  if (!(fabs(year) < 1e6 && fabs(month) < 1e6 && fabs(day) < 1e9))
    return NAN;
  return ((double)days_of((int64_t)year, (int64_t)month, 1) + trunc(day) - 1) *
         JN_DAY_MS;
}
