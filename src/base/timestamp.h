/*
** timestamp.h - points in time.  Inside, a time is a count of nanoseconds
** since 1970-01-01T00:00:00Z in 64 bits (years 1677 to 2262; what lies outside
** is refused, never wrapped).
*/
#ifndef SF_BASE_TIMESTAMP_H
#define SF_BASE_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t sf_time;

#define SF_TIME_NEVER    INT64_MAX
#define SF_NANOSECONDS   INT64_C(1000000000)
#define SF_TIME_TEXT_MAX 40

/* RFC 3339 as ASL uses it: 'T' and 'Z' in upper case, or an offset +hh:mm;
** seconds may have a fraction.  A leap day must exist; second 60 does not. */
bool sf_time_parse(const char *text, size_t len, sf_time *out);

/* The same of what an execution comes upon, where the service has the ISO 8601
** offset date-time of Java: 9 digits of fraction and 18 hours of offset at most. */
bool sf_time_parse_data(const char *text, size_t len, sf_time *out);

/* In UTC with 'Z', always with milliseconds (the rest is cut off).  Returns the
** length; 'out' is terminated. */
size_t sf_time_format_ms(sf_time t, char out[SF_TIME_TEXT_MAX]);

/* The same as the context object shows times: without milliseconds where they
** are 0. */
size_t sf_time_format(sf_time t, char out[SF_TIME_TEXT_MAX]);

/* Seconds as a double, the form of the Lua API.  Saturates. */
sf_time sf_time_from_seconds(double seconds);
double sf_time_to_seconds(sf_time t);

/* t + delta, saturating at SF_TIME_NEVER. */
sf_time sf_time_add(sf_time t, sf_time delta);

#endif
