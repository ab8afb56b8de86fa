/*
** picture_date.h - pictures of points in time (XPath format-dateTime):
** "[Y0001]-[M01]-[D01]".
*/
#ifndef SF_QUERY_JSONATA_PICTURE_DATE_H
#define SF_QUERY_JSONATA_PICTURE_DATE_H

#include "query/jsonata/picture_integer.h"

/* A literal text, or one component. */
typedef struct jn_date_part {
  jn_bytes literal;
  char component;  /* '\0' for a literal */
  jn_case names;   /* not JN_NO_NAMES: as a name */
  bool has_width;  /* a width is given, even if it is '*' */
  int width_max;   /* -1: none */
  bool zulu;       /* 't': UTC is 'Z' */
  bool has_number; /* 'number' is set */
  jn_integer_picture number;
  int year_digits; /* -1: all */
  int parse_width; /* 0: any */
} jn_date_part;

typedef struct jn_date_picture {
  jn_date_part *parts;
  size_t count;
} jn_date_picture;

bool jn_date_analyse(jn_run *r, jn_bytes picture, jn_date_picture *out);

/* 'zone' is minutes and hours as the reference has them: hours x 100 +
** minutes, both with a sign of their own. */
bool jn_date_format(jn_run *r, int64_t millis, const jn_date_picture *p,
                    int zone_hours, int zone_minutes, sf_buffer *out);

/* Milliseconds; *found is false when the text does not fit the picture. */
bool jn_date_parse(jn_run *r, jn_bytes text, const jn_date_picture *p,
                   bool *found, double *out);

#endif
