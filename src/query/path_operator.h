/*
** path_operator.h - the comparison operators of filters, one row each.
*/
#ifndef SF_QUERY_PATH_OPERATOR_H
#define SF_QUERY_PATH_OPERATOR_H

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

/* What a comparison of the two may cost beyond one step of the budget. */
size_t sf_operator_weight(const sf_operand *left, const sf_operand *right);

#endif
