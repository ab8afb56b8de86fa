/*
** path_program.h - a compiled path, as the files of path.h share it.
**
** A query is a chain of steps; a filter is a tree of nodes.  Both lie in two
** arrays and name one another by position, so that a program is a handful of
** blocks.  steps[0] and nodes[0] are there for the position 0, "none".
*/
#ifndef SF_QUERY_PATH_PROGRAM_H
#define SF_QUERY_PATH_PROGRAM_H

#include "query/dialect.h"
#include "query/path_regex.h"

/* Steps at which the evaluator calls itself: all but names and indices. */
#define SF_PATH_BRANCHES_MAX 500

#define SF_PATH_HINTS 16

/* ORDER STEP: runners in path_eval.c */
typedef enum sf_step_kind {
  STEP_END,      /* what comes here is found */
  STEP_NAME,     /* u.name */
  STEP_INDEX,    /* u.slice.from */
  STEP_NAMES,    /* u.list: several names at once, in values[] */
  STEP_SLICE,    /* u.slice */
  STEP_WILDCARD, /* - */
  STEP_FILTER,   /* u.node */
  STEP_UNION,    /* u.list.first: a selector, others by 'sibling' */
  STEP_SCAN,     /* -: the next step is applied here and everywhere below */
  STEP_CALL      /* u.call */
} sf_step_kind;

typedef struct sf_slice {
  int64_t from, to, step;
  bool has_from, has_to;
} sf_slice;

typedef struct sf_step {
  uint8_t kind;
  bool definite; /* selects at most one child */
  bool upstream; /* all steps before it are definite */
  uint8_t hint;  /* where the evaluator keeps its hint */
  uint32_t next;
  uint32_t sibling; /* in a union: the next selector */
  union {
    sf_value name; /* owned */
    sf_slice slice;
    uint32_t node;
    struct {
      uint32_t first, count;
    } list;
    struct {
      const struct sf_function *function;
      uint32_t args; /* a node, others by 'right' */
    } call;
  } u;
} sf_step;

typedef enum sf_node_kind {
  NODE_NONE,
  NODE_OR,      /* left, right */
  NODE_AND,     /* left, right */
  NODE_NOT,     /* left */
  NODE_EXISTS,  /* left: a query */
  NODE_COMPARE, /* left, right, u.operator */
  NODE_QUERY,   /* u.query */
  NODE_LITERAL, /* u.value: a position in values[]; left: of its text, if it
                   is a number of the AWS dialect */
  NODE_REGEX,   /* u.value: a position in regexes[] */
  NODE_CALL     /* left: the first argument, u.function */
} sf_node_kind;

typedef struct sf_node {
  uint8_t kind;
  uint32_t left, right; /* of an argument: 'right' is the next one */
  union {
    const struct sf_operator *operator;
    const struct sf_function *function;
    uint32_t value;
    struct {
      uint32_t first; /* step */
      uint32_t slot;  /* where its result is kept for one evaluation; 0: not */
      bool from_root; /* '$', not '@' */
      bool definite;
      bool singular; /* names and indices only */
      bool is_call;  /* its last step is a function */
    } query;
  } u;
} sf_node;

struct sf_path {
  const sf_alloc *mem;
  uint32_t refs;
  const sf_rules *rules;
  const char *text; /* terminated */
  size_t length;
  uint32_t main; /* the node of the path itself, a NODE_QUERY */
  uint32_t slots;
  bool reference;
  const char *doubtful;
  unsigned branches;

  /* Behind this struct, in its block, as is the text. */
  sf_step *steps;
  size_t step_count;
  sf_node *nodes;
  size_t node_count;
  sf_value *values; /* owned */
  size_t value_count;
  sf_regex **regexes; /* owned */
  size_t regex_count;
};

#endif
