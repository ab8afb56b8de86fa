/*
** match.h - matchers: a regular expression, or any function that gives objects
** of the same shape ({match, start, end, groups, next}).
*/
#ifndef SF_QUERY_JSONATA_MATCH_H
#define SF_QUERY_JSONATA_MATCH_H

#include "query/jsonata/apply.h"

/* One match. */
typedef struct jn_found {
  bool is_match; /* false: there is none, and the rest is not set */
  jn_value match;
  jn_value groups;      /* an array */
  size_t start, end;    /* bytes; in a regex's text */
  jn_value start_value; /* what $match gives as index */
} jn_found;

/* Where a search has come to. */
typedef struct jn_search {
  jn_run *run;
  jn_frame *frame;
  jn_value matcher; /* a function */
  jn_value text;    /* the string that is searched */
  bool is_regex;
  jn_value next;          /* of a function's match: what gives the next one */
  size_t at;              /* of a regex: bytes; */
  size_t units, units_at; /* and as UTF-16 units, counted up to a byte */
  bool began;
} jn_search;

void jn_search_init(jn_search *s, jn_run *r, jn_frame *frame, jn_value matcher,
                    jn_value text);

/* The next match; false: the fault is set. */
bool jn_search_next(jn_search *s, jn_found *out);

/* A regex, or the rest of its matches, called as a function. */
bool jn_match_call(jn_run *r, const jn_function *f, jn_arguments args,
                   jn_value *out);
bool jn_match_next(jn_run *r, const jn_function *f, jn_value *out);

#endif
