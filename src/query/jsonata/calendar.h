/*
** calendar.h - the Gregorian calendar for date pictures: milliseconds since
** 1970 in UTC to components and back, and the weeks of ISO 8601.
*/
#ifndef SF_QUERY_JSONATA_CALENDAR_H
#define SF_QUERY_JSONATA_CALENDAR_H

#include <stdint.h>

#define JN_DAY_MS     86400000
#define JN_MILLIS_MAX 8.64e15 /* what a date may be at most, either way */

/* The component of a picture ('Y' 'M' 'D' 'd' 'F' 'W' 'w' 'X' 'x' 'H' 'h' 'P'
** 'm' 's' 'f') at that time; 'P' is 1 in the afternoon.  0 for another. */
int64_t jn_calendar_component(int64_t millis, char component);

/* Milliseconds at the start of a day; month 0 is January, and both month and
** day may lie outside of their usual range. */
double jn_calendar_millis(double year, double month, double day);

#endif
