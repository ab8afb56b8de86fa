/*
** path_function.h - the functions of both dialects, one row each.  RFC 9535
** calls them inside filters on typed arguments; in the AWS dialect they stand
** at the end of a path and work on what it found.
*/
#ifndef SF_QUERY_PATH_FUNCTION_H
#define SF_QUERY_PATH_FUNCTION_H

#include "query/path_eval.h"

/* The types of RFC 9535 section 2.4.1. */
typedef enum sf_type { SF_TYPE_VALUE, SF_TYPE_LOGICAL, SF_TYPE_NODES } sf_type;

struct sf_parser;
struct sf_function;

/* A function of AWS: 'v' is what the path found, 'args' the first argument.
** *out is borrowed. */
typedef sf_outcome sf_apply(sf_eval *e, const struct sf_function *f,
                            uint32_t args, sf_value v, sf_value *out);

typedef struct sf_function {
  const char *name;
  sf_dialect dialect;
  sf_type result;
  unsigned count; /* of arguments; RFC 9535 only */
  sf_type types[2];

  /* At compile time, for the NODE_CALL at 'node' (RFC 9535); may be NULL. */
  sf_status (*prepare)(struct sf_parser *p, uint32_t node);
  /* RFC 9535: the first argument at 'args', the filter's item.  A logical
  ** result is a boolean. */
  sf_outcome (*call)(sf_eval *e, uint32_t args, sf_value item, sf_value *out);
  sf_apply *apply; /* AWS */
} sf_function;

/* The row of that name, NULL when there is none. */
const sf_function *sf_function_find(sf_dialect dialect, const char *name,
                                    size_t len);

/* path_function_aws.c; for the table. */
sf_apply sf_aws_min, sf_aws_max, sf_aws_sum, sf_aws_avg, sf_aws_stddev,
  sf_aws_length, sf_aws_keys, sf_aws_concat, sf_aws_append, sf_aws_first,
  sf_aws_last, sf_aws_index;

#endif
