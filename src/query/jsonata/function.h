/*
** function.h - the function library: one row each, with the name, what it
** takes and the C function.  A new function is one row in function.c and its
** body in the file of its family (fn_string.c, fn_array.c ...).
*/
#ifndef SF_QUERY_JSONATA_FUNCTION_H
#define SF_QUERY_JSONATA_FUNCTION_H

#include "query/jsonata/apply.h"

#define JN_FUNCTION_PARAMS 4

/* One call.  The arguments are checked: there are at least as many as the row
** has parameters, each undefined or of its type. */
typedef struct jn_call {
  jn_run *run;
  jn_value *args;
  size_t count;
  jn_value input; /* the context */
  jn_frame *frame;
} jn_call;

typedef struct jn_row {
  const char *name;
  unsigned sets;       /* JN_CORE ..., see dialect.h */
  unsigned char count; /* of params */
  unsigned char arity; /* what $map and the like take it for */
  jn_param params[JN_FUNCTION_PARAMS];
  bool (*fn)(const jn_call *c, jn_value *out);
} jn_row;

/* The number of the row of that name in one of the sets, or -1. */
int jn_function_find(jn_bytes name, unsigned sets);

const jn_row *jn_function_row(uint32_t number);

#define JN_DECLARE(name) bool name(const jn_call *c, jn_value *out)

/* fn_number.c */
JN_DECLARE(jn_fn_sum);
JN_DECLARE(jn_fn_max);
JN_DECLARE(jn_fn_min);
JN_DECLARE(jn_fn_average);
JN_DECLARE(jn_fn_number);
JN_DECLARE(jn_fn_floor);
JN_DECLARE(jn_fn_ceil);
JN_DECLARE(jn_fn_round);
JN_DECLARE(jn_fn_abs);
JN_DECLARE(jn_fn_sqrt);
JN_DECLARE(jn_fn_power);
JN_DECLARE(jn_fn_random);
JN_DECLARE(jn_fn_format_base);
/* fn_string.c */
JN_DECLARE(jn_fn_string);
JN_DECLARE(jn_fn_substring);
JN_DECLARE(jn_fn_substring_before);
JN_DECLARE(jn_fn_substring_after);
JN_DECLARE(jn_fn_lowercase);
JN_DECLARE(jn_fn_uppercase);
JN_DECLARE(jn_fn_length);
JN_DECLARE(jn_fn_trim);
JN_DECLARE(jn_fn_pad);
JN_DECLARE(jn_fn_join);
/* fn_match.c */
JN_DECLARE(jn_fn_match);
JN_DECLARE(jn_fn_contains);
JN_DECLARE(jn_fn_replace);
JN_DECLARE(jn_fn_split);
/* fn_encode.c */
JN_DECLARE(jn_fn_base64_encode);
JN_DECLARE(jn_fn_base64_decode);
JN_DECLARE(jn_fn_encode_url);
JN_DECLARE(jn_fn_encode_url_component);
JN_DECLARE(jn_fn_decode_url);
JN_DECLARE(jn_fn_decode_url_component);
/* fn_array.c */
JN_DECLARE(jn_fn_count);
JN_DECLARE(jn_fn_append);
JN_DECLARE(jn_fn_reverse);
JN_DECLARE(jn_fn_shuffle);
JN_DECLARE(jn_fn_distinct);
JN_DECLARE(jn_fn_zip);
JN_DECLARE(jn_fn_sort);
/* fn_object.c */
JN_DECLARE(jn_fn_keys);
JN_DECLARE(jn_fn_lookup);
JN_DECLARE(jn_fn_spread);
JN_DECLARE(jn_fn_merge);
JN_DECLARE(jn_fn_clone);
/* fn_higher.c */
JN_DECLARE(jn_fn_map);
JN_DECLARE(jn_fn_filter);
JN_DECLARE(jn_fn_single);
JN_DECLARE(jn_fn_reduce);
JN_DECLARE(jn_fn_sift);
JN_DECLARE(jn_fn_each);
/* fn_type.c */
JN_DECLARE(jn_fn_boolean);
JN_DECLARE(jn_fn_not);
JN_DECLARE(jn_fn_exists);
JN_DECLARE(jn_fn_type);
JN_DECLARE(jn_fn_error);
JN_DECLARE(jn_fn_assert);
JN_DECLARE(jn_fn_eval);
/* fn_datetime.c */
JN_DECLARE(jn_fn_now);
JN_DECLARE(jn_fn_millis);
JN_DECLARE(jn_fn_from_millis);
JN_DECLARE(jn_fn_to_millis);
/* fn_picture.c */
JN_DECLARE(jn_fn_format_number);
JN_DECLARE(jn_fn_format_integer);
JN_DECLARE(jn_fn_parse_integer);
/* fn_aws.c */
JN_DECLARE(jn_fn_partition);
JN_DECLARE(jn_fn_range);
JN_DECLARE(jn_fn_hash);
JN_DECLARE(jn_fn_aws_random);
JN_DECLARE(jn_fn_uuid);
JN_DECLARE(jn_fn_parse);

#endif
