/*
** jsonata.h - JSONata: expressions compiled once and evaluated against values.
**
** Ownership: an sf_jsonata is immutable and counted; it keeps no pointer into
** the text.  Values that an environment hands out are borrowed and must stay
** alive until the evaluation returns; what an evaluation gives is owned.
**
** Failure: as everywhere, a status and an error; err->code is JSONata's code
** ("S0202", "T1006", "D3030" ...), err->message its text without the code,
** err->offset the byte offset in the expression.  The error's token is in the
** sf_jsonata_fault.
**
** No clock and no randomness: both come with the environment.
*/
#ifndef SF_QUERY_JSONATA_JSONATA_H
#define SF_QUERY_JSONATA_JSONATA_H

#include "base/timestamp.h"
#include "base/value.h"
#include "query/budget.h"

#define SF_JSONATA_LENGTH_MAX  1048576 /* bytes of an expression */
#define SF_JSONATA_NESTING_MAX 200     /* levels of an expression's text */
#define SF_JSONATA_TOKEN_MAX   64

typedef enum sf_jsonata_dialect {
  SF_JSONATA_2_2, /* the language of today */
  SF_JSONATA_AWS  /* 2.0.6 with the functions that Step Functions adds */
} sf_jsonata_dialect;

typedef struct sf_jsonata sf_jsonata;

/* An error, with what it says beyond sf_error. */
typedef struct sf_jsonata_fault {
  sf_error error;
  size_t position; /* UTF-16 units, as the reference counts; or SF_NO_OFFSET */
  char token[SF_JSONATA_TOKEN_MAX]; /* cut; empty when there is none */
} sf_jsonata_fault;

/* Compile text[0..len).  On SF_OK the caller owns *out (one reference).
** SF_ERR_SYNTAX otherwise, or SF_ERR_NOMEM. */
sf_status sf_jsonata_new(const sf_alloc *mem, const char *text, size_t len,
                         sf_jsonata_dialect dialect, sf_jsonata **out,
                         sf_jsonata_fault *fault);

void sf_jsonata_release(sf_jsonata *expr); /* NULL is fine */

/* Static checks: a name or root that the expression mentions. */
typedef struct sf_jsonata_use {
  sf_value name;   /* "" for $, "$" for $$, else a variable; borrowed */
  sf_value member; /* the name of the step behind it, or SF_ABSENT; borrowed */
  size_t offset;   /* bytes */
  bool is_call;    /* it is called: $name(...) */
  bool is_local; /* a binding or parameter of that name is in the expression */
  bool is_function; /* the function library has one of that name */
} sf_jsonata_use;

/* All uses of variables, in the order of the text: borrowed. */
const sf_jsonata_use *sf_jsonata_uses(const sf_jsonata *expr, size_t *count);

/* The function library of a dialect, by number from 0: the name, "" for one that
** this dialect does not have, NULL past the end. */
const char *sf_jsonata_function_name(sf_jsonata_dialect dialect, size_t i);

/* What a variable is bound to outside of the expression. */
typedef struct sf_jsonata_binding {
  sf_value value;    /* borrowed; SF_ABSENT: not bound, unless: */
  uint32_t function; /* not 0: a function of the host, by its number */
  uint32_t arity;    /* how many arguments it wants from $map and the like */
} sf_jsonata_binding;

typedef struct sf_jsonata_limits {
  uint32_t depth;    /* nested evaluations; 0: the default */
  uint32_t sequence; /* elements of one array; 0: the default */
  uint32_t text;     /* UTF-16 units of one text; 0: what memory holds */
  size_t memory;     /* bytes of one evaluation; 0: the default */
} sf_jsonata_limits;

#define SF_JSONATA_DEPTH     2000 /* the defaults */
#define SF_JSONATA_DEPTH_MAX 3000 /* what 'depth' may be at most */
#define SF_JSONATA_SEQUENCE  10000000
#define SF_JSONATA_MEMORY    ((size_t)256 << 20)

typedef struct sf_jsonata_env {
  const sf_alloc *mem;
  sf_budget *budget;
  void *host;  /* given back to the functions below */
  sf_time now; /* of $now and $millis */
  sf_jsonata_limits limits;
  /* The variable of that name (a string without '$').  NULL: there are none. */
  sf_jsonata_binding (*variable)(void *host, sf_value name);
  /* Call a function of the host.  Arguments are borrowed; on SF_OK *out is
  ** owned (SF_ABSENT: undefined), otherwise *err is filled.  May be NULL. */
  sf_status (*call)(void *host, uint32_t function, const sf_value *args,
                    size_t count, sf_value *out, sf_error *err);
  /* The next 64 random bits.  NULL: $random and its like are errors. */
  uint64_t (*random)(void *host);
} sf_jsonata_env;

/* Evaluate against 'input' (borrowed; SF_ABSENT: undefined).  On SF_OK *out is
** owned; SF_ABSENT is JSONata's undefined, and *is_function (may be NULL) tells
** that the result was a function, which has no value.
** SF_ERR_EVALUATE: the expression failed.  SF_ERR_LIMIT: code U1001. */
sf_status sf_jsonata_evaluate(const sf_jsonata *expr, const sf_jsonata_env *env,
                              sf_value input, sf_value *out, bool *is_function,
                              sf_jsonata_fault *fault);

#endif
