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
  SF_OP_CALL      /* function, count */
} sf_expr_op;

typedef struct sf_expr_step {
  sf_expr_op op;
  bool quick;     /* the path can be read without counting (sf_path_get) */
  size_t count;   /* arguments of the call */
  sf_value value; /* owned */
  sf_path *path;  /* owned */
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

/* Fill the steps of 'e' from its text; its other fields are set. */
sf_status sf_expr_compile(sf_expr *e, sf_error *err);

#endif
