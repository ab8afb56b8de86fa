/*
** decimal.h - rounding in decimal, as $round and the pictures do it.
*/
#ifndef SF_QUERY_JSONATA_DECIMAL_H
#define SF_QUERY_JSONATA_DECIMAL_H

#include "query/jsonata/jn_value.h"

/* To 'places' behind the point (negative: before it), half to even, on the
** decimal digits of the number. */
double jn_round(double d, int places);

/* A number as a C int, cut off and kept in range; 0 for NaN. */
int jn_to_int(jn_value v);

#endif
