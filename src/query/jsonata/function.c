/*
** function.c - the table of the function library.
*/
#include "query/jsonata/function.h"

#include <string.h>

#include "query/jsonata/dialect.h"
#include "query/jsonata/text.h"

/* Parameters, spelled as signatures spell them. */
#define P_S                                                                    \
  { JN_S | JN_M, 0, 0, false }
#define P_S_                                                                   \
  { JN_S | JN_M, JN_CONTEXT, 0, false }
#define P_SQ                                                                   \
  { JN_S | JN_M, JN_OPTIONAL, 0, false }
#define P_N                                                                    \
  { JN_N | JN_M, 0, 0, false }
#define P_N_                                                                   \
  { JN_N | JN_M, JN_CONTEXT, 0, false }
#define P_NQ                                                                   \
  { JN_N | JN_M, JN_OPTIONAL, 0, false }
#define P_B                                                                    \
  { JN_B | JN_M, 0, 0, false }
#define P_BQ                                                                   \
  { JN_B | JN_M, JN_OPTIONAL, 0, false }
#define P_O_                                                                   \
  { JN_O | JN_M, JN_CONTEXT, 0, false }
#define P_OQ                                                                   \
  { JN_O | JN_M, JN_OPTIONAL, 0, false }
#define P_F                                                                    \
  { JN_F, 0, 0, false }
#define P_FQ                                                                   \
  { JN_F, JN_OPTIONAL, 0, false }
#define P_SF                                                                   \
  { JN_S | JN_F | JN_M, 0, 0, false }
#define P_NSB                                                                  \
  { JN_N | JN_S | JN_B | JN_M, JN_CONTEXT, 0, false }
#define P_OA_                                                                  \
  { JN_O | JN_A | JN_M, JN_CONTEXT, 0, false }
#define P_A                                                                    \
  { JN_X, JN_WRAPPED, 0, false }
#define P_AP                                                                   \
  { JN_X, JN_WRAPPED | JN_REPEATED, 0, false }
#define P_AN                                                                   \
  { JN_X, JN_WRAPPED, JN_N, false }
#define P_AS                                                                   \
  { JN_X, JN_WRAPPED, JN_S, false }
#define P_AO                                                                   \
  { JN_X, JN_WRAPPED, JN_O, false }
#define P_X                                                                    \
  { JN_X, 0, 0, false }
#define P_X_                                                                   \
  { JN_X, JN_CONTEXT, 0, false }
#define P_XQ                                                                   \
  { JN_X, JN_OPTIONAL, 0, false }
#define P_JQ                                                                   \
  { JN_J, JN_OPTIONAL, 0, false }

static const jn_row rows[] = {
  {"sum", JN_CORE, 1, 1, {P_AN}, jn_fn_sum},
  {"count", JN_CORE, 1, 1, {P_A}, jn_fn_count},
  {"max", JN_CORE, 1, 1, {P_AN}, jn_fn_max},
  {"min", JN_CORE, 1, 1, {P_AN}, jn_fn_min},
  {"average", JN_CORE, 1, 1, {P_AN}, jn_fn_average},
  {"string", JN_CORE, 2, 1, {P_X_, P_BQ}, jn_fn_string},
  {"substring", JN_CORE, 3, 3, {P_S_, P_N, P_NQ}, jn_fn_substring},
  {"substringBefore", JN_CORE, 2, 2, {P_S_, P_S}, jn_fn_substring_before},
  {"substringAfter", JN_CORE, 2, 2, {P_S_, P_S}, jn_fn_substring_after},
  {"lowercase", JN_CORE, 1, 1, {P_S_}, jn_fn_lowercase},
  {"uppercase", JN_CORE, 1, 1, {P_S_}, jn_fn_uppercase},
  {"length", JN_CORE, 1, 1, {P_S_}, jn_fn_length},
  {"trim", JN_CORE, 1, 1, {P_S_}, jn_fn_trim},
  {"pad", JN_CORE, 3, 3, {P_S_, P_N, P_SQ}, jn_fn_pad},
  {"match", JN_CORE, 3, 3, {P_S_, P_F, P_NQ}, jn_fn_match},
  {"contains", JN_CORE, 2, 2, {P_S_, P_SF}, jn_fn_contains},
  {"replace", JN_CORE, 4, 4, {P_S_, P_SF, P_SF, P_NQ}, jn_fn_replace},
  {"split", JN_CORE, 3, 3, {P_S_, P_SF, P_NQ}, jn_fn_split},
  {"join", JN_CORE, 2, 2, {P_AS, P_SQ}, jn_fn_join},
  {"formatNumber", JN_CORE, 3, 3, {P_N_, P_S, P_OQ}, jn_fn_format_number},
  {"formatBase", JN_CORE, 2, 2, {P_N_, P_NQ}, jn_fn_format_base},
  {"formatInteger", JN_CORE, 2, 2, {P_N_, P_S}, jn_fn_format_integer},
  {"parseInteger", JN_CORE, 2, 2, {P_S_, P_S}, jn_fn_parse_integer},
  {"number", JN_CORE, 1, 1, {P_NSB}, jn_fn_number},
  {"floor", JN_CORE, 1, 1, {P_N_}, jn_fn_floor},
  {"ceil", JN_CORE, 1, 1, {P_N_}, jn_fn_ceil},
  {"round", JN_CORE, 2, 2, {P_N_, P_NQ}, jn_fn_round},
  {"abs", JN_CORE, 1, 1, {P_N_}, jn_fn_abs},
  {"sqrt", JN_CORE, 1, 1, {P_N_}, jn_fn_sqrt},
  {"power", JN_CORE, 2, 2, {P_N_, P_N}, jn_fn_power},
  {"random", JN_RANDOM, 0, 0, {P_N}, jn_fn_random},
  {"random", JN_AWS, 1, 0, {P_NQ}, jn_fn_aws_random},
  {"boolean", JN_CORE, 1, 1, {P_X_}, jn_fn_boolean},
  {"not", JN_CORE, 1, 1, {P_X_}, jn_fn_not},
  {"map", JN_CORE, 2, 2, {P_A, P_F}, jn_fn_map},
  {"zip", JN_CORE, 1, 0, {P_AP}, jn_fn_zip},
  {"filter", JN_CORE, 2, 2, {P_A, P_F}, jn_fn_filter},
  {"single", JN_CORE, 2, 2, {P_A, P_FQ}, jn_fn_single},
  {"reduce", JN_CORE, 3, 3, {P_A, P_F, P_JQ}, jn_fn_reduce},
  {"sift", JN_CORE, 2, 2, {P_O_, P_FQ}, jn_fn_sift},
  {"keys", JN_CORE, 1, 1, {P_X_}, jn_fn_keys},
  {"lookup", JN_CORE, 2, 2, {P_X_, P_S}, jn_fn_lookup},
  {"append", JN_CORE, 2, 2, {P_X, P_X}, jn_fn_append},
  {"exists", JN_CORE, 1, 1, {P_X}, jn_fn_exists},
  {"spread", JN_CORE, 1, 1, {P_X_}, jn_fn_spread},
  {"merge", JN_CORE, 1, 1, {P_AO}, jn_fn_merge},
  {"reverse", JN_CORE, 1, 1, {P_A}, jn_fn_reverse},
  {"each", JN_CORE, 2, 2, {P_O_, P_F}, jn_fn_each},
  {"error", JN_CORE, 1, 1, {P_SQ}, jn_fn_error},
  {"assert", JN_CORE, 2, 2, {P_B, P_SQ}, jn_fn_assert},
  {"type", JN_CORE, 1, 1, {P_X}, jn_fn_type},
  {"sort", JN_CORE, 2, 2, {P_A, P_FQ}, jn_fn_sort},
  {"shuffle", JN_CORE, 1, 1, {P_A}, jn_fn_shuffle},
  {"distinct", JN_CORE, 1, 1, {P_X}, jn_fn_distinct},
  {"base64encode", JN_CORE, 1, 1, {P_S_}, jn_fn_base64_encode},
  {"base64decode", JN_CORE, 1, 1, {P_S_}, jn_fn_base64_decode},
  {"encodeUrlComponent", JN_CORE, 1, 1, {P_S_}, jn_fn_encode_url_component},
  {"encodeUrl", JN_CORE, 1, 1, {P_S_}, jn_fn_encode_url},
  {"decodeUrlComponent", JN_CORE, 1, 1, {P_S_}, jn_fn_decode_url_component},
  {"decodeUrl", JN_CORE, 1, 1, {P_S_}, jn_fn_decode_url},
  {"eval", JN_EVAL, 2, 2, {P_S, P_XQ}, jn_fn_eval},
  {"toMillis", JN_CORE, 2, 2, {P_S_, P_SQ}, jn_fn_to_millis},
  {"fromMillis", JN_CORE, 3, 3, {P_N_, P_SQ, P_SQ}, jn_fn_from_millis},
  {"clone", JN_CORE, 1, 1, {P_OA_}, jn_fn_clone},
  {"now", JN_CORE, 2, 2, {P_SQ, P_SQ}, jn_fn_now},
  {"millis", JN_CORE, 0, 0, {P_N}, jn_fn_millis},
  {"partition", JN_AWS, 2, 2, {P_A, P_N}, jn_fn_partition},
  {"range", JN_AWS, 3, 3, {P_N, P_N, P_N}, jn_fn_range},
  {"hash", JN_AWS, 2, 2, {P_S, P_S}, jn_fn_hash},
  {"uuid", JN_AWS, 0, 0, {P_N}, jn_fn_uuid},
  {"parse", JN_AWS, 1, 1, {P_S}, jn_fn_parse},
};

int jn_function_find(jn_bytes name, unsigned sets) {
  size_t i;
  for (i = 0; i < sizeof rows / sizeof *rows; i++)
    if ((rows[i].sets & sets) != 0 && jn_bytes_are(name, rows[i].name))
      return (int)i;
  return -1;
}

const char *sf_jsonata_function_name(sf_jsonata_dialect dialect, size_t i) {
  if (i >= sizeof rows / sizeof *rows)
    return NULL;
  return rows[i].sets & jn_dialect_of(dialect)->functions ? rows[i].name : "";
}

const jn_row *jn_function_row(uint32_t number) {
  return &rows[number];
}
