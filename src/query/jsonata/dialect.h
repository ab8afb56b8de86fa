/*
** dialect.h - what differs between the language of today and the one that Step
** Functions documents, as a table.  Lexer, functions and pictures ask the
** table; none of them asks which dialect it is.
*/
#ifndef SF_QUERY_JSONATA_DIALECT_H
#define SF_QUERY_JSONATA_DIALECT_H

#include <stdbool.h>

#include "query/jsonata/jsonata.h"

typedef struct jn_dialect {
  sf_jsonata_dialect dialect;
  bool default_operators; /* '??' and '?:' are operators */
  unsigned functions;     /* the sets of functions that there are */

  bool integers_whole;   /* $string keeps all digits of an integer */
  bool functions_truthy; /* a function counts as true */
  bool plus_repeats; /* what '+' matched in a signature is the first argument
                           over and over */
  bool contains_needs_token; /* $contains of undefined is undefined */
  bool width_of_last; /* in a date picture a number takes a width only before
                           another number, and [f] is a fraction */
  const char *memory_over; /* what ends an evaluation that takes too much */
  bool sequence_is_memory; /* so does an array that is too long; else D2015 */
  bool writes_infinity;    /* what JSON has no number for becomes a text within
                           an array or object of the result, else null */
} jn_dialect;

/* Sets of functions: bits of jn_dialect.functions and of a function's row. */
enum { JN_CORE = 1, JN_EVAL = 2, JN_AWS = 4, JN_RANDOM = 8 };

/* The row of a dialect.  Static. */
const jn_dialect *jn_dialect_of(sf_jsonata_dialect dialect);

#endif
