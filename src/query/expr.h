/*
** expr.h - an expression as the fields of states hold it.  In a JSONPath state: a
** Path on the input ('$.a'), on the context object ('$$.Execution.Id') or on a
** variable ('$order.id'), or a call of an intrinsic function
** ("States.Format('{}', $.a)").  In a JSONata state: what stands between "{%" and
** "%}".  Compiled at load, evaluated against an sf_env.
*/
#ifndef SF_QUERY_EXPR_H
#define SF_QUERY_EXPR_H

#include "query/env.h"
#include "query/path_cache.h"

typedef enum sf_expr_kind {
  SF_EXPR_INPUT,    /* a Path on '$' */
  SF_EXPR_CONTEXT,  /* a Path on '$$' */
  SF_EXPR_VARIABLE, /* a Path on a variable */
  SF_EXPR_CALL,     /* an intrinsic function */
  SF_EXPR_JSONATA
} sf_expr_kind;

#define SF_EXPR_NESTING_MAX 10 /* intrinsic calls inside one another */

typedef struct sf_expr sf_expr;

/* Compile text[0..len).  The kind follows from the text: '$$', '$.', '$[',
** '$' alone, '$name', or a name followed by '('.  SF_ERR_SYNTAX otherwise, also
** for the wrong number of arguments; SF_ERR_LIMIT when the text is too long or
** calls are nested too deep.  Paths come from 'cache', which may be NULL. */
sf_status sf_expr_new(const sf_alloc *mem, sf_path_cache *cache,
                      const char *text, size_t len, sf_expr **out,
                      sf_error *err);
void sf_expr_free(sf_expr *e); /* NULL is fine */

/* Is the text one that a JSONata state evaluates: "{% ... %}", with nothing
** outside? */
bool sf_expr_is_jsonata(sf_value text);

/* Compile such a text.  sf_expr_text is what stands inside, trimmed.
** SF_ERR_SYNTAX: err->code and err->message are JSONata's. */
sf_status sf_expr_new_jsonata(const sf_alloc *mem, sf_value text, sf_expr **out,
                              sf_error *err);

sf_expr_kind sf_expr_what(const sf_expr *e);
const char *sf_expr_text(const sf_expr *e); /* terminated; borrowed */

/* The compiled path (of a Path kind; relative to its root), borrowed; NULL for
** a call. */
const sf_path *sf_expr_path(const sf_expr *e);

/* Names of the variables it reads, each passed to 'visit' once. */
void sf_expr_variables(const sf_expr *e, void (*visit)(void *ud, sf_value name),
                       void *ud);

/* Can the place take it where a Reference Path is wanted? */
bool sf_expr_is_reference(const sf_expr *e);

/* The JSONata expression, for checks at load; NULL for other kinds. */
const struct sf_jsonata *sf_expr_jsonata(const sf_expr *e);

/* Evaluate a JSONata expression.  On SF_OK *out is owned.  SF_ERR_NOT_FOUND: the
** result is undefined; SF_ERR_TYPE: it is a function; SF_ERR_EVALUATE: err->code
** and err->message are JSONata's; SF_ERR_LIMIT: too much work or memory.
**
** Evaluate one of the other kinds.  On SF_OK *out is owned.  SF_ERR_NOT_FOUND: a definite path names
** nothing (message as Jayway words it; in a call err->offset is where the path
** begins in the text); SF_ERR_EVALUATE: an intrinsic failed, and err->message is
** what AWS appends after "There was an error while evaluating the intrinsic
** function: ": the call's text, a full stop and the reason. */
sf_status sf_expr_eval(const sf_expr *e, const sf_env *env, sf_value *out,
                       sf_error *err);

/* Quick way for plain member paths: the node borrowed from env or one of its
** values, without counting.  SF_ABSENT when it is not that simple or there is
** nothing: then use sf_expr_eval. */
sf_value sf_expr_peek(const sf_expr *e, const sf_env *env);

#endif
