/*
** intrinsic.h - the intrinsic functions (States.Format ...): one row each.  The
** compiler of expressions looks the row up at load and checks the number of
** arguments; evaluation calls it with the values.
**
** One file a family: intrinsic_array.c, intrinsic_unique.c, intrinsic_text.c,
** intrinsic_math.c, intrinsic_json.c, intrinsic_hash.c.  A new function is one
** row in intrinsic.c and its body in the file of its family.
*/
#ifndef SF_QUERY_INTRINSIC_H
#define SF_QUERY_INTRINSIC_H

#include "base/buffer.h"
#include "query/env.h"

#define SF_INTRINSIC_RANGE_MAX 1000       /* elements of States.ArrayRange */
#define SF_INTRINSIC_TEXT_MAX  10000      /* characters hashed or in base64 */
#define SF_INTRINSIC_ANY       UINT32_MAX /* no most number of arguments */

typedef struct sf_intrinsic sf_intrinsic;

/* One call: what a function works on.  All borrowed. */
typedef struct sf_call {
  const sf_env *env;
  const sf_intrinsic *function;
  const sf_value *args; /* count values, none of them SF_ABSENT */
  size_t count;
  sf_error *err;
} sf_call;

struct sf_intrinsic {
  const char *name;
  uint32_t least, most; /* number of arguments */
  /* Is the first argument a template, whose escapes the function reads? */
  bool takes_template;
  /* On SF_OK *out is owned.  Otherwise call->err is filled; SF_ERR_EVALUATE
  ** when the arguments are at fault. */
  sf_status (*run)(const sf_call *call, sf_value *out);
};

/* The row of that name, NULL when there is none. */
const sf_intrinsic *sf_intrinsic_find(const char *name, size_t len);
/* The names by number from 0, NULL past the end. */
const char *sf_intrinsic_name(size_t i);

/* --- for the functions --- */

/* "Invalid arguments in States.X" and the reason, as SF_ERR_EVALUATE.  NULL:
** the service is known to give none. */
sf_status sf_call_invalid(const sf_call *call, const char *reason);

/* Give 'v' (consumed) back as the result; SF_ABSENT is "no memory". */
sf_status sf_call_result(const sf_call *call, sf_value v, sf_value *out);

/* Append 'v' (consumed) to the result that grows in *array.  On failure
** call->err is filled and *array is released and SF_ABSENT.  Either value may
** be SF_ABSENT, which is "no memory". */
sf_status sf_call_push(const sf_call *call, sf_value *array, sf_value v);

/* Draw 'steps' from the budget; SF_ERR_LIMIT when there are fewer. */
sf_status sf_call_work(const sf_call *call, uint64_t steps);

/* The argument as a whole number, cut off toward zero; false when it is no
** number within 64 bits. */
bool sf_call_whole(const sf_call *call, size_t arg, int64_t *out);

/* Append the written form of a value: a string bare, other scalars as JSON,
** arrays as "[a, b]" and objects as "{k=v, l=w}". */
void sf_write_plain(sf_value v, sf_buffer *out);

/* How many UTF-16 units the UTF-8 text has: the service counts these. */
size_t sf_utf16_length(const char *text, size_t len);

sf_status sf_intrinsic_array(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_array_contains(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_array_get_item(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_array_length(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_array_partition(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_array_range(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_array_unique(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_base64_decode(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_base64_encode(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_format(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_hash(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_json_merge(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_json_to_string(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_math_add(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_math_random(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_string_split(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_string_to_json(const sf_call *call, sf_value *out);
sf_status sf_intrinsic_uuid(const sf_call *call, sf_value *out);

#endif
