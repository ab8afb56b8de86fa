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
  sf_expr_op op;
  bool quick;     /* the path can be read without counting (sf_path_get);
                     JSONATA: it reads $states.context */
  size_t count;   /* arguments of the call */
  sf_value value; /* owned */
  sf_path *path;  /* owned */
  struct sf_jsonata *jsonata; /* owned */
  const sf_intrinsic *function;
  size_t from, to; /* where it stands in the text */
} sf_expr_step;

struct sf_expr {
  const sf_alloc *mem;
  sf_expr_step *steps;
  size_t count, capacity;
  size_t height; /* the most values that are on the stack at once */
  char *text;    /* terminated; behind this struct, in its block */
  size_t length;
};

/* An expression without steps, its text copied: SF_OK and the caller owns it. */
sf_status sf_expr_alloc(const sf_alloc *mem, const char *text, size_t len,
                        sf_expr **out, sf_error *err);

/* expr_jsonata.c: as sf_expr_variables. */
void sf_expr_jsonata_variables(const sf_expr *e,
                               void (*visit)(void *ud, sf_value name),
                               void *ud);

/* expr_jsonata.c: run the only step. */
sf_status sf_expr_run_jsonata(const sf_expr *e, const sf_env *env,
                              sf_value *out, sf_error *err);

/* Fill the steps of 'e' from its text; its other fields are set. */
sf_status sf_expr_compile(sf_expr *e, sf_error *err);

#endif
