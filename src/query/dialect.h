/*
** dialect.h - what differs between the two JSONPath dialects, as one table.
** Parser, compiler and evaluator ask the table; none of them asks which dialect
** it is.
*/
#ifndef SF_QUERY_DIALECT_H
#define SF_QUERY_DIALECT_H

#include "query/path.h"

struct sf_parser;
struct sf_chain;
struct sf_operator;

typedef struct sf_rules {
  sf_dialect dialect;
  const char *blanks; /* characters that may stand between tokens */

  /* --- syntax: one function a dialect for each of the two places --- */

  /* What follows '$' or '@', up to the end of the query. */
  sf_status (*segments)(struct sf_parser *p, struct sf_chain *chain);
  /* A comparison or a test, the leaf of a filter's logical expression;
  ** 'negated': a '!' stood before it. */
  sf_status (*relation)(struct sf_parser *p, bool negated, uint32_t *out);

  bool root_optional; /* "a.b" is "$.a.b", and '@' may stand for '$' */
  bool not_anything;  /* '!' may stand before any operand, also another '!' */
  bool escapes_loose; /* any character may be escaped in a string */
  const struct sf_operator *operators; /* ends with a row without text */

  /* --- meaning --- */

  bool missing_fails; /* what a definite path does not find is an error */
  bool filter_self;   /* a filter on an object tests the object itself, not
                          its members */
  bool scan_picks;    /* '..' hands on only containers that its target fits */
  bool slice_wraps;   /* a slice's negative start is not normalized when it has
                          an end: [-2:1] counts -2, -1, 0 */
} sf_rules;

/* The row of a dialect.  Static. */
const sf_rules *sf_rules_of(sf_dialect dialect);

#endif
