/*
** decimal.c - see decimal.h.
*/
#include "query/jsonata/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "query/jsonata/text.h"

int jn_to_int(jn_value v) {
  double d = jn_double(v);
  if (isnan(d))
    return 0;
  return d >= 2147483647.0    ? 2147483647
         : d <= -2147483647.0 ? -2147483647
                              : (int)d;
}

/* d x 10^places without the error of multiplying. */
static double shift(double d, int places) {
  char digits[32], text[64];
  int point;
  size_t n;
  if (d == 0 || !isfinite(d) || places == 0)
    return d;
  n = jn_number_digits(d, 0, digits, &point);
  if (places > 2000 || places < -2000)
    places = places > 0 ? 2000 : -2000;
  snprintf(text, sizeof text, "%s%se%d", d < 0 ? "-" : "", digits,
           point + 1 - (int)n + places);
  return strtod(text, NULL);
}

double jn_round(double d, int places) {
  double x = shift(d, places), result = floor(x), diff;
  if (!isfinite(x))
    return isfinite(d) ? d : x;
  if (x - result >= 0.5)
    result += 1;
  diff = result - x;
  if (fabs(diff) == 0.5 && fabs(fmod(result, 2)) == 1)
    result -= 1;
  result = shift(result, -places);
  return result == 0 ? 0 : result;
}
