/*
** number.c - numbers: their kinds, their order, and their text as it stands in
** JSON.  See value.h and json.h.
**
** The C library reads and writes decimals with the point of its locale, so it
** is only given texts without one: "314e-2".
*/
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/json.h"

#define EXACT_MAX  9007199254740992.0 /* 2^53: integers up to here are exact */
#define TWO_63     9223372036854775808.0
#define DIGITS_15  1e15 /* decimals below have a double of their own */
#define POWERS_MAX 22   /* the last power of ten that a double holds */

/* Products and quotients of doubles are rounded once, not by an x87. */
#define ROUNDS_ONCE (FLT_EVAL_METHOD == 0)

static const double powers_of_ten[POWERS_MAX + 1] = {
  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* --- making numbers --- */

static sf_value double_value(double d) {
  sf_value v = {{0}, SF_DOUBLE};
  v.u.number = d;
  return v;
}

sf_value sf_number(double d) {
  if (d >= -EXACT_MAX && d <= EXACT_MAX && (double)(int64_t)d == d)
    return sf_integer((int64_t)d);
  return isfinite(d) ? double_value(d) : sf_absent();
}

/* --- decimals: the text of a number, taken apart --- */

#define EXPONENT_MAX INT64_C(1000000000000)

/* The value is 0.DDD x 10^exponent with the digits from 'digits' on, the
** first of which is not 0. */
typedef struct decimal {
  bool is_negative, is_zero, is_integer; /* integer: neither '.' nor 'e' */
  const char *digits, *end;              /* a '.' may lie among them */
  int64_t exponent;
} decimal;

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* The number after 'e', kept within +-EXPONENT_MAX. */
static int64_t read_exponent(const char *at, const char *end) {
  bool is_negative = at < end && *at == '-';
  int64_t exponent = 0;
  if (at < end && !is_digit(*at))
    at++;
  for (; at < end; at++)
    if (exponent < EXPONENT_MAX)
      exponent = exponent * 10 + (*at - '0');
  return is_negative ? -exponent : exponent;
}

static decimal read_decimal(const char *text, size_t len) {
  const char *at = text, *end = text + len;
  bool behind_point = false;
  decimal d = {false, true, true, end, end, 0};
  if (at < end && *at == '-') {
    d.is_negative = true;
    at++;
  }
  for (; at < end && (is_digit(*at) || *at == '.'); at++) {
    if (*at == '.') {
      behind_point = true;
      continue;
    }
    if (d.is_zero && *at != '0') {
      d.is_zero = false;
      d.digits = at;
    }
    if (behind_point ? d.is_zero : !d.is_zero)
      d.exponent += behind_point ? -1 : 1;
  }
  d.end = at;
  d.is_integer = at == end && !behind_point;
  if (at < end)
    d.exponent += read_exponent(at + 1, end);
  return d;
}

/* The next digit, '0' behind the last. */
static char next_digit(const char **at, const char *end) {
  if (*at < end && **at == '.')
    ++*at;
  return *at < end ? *(*at)++ : '0';
}

static int compare_magnitudes(const decimal *a, const decimal *b) {
  const char *x = a->digits, *y = b->digits;
  if (a->is_zero || b->is_zero)
    return b->is_zero - a->is_zero;
  if (a->exponent != b->exponent)
    return a->exponent < b->exponent ? -1 : 1;
  while (x < a->end || y < b->end) {
    char p = next_digit(&x, a->end), q = next_digit(&y, b->end);
    if (p != q)
      return p < q ? -1 : 1;
  }
  return 0;
}

static int compare_decimals(const decimal *a, const decimal *b) {
  bool a_below = a->is_negative && !a->is_zero;
  bool b_below = b->is_negative && !b->is_zero;
  if (a_below != b_below)
    return a_below ? -1 : 1;
  return a_below ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

/* --- from text --- */

/* No double depends on more digits than this, but for whether any digit
** that is not 0 follows. */
#define DIGITS_MAX 800

/* Copy the digits; *count of them count, the rest leaves at most a trace. */
static void copy_digits(const decimal *d, char *out, size_t *count) {
  const char *at = d->digits;
  size_t n = 0;
  bool more = false;
  while (at < d->end) {
    char c = next_digit(&at, d->end);
    if (n < DIGITS_MAX)
      out[n++] = c;
    else
      more = more || c != '0';
  }
  if (more)
    out[n++] = '1';
  *count = n;
}

/* digits x 10^exponent as strtod has it. */
static double digits_to_double(const char *digits, size_t count,
                               int64_t exponent) {
  char text[DIGITS_MAX + 32];
  if (exponent > 99999)
    exponent = 99999;
  if (exponent < -99999)
    exponent = -99999;
  snprintf(text, sizeof text, "%.*se%d", (int)count, digits, (int)exponent);
  return strtod(text, NULL);
}

/* When digits and power are exact doubles, one operation rounds as needed. */
static bool small_to_double(const char *digits, size_t count, int64_t exponent,
                            double *out) {
  int64_t n = 0;
  size_t i;
  if (!ROUNDS_ONCE || count > 15 || exponent < -POWERS_MAX ||
      exponent > POWERS_MAX)
    return false;
  for (i = 0; i < count; i++)
    n = n * 10 + (digits[i] - '0');
  *out = exponent < 0 ? (double)n / powers_of_ten[-exponent]
                      : (double)n * powers_of_ten[exponent];
  return true;
}

static double decimal_to_double(const decimal *d) {
  char digits[DIGITS_MAX + 1];
  size_t count;
  int64_t exponent;
  double out;
  if (d->is_zero)
    return 0.0;
  copy_digits(d, digits, &count);
  exponent = d->exponent - (int64_t)count;
  if (!small_to_double(digits, count, exponent, &out))
    out = digits_to_double(digits, count, exponent);
  return d->is_negative ? -out : out;
}

static bool decimal_to_integer(const decimal *d, int64_t *out) {
  uint64_t limit = (uint64_t)INT64_MAX + d->is_negative, n = 0;
  const char *at;
  if (!d->is_integer || d->end - d->digits > 19)
    return false;
  for (at = d->digits; at < d->end; at++)
    n = n * 10 + (uint64_t)(*at - '0'); /* 19 digits fit */
  if (n > limit)
    return false;
  *out = d->is_negative ? (int64_t)(0 - n) : (int64_t)n;
  return true;
}

sf_value sf_number_parse(const sf_alloc *mem, const char *text, size_t len) {
  decimal d = read_decimal(text, len);
  int64_t i;
  double number;
  if (decimal_to_integer(&d, &i))
    return sf_integer(i);
  if (d.is_integer)
    return sf_bignum_new(mem, text, len);
  number = decimal_to_double(&d);
  if (!isfinite(number) || (number == 0 && !d.is_zero))
    return sf_bignum_new(mem, text, len);
  return sf_number(number);
}

/* --- to text --- */

/* Digits of a double: 0.DDD x 10^point, without zeros at either end. */
typedef struct digits {
  char text[SF_DOUBLE_TEXT_MAX];
  int count, point;
} digits;

static void trim_zeros(digits *s) {
  while (s->count > 1 && s->text[s->count - 1] == '0')
    s->count--;
}

/* n x 10^-places, n > 0 */
static void set_digits(digits *s, int64_t n, int places) {
  s->count = (int)sf_integer_text(n, s->text);
  s->point = s->count - places;
  trim_zeros(s);
}

/* Doubles that are a decimal of up to 15 digits, as most are that people
** wrote: such a decimal has no other double, so the division proves it. */
static bool find_short_digits(double d, digits *s) {
  int places;
  if (!ROUNDS_ONCE)
    return false;
  for (places = 0; places <= POWERS_MAX; places++) {
    double scaled = d * powers_of_ten[places];
    int64_t n;
    if (scaled >= DIGITS_15)
      return false;
    n = (int64_t)(scaled + 0.5);
    if (n > 0 && (double)n / powers_of_ten[places] == d) {
      set_digits(s, n, places);
      return true;
    }
  }
  return false;
}

static bool reads_back(const digits *s, double d) {
  return digits_to_double(s->text, (size_t)s->count, s->point - s->count) == d;
}

/* The nearest decimal of 'count' digits. */
static void round_to(double d, int count, digits *s) {
  char text[SF_DOUBLE_TEXT_MAX];
  const char *at = text;
  snprintf(text, sizeof text, "%.*e", count - 1, d);
  for (s->count = 0; *at != 'e'; at++)
    if (is_digit(*at)) /* the point may be any character, or several */
      s->text[s->count++] = *at;
  s->point = atoi(at + 1) + 1;
}

/* Below a power of two doubles lie closer than above it: there the decimal
** next to the nearest one may be the one that reads back. */
static bool next_reads_back(digits *s, double d) {
  int exponent;
  if (frexp(d, &exponent) != 0.5 || s->text[s->count - 1] == '9')
    return false;
  s->text[s->count - 1]++;
  return reads_back(s, d);
}

/* How many digits to try first, when find_short_digits has found none. */
static int digits_at_least(double d) {
  if (d < DBL_MIN)
    return 1; /* subnormals have few */
  return ROUNDS_ONCE && d >= 1e-7 && d < DIGITS_15 ? 16 : 15;
}

static void find_digits(double d, digits *s) {
  int count = digits_at_least(d);
  if (find_short_digits(d, s))
    return;
  for (; count <= 17; count++) {
    round_to(d, count, s);
    if (reads_back(s, d) || next_reads_back(s, d))
      break;
  }
  trim_zeros(s);
}

static char *put_zeros(char *out, int count) {
  for (; count > 0; count--)
    *out++ = '0';
  return out;
}

static char *put_digits(char *out, const digits *s, int from, int to) {
  memcpy(out, s->text + from, (size_t)(to - from));
  return out + (to - from);
}

/* The layout is that of ECMAScript's Number::toString. */
static char *put_decimal(char *out, const digits *s) {
  int integral = s->point < s->count ? s->point : s->count;
  if (s->point <= 0) {
    *out++ = '0';
    *out++ = '.';
    out = put_zeros(out, -s->point);
    integral = 0;
  }
  out = put_digits(out, s, 0, integral);
  if (s->point > 0 && integral < s->count)
    *out++ = '.';
  out = put_digits(out, s, integral, s->count);
  return put_zeros(out, s->point - s->count);
}

static char *put_scientific(char *out, const digits *s) {
  out = put_digits(out, s, 0, 1);
  if (s->count > 1)
    *out++ = '.';
  out = put_digits(out, s, 1, s->count);
  return out + snprintf(out, 8, "e%+d", s->point - 1);
}

size_t sf_double_text(double d, char *out) {
  char *at = out;
  digits s;
  assert(isfinite(d));
  if (d < 0) {
    *at++ = '-';
    d = -d;
  }
  if (d == 0) {
    at = put_zeros(at, 1);
  } else {
    find_digits(d, &s);
    at = s.point > -6 && s.point <= 21 ? put_decimal(at, &s)
                                       : put_scientific(at, &s);
  }
  *at = '\0';
  return (size_t)(at - out);
}

size_t sf_integer_text(int64_t i, char *out) {
  uint64_t left = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
  char room[SF_DOUBLE_TEXT_MAX], *first = room + sizeof room;
  size_t length;
  do
    *--first = (char)('0' + left % 10);
  while ((left /= 10) > 0);
  if (i < 0)
    *--first = '-';
  length = (size_t)(room + sizeof room - first);
  memcpy(out, first, length);
  out[length] = '\0';
  return length;
}

/* --- comparing and converting --- */

static int compare_integer_double(int64_t i, double d) {
  int64_t whole;
  if (d >= TWO_63)
    return -1;
  if (d < -TWO_63)
    return 1;
  whole = (int64_t)d;
  if (i != whole)
    return i < whole ? -1 : 1;
  return (d < (double)whole) - (d > (double)whole);
}

/* A number's decimal; 'room' holds the text of one that has none. */
static decimal decimal_of(sf_value v, char *room) {
  size_t len;
  if (v.kind == SF_BIGNUM)
    return read_decimal(sf_string_text(v), sf_string_length(v));
  if (v.kind == SF_INTEGER)
    len = sf_integer_text(v.u.integer, room);
  else
    len = sf_double_text(v.u.number, room);
  return read_decimal(room, len);
}

static int compare_by_text(sf_value a, sf_value b) {
  char a_room[SF_DOUBLE_TEXT_MAX], b_room[SF_DOUBLE_TEXT_MAX];
  decimal x = decimal_of(a, a_room), y = decimal_of(b, b_room);
  return compare_decimals(&x, &y);
}

int sf_number_compare(sf_value a, sf_value b) {
  assert(sf_is_number(a) && sf_is_number(b));
  if (a.kind == SF_BIGNUM || b.kind == SF_BIGNUM)
    return compare_by_text(a, b);
  if (a.kind == SF_INTEGER && b.kind == SF_INTEGER)
    return (a.u.integer > b.u.integer) - (a.u.integer < b.u.integer);
  if (a.kind == SF_INTEGER)
    return compare_integer_double(a.u.integer, b.u.number);
  if (b.kind == SF_INTEGER)
    return -compare_integer_double(b.u.integer, a.u.number);
  return (a.u.number > b.u.number) - (a.u.number < b.u.number);
}

double sf_to_double(sf_value number) {
  char room[SF_DOUBLE_TEXT_MAX];
  decimal d;
  assert(sf_is_number(number));
  if (number.kind == SF_INTEGER)
    return (double)number.u.integer;
  if (number.kind == SF_DOUBLE)
    return number.u.number;
  d = decimal_of(number, room);
  return decimal_to_double(&d);
}

bool sf_to_integer(sf_value number, int64_t *out) {
  double d = number.u.number;
  if (number.kind == SF_INTEGER) {
    *out = number.u.integer;
    return true;
  }
  if (number.kind != SF_DOUBLE || d < -TWO_63 || d >= TWO_63 ||
      (double)(int64_t)d != d)
    return false;
  *out = (int64_t)d;
  return true;
}
