/*
** apply.h - functions as values, and calling them.
*/
#ifndef SF_QUERY_JSONATA_APPLY_H
#define SF_QUERY_JSONATA_APPLY_H

#include "query/jsonata/run.h"
#include "query/jsonata/signature.h"

/* Next to each kind: the fields that are valid for it. */
typedef enum jn_function_kind {
  JN_F_BUILTIN,   /* row */
  JN_F_LAMBDA,    /* node, frame, input, params, count, signature */
  JN_F_PARTIAL,   /* of: what is called; given, count: its arguments, a tail
                     block standing for each that is still missing */
  JN_F_REGEX,     /* node */
  JN_F_NEXT,      /* node, text, start: the next match of a regex */
  JN_F_TRANSFORM, /* node, frame */
  JN_F_CHAIN,     /* of, then: then(of(x)) */
  JN_F_HOST       /* row: its number; arity */
} jn_function_kind;

typedef struct jn_function {
  jn_function_kind kind;
  uint32_t row, arity;
  const jn_node *node;
  jn_frame *frame;
  jn_value input;
  const uint32_t *params; /* names */
  jn_value *given;
  uint32_t count;
  const jn_signature *signature; /* or NULL */
  jn_value of, then;
  jn_value text;
  size_t start;
  jn_value token;    /* of the last call of it by name, or undefined */
  uint32_t position; /* of that call, 0: none */
} jn_function;

/* A call at the end of a function, handed back to the loop that makes it. */
typedef struct jn_tail {
  const jn_node *call;
  jn_value input;
  jn_frame *frame;
} jn_tail;

bool jn_tail_new(jn_run *r, const jn_node *call, jn_value input,
                 jn_frame *frame, jn_value *out);

/* --- making functions (callable.c) --- */

bool jn_function_builtin(jn_run *r, int row, jn_value *out);
bool jn_function_host(jn_run *r, uint32_t number, uint32_t arity,
                      jn_value *out);
bool jn_function_lambda(jn_run *r, const jn_node *n, jn_value input,
                        jn_frame *frame, jn_value *out);
bool jn_function_regex(jn_run *r, const jn_node *n, jn_value *out);
bool jn_function_transform(jn_run *r, const jn_node *n, jn_frame *frame,
                           jn_value *out);

/* then(of(x)) */
bool jn_function_chain(jn_run *r, jn_value of, jn_value then, jn_value *out);
/* The next match of a regex. */
bool jn_function_next(jn_run *r, const jn_node *n, jn_value text, size_t start,
                      jn_value *out);
/* Some arguments are there, a tail block stands for each that is missing. */
bool jn_function_partial(jn_run *r, jn_value fn, jn_arguments args,
                         jn_value *out);

/* Is it a lambda or of the library, and no matcher or function of the host? */
bool jn_is_declared(jn_value fn);

/* How many arguments it wants. */
uint32_t jn_arity(jn_value fn);

/* --- calling (apply.c) --- */

/* Call 'fn' with the arguments (which may be changed in place).  'input' is
** the context. */
bool jn_apply(jn_run *r, jn_value fn, jn_arguments args, jn_value input,
              jn_frame *frame, jn_value *out);

/* The arguments of a call, with room for 'ahead' before them. */
bool jn_eval_arguments(jn_run *r, const jn_node *n, jn_value input,
                       jn_frame *frame, size_t ahead, jn_arguments *out);

/* A function knows where it was called last, and so does its fault: also one
** that comes from a call within, in the reference as here. */
void jn_mark_call(jn_value fn, jn_value token, uint32_t position);

/* Call back with as many of the three as the function wants (at least one). */
bool jn_call_back(jn_run *r, jn_value fn, jn_frame *frame, jn_value a,
                  jn_value b, jn_value c, jn_value *out);

#endif
