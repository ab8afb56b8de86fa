/*
** signature.h - what a function takes: <s-nn?:s>.  A signature checks the
** arguments of a call, puts the context in where the first is missing, and
** makes arrays of single values where an array is wanted.
*/
#ifndef SF_QUERY_JSONATA_SIGNATURE_H
#define SF_QUERY_JSONATA_SIGNATURE_H

#include "query/jsonata/fault.h"

#define JN_PARAMS_MAX 32

/* Types of arguments, as bits; JN_M stands for undefined. */
enum {
  JN_S = 1,
  JN_N = 2,
  JN_B = 4,
  JN_L = 8,
  JN_O = 16,
  JN_A = 32,
  JN_F = 64,
  JN_M = 128,
  JN_J = JN_A | JN_S | JN_N | JN_B | JN_L | JN_O | JN_M, /* any JSON */
  JN_X = JN_J | JN_F                                     /* anything */
};

/* What else is said of a parameter. */
enum {
  JN_CONTEXT = 1,  /* '-' the context stands in when it is missing */
  JN_OPTIONAL = 2, /* '?' */
  JN_REPEATED = 4, /* '+' */
  JN_WRAPPED = 8   /* 'a' anything else becomes an array of one */
};

typedef struct jn_param {
  unsigned char types, flags;
  unsigned char of; /* the type of an array's elements, 0: any */
  bool of_more;     /* the subtype is more than one letter */
} jn_param;

typedef struct jn_signature {
  size_t count;
  jn_param params[JN_PARAMS_MAX];
} jn_signature;

typedef struct jn_arguments {
  jn_value *at;
  size_t count;
} jn_arguments;

/* Parse text[0..len), '<' first.  NULL: the fault is set, and *offset is that
** of the place in the text. */
const jn_signature *jn_signature_parse(jn_arena *a, const char *text,
                                       size_t len, size_t *offset,
                                       jn_fault *fault);

/* Check *args against the parameters and make them what the function expects:
** in place, or in a new array of the arena.  'repeats': see
** jn_dialect.plus_repeats. */
bool jn_signature_apply(jn_arena *a, const jn_param *params, size_t count,
                        bool repeats, jn_value context, jn_arguments *args,
                        jn_fault *fault);

#endif
