/*
** path_eval.h - the state of one evaluation, as path_eval.c, path_filter.c and
** path_function.c share it.
**
** Nodes are borrowed from the document.  What an evaluation makes (the object
** of a multi-name step, the result of a function) lies in 'made' until the end
** of the filter test or the evaluation that made it.
*/
#ifndef SF_QUERY_PATH_EVAL_H
#define SF_QUERY_PATH_EVAL_H

#include "query/path_program.h"

#define SF_EVAL_FRAMES_MAX 1000 /* calls of the evaluator inside one another */

/* How a piece of the work ended. */
typedef enum sf_outcome {
  RUN_ON,
  RUN_STOP,    /* the sink has what it wants */
  RUN_MISSING, /* AWS: a definite path leads nowhere; e->fault says how */
  RUN_REFUSED, /* AWS: a filter or operator on the wrong kind of value: the
                  element tested is not taken */
  RUN_RANGE,   /* AWS: a function's index is out of range: the array above goes
                  on to its next element */
  RUN_FAILED   /* e->err is filled */
} sf_outcome;

typedef enum sf_sink { SINK_NODES, SINK_ANY, SINK_COUNT, SINK_PLACES } sf_sink;

typedef enum sf_fault_kind {
  FAULT_NOTHING,  /* no results for the path */
  FAULT_PROPERTY, /* a member in the middle is missing */
  FAULT_NO_OBJECT,
  FAULT_NO_ARRAY,
  FAULT_SCALAR /* a filter on a scalar */
} sf_fault_kind;

/* A container in the middle of being scanned. */
typedef struct sf_level {
  sf_value v;
  size_t next; /* the child to look at next */
} sf_level;

typedef enum sf_operand_kind {
  OPERAND_NOTHING, /* "undefined" */
  OPERAND_VALUE,
  OPERAND_LIST, /* the nodes of an indefinite path: e->nodes[first..] */
  OPERAND_REGEX
} sf_operand_kind;

typedef struct sf_operand {
  sf_operand_kind kind;
  bool literal;
  sf_value v;
  sf_value text; /* of a literal number, as it was written */
  size_t first, count;
  sf_regex *regex;
} sf_operand;

/* Where a step last found its member. */
typedef struct sf_hint {
  size_t at;
  const void *key; /* identity */
} sf_hint;

typedef struct sf_eval {
  const sf_path *path;
  const sf_rules *rules;
  const sf_step *steps;
  const sf_node *node_table;
  sf_value root;
  sf_budget *budget;
  sf_error *err;
  const sf_alloc *mem;

  sf_sink sink;
  size_t found;  /* counted for SINK_ANY and SINK_COUNT */
  bool required; /* every property must be there (tests of existence) */
  unsigned frames;

  sf_value *nodes; /* borrowed values */
  size_t node_count, node_capacity;
  sf_value *made; /* owned values */
  size_t made_count, made_capacity;
  sf_value *trail; /* where the evaluator is, for SINK_PLACES: names, indices */
  size_t trail_count, trail_capacity;
  sf_level *levels; /* of the scans that are going on */
  size_t level_count, level_capacity;
  sf_operand *kept; /* results of '$' queries inside filters, by slot */
  sf_regex *regex;  /* the last pattern that came from the document */
  sf_regex_kind regex_kind;
  sf_value regex_text; /* owned */

  sf_fault_kind fault;
  const sf_step *fault_step;
  const sf_node *fault_query; /* the query it is a step of */
  sf_value fault_value;

  sf_hint hints[SF_PATH_HINTS];
} sf_eval;

/* Begin and end.  After a failure 'err' is filled by sf_eval_report. */
void sf_eval_init(sf_eval *e, const sf_path *path, sf_value root,
                  sf_budget *budget, sf_error *err);
void sf_eval_clear(sf_eval *e);

/* Run the query at 'node' on 'v' into the sink. */
sf_outcome sf_eval_query(sf_eval *e, uint32_t node, sf_value v);

/* The same into e->nodes; *first is where they begin. */
sf_outcome sf_eval_nodes(sf_eval *e, uint32_t node, sf_value v, size_t *first);

/* The one value that a definite query gives: the last found, RUN_MISSING when
** there is none. */
sf_outcome sf_eval_value(sf_eval *e, uint32_t node, sf_value v, sf_value *out);

/* Draw from the budget. */
sf_outcome sf_eval_exhausted(sf_eval *e);

static inline sf_outcome sf_eval_work(sf_eval *e, size_t steps) {
  return sf_budget_take(e->budget, steps) ? RUN_ON : sf_eval_exhausted(e);
}

/* Keep a value that was made (consumed) until it is swept. */
sf_outcome sf_eval_keep(sf_eval *e, sf_value v);
void sf_eval_sweep(sf_eval *e, size_t mark);

sf_outcome sf_eval_nomem(sf_eval *e);
sf_outcome sf_eval_too_much(sf_eval *e, const char *what); /* SF_ERR_LIMIT */
sf_outcome sf_eval_missing(sf_eval *e, sf_fault_kind fault, const sf_step *s,
                           sf_value v);

/* The status and text for an outcome other than RUN_ON and RUN_STOP. */
sf_status sf_eval_report(sf_eval *e, sf_outcome out);

#endif
