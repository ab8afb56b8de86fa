/*
** lexer.h - the tokens of an expression, one at a time, because '/' begins a
** regular expression only where an operand may stand.
*/
#ifndef SF_QUERY_JSONATA_LEXER_H
#define SF_QUERY_JSONATA_LEXER_H

#include "query/jsonata/dialect.h"
#include "query/jsonata/fault.h"

/* The operators of one character are their own number. */
typedef enum jn_token_kind {
  JN_T_END = 0,
  JN_T_NAME = 256,
  JN_T_VARIABLE,
  JN_T_STRING,
  JN_T_NUMBER,
  JN_T_TRUE,
  JN_T_FALSE,
  JN_T_NULL,
  JN_T_REGEX,
  JN_T_RANGE,         /* .. */
  JN_T_BIND,          /* := */
  JN_T_UNEQUAL,       /* != */
  JN_T_LESS_EQUAL,    /* <= */
  JN_T_GREATER_EQUAL, /* >= */
  JN_T_DESCENDANT,    /* ** */
  JN_T_APPLY,         /* ~> */
  JN_T_DEFAULT,       /* ?: */
  JN_T_COALESCE,      /* ?? */
  JN_T_AND,
  JN_T_OR,
  JN_T_IN
} jn_token_kind;

typedef struct jn_token {
  int kind;
  uint32_t position; /* bytes up to its end */
  jn_bytes text;     /* the operator, name, variable without '$', pattern of the
                        regex, number, or what a string says; borrowed from the
                        source or the arena */
  double number;
  bool caseless, multiline; /* of a regex */
} jn_token;

typedef struct jn_lexer {
  const char *text, *at, *end;
  const jn_dialect *dialect;
  jn_arena *arena; /* strings with escapes lie here */
  jn_fault *fault;
} jn_lexer;

/* The next token.  'infix': a '/' is an operator.  False: the fault is set. */
bool jn_lexer_next(jn_lexer *l, bool infix, jn_token *out);

#endif
