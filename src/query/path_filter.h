/*
** path_filter.h - filters: the operators of both dialects and how they are
** tested.
*/
#ifndef SF_QUERY_PATH_FILTER_H
#define SF_QUERY_PATH_FILTER_H

#include "query/path_eval.h"

typedef struct sf_operator {
  const char *text;  /* NULL ends a table */
  const char *doubt; /* what the guide calls unsupported, or NULL */
  bool word;         /* letters: blanks stand around it, case does not count */
  bool bare;         /* text without quotes may stand to its right */
  sf_outcome (*test)(sf_eval *e, const sf_operand *left,
                     const sf_operand *right, bool *yes);
} sf_operator;

extern const sf_operator sf_rfc_operators[];
extern const sf_operator sf_aws_operators[];

/* Does the filter at 'node' take 'item'? */
sf_outcome sf_filter_test(sf_eval *e, uint32_t node, sf_value item, bool *yes);

#endif
