/*
** template.h - payload templates: a JSON value with expressions in it.  In a
** JSONPath state they stand in members whose name ends in ".$"; in a JSONata
** state they are the texts "{% ... %}", wherever they stand.  Compiled at load
** into steps that share all constant parts with the definition; evaluating makes
** only what depends on expressions.
*/
#ifndef SF_QUERY_TEMPLATE_H
#define SF_QUERY_TEMPLATE_H

#include "query/expr.h"

typedef struct sf_template sf_template;

/* What is wrong inside a template, told to the loader, which knows the rest.
** All texts borrowed for the call. */
typedef struct sf_template_fault {
  const char *pointer; /* RFC 6901, from the template's root to the member
                          ("" is the root): "/a/b.$" */
  sf_value key;        /* the member's name as written, "b.$"; SF_ABSENT: the
                          fault is in an element, or in the root */
  sf_value text;       /* the expression's, as written; SF_ABSENT: none */
  sf_error error;      /* SYNTAX, LIMIT: not an expression (offset: in its
                          text); TYPE: not a text; STATE: "b" beside "b.$" */
} sf_template_fault;

typedef void (*sf_template_report)(void *ud, const sf_template_fault *fault);

typedef enum sf_template_kind {
  SF_TEMPLATE_JSONPATH,
  SF_TEMPLATE_JSONATA
} sf_template_kind;

/* Compile 'source' (borrowed; constant parts are retained).  Every fault goes
** to 'report'; with any, *out is NULL and SF_ERR_SYNTAX comes back.  Paths come
** from 'cache', which may be NULL. */
sf_status sf_template_new(const sf_alloc *mem, sf_path_cache *cache,
                          sf_template_kind kind, sf_value source,
                          sf_template_report report, void *ud,
                          sf_template **out, sf_error *err);
void sf_template_free(sf_template *t); /* NULL is fine */

/* Calls 'visit' for each expression in it; 'at' is what sf_template_pointer
** asks for. */
void sf_template_visit(const sf_template *t,
                       void (*visit)(void *ud, const sf_expr *e, size_t at),
                       void *ud);

/* Where that expression stands: RFC 6901 from the template's root, owned text.
** SF_ABSENT: no memory.  Slow: for those who have a fault to tell. */
sf_value sf_template_pointer(const sf_template *t, size_t at);

/* The expression that the whole template is, borrowed; NULL when it is more. */
const sf_expr *sf_template_expr(const sf_template *t);

/* Where an evaluation failed: the member's name as written ("b.$") and the
** expression's text.  Borrowed from the template. */
typedef struct sf_template_place {
  sf_value key;
  sf_value
    path; /* JSONata: "a/b", the names down to it; SF_ABSENT at the root */
  const sf_expr *expr;
} sf_template_place;

/* Evaluate.  On SF_OK *out is owned; in JSONPath literal members come first, then
** the ".$" ones, each group in the order of the source.  On failure 'err' is that of
** the expression and *place says which; place->expr is NULL when no expression
** is at fault (memory, depth, budget). */
sf_status sf_template_eval(const sf_template *t, const sf_env *env,
                           sf_value *out, sf_template_place *place,
                           sf_error *err);

#endif
