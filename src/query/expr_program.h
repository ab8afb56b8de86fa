/*
** expr_program.h - the compiled form of an expression: a program for a stack of
** values, written by expr_compile.c and run by expr.c.  For no other eyes.
**
** A Path is a program of one step.  A call has its arguments before it, so that
** its values are the topmost ones: States.MathAdd($.i, 1) is
** INPUT $.i, CONSTANT 1, CALL States.MathAdd 2.
*/
#ifndef SF_QUERY_EXPR_PROGRAM_H
#define SF_QUERY_EXPR_PROGRAM_H

#include "query/expr.h"
#include "query/intrinsic.h"

typedef enum sf_expr_op {
  SF_OP_INPUT,    /* path: of '$' */
  SF_OP_CONTEXT,  /* path: of '$$' */
  SF_OP_VARIABLE, /* path: of the variable 'value' */
  SF_OP_CONSTANT, /* value */
  SF_OP_CALL,     /* function, count */
  SF_OP_JSONATA   /* jsonata: the only step of its program */
} sf_expr_op;

typedef struct sf_expr_step {
  uint8_t op;        /* sf_expr_op */
  bool quick;        /* the path can be read without counting (sf_path_get);
                        JSONATA: it reads $states.context */
  uint32_t count;    /* arguments of the call */
  uint32_t from, to; /* where it stands in the text */
  sf_value value;    /* owned */
  sf_path *path;     /* owned */
  struct sf_jsonata *jsonata; /* owned */
  const sf_intrinsic *function;
} sf_expr_step;

struct sf_expr {
  const sf_alloc *mem;
  sf_expr_step *steps; /* behind this struct, in its block, as is the text */
  size_t count;
  size_t height;    /* the most values that are on the stack at once */
  const char *text; /* terminated */
  size_t length;
};

/* Begin a draft: 'text' is borrowed, there are no steps. */
sf_status sf_expr_draft(sf_expr *draft, const sf_alloc *mem, const char *text,
                        size_t len, sf_error *err);

/* The draft as it stays, in one block: takes over what its steps own.  On
** failure they are cleared; the draft's array of steps is the caller's. */
sf_status sf_expr_settle(sf_expr *draft, sf_expr **out, sf_error *err);

/* expr_jsonata.c: as sf_expr_variables. */
void sf_expr_jsonata_variables(const sf_expr *e,
                               void (*visit)(void *ud, sf_value name),
                               void *ud);

/* expr_jsonata.c: run the only step. */
sf_status sf_expr_run_jsonata(const sf_expr *e, const sf_env *env,
                              sf_value *out, sf_error *err);

/* Fill the steps of a draft from its text: an array of *capacity steps, the
** caller's, also on failure. */
sf_status sf_expr_compile(sf_expr *draft, sf_path_cache *cache,
                          size_t *capacity, sf_error *err);

#endif
