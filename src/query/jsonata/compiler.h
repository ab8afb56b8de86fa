/*
** compiler.h - what the passes from text to tree share: memory, names, values
** to keep, the fault.  One compiler makes one expression; $eval makes another
** within an evaluation, whose names go on from those of the expression.
*/
#ifndef SF_QUERY_JSONATA_COMPILER_H
#define SF_QUERY_JSONATA_COMPILER_H

#include "query/jsonata/ast.h"
#include "query/jsonata/dialect.h"
#include "query/jsonata/fault.h"

#define JN_HEIGHT_MAX 1000 /* levels of a tree */
#define JN_ROOT_NAME  1    /* the number of '$' (as in $$); names begin here */

/* Variables by number. */
typedef struct jn_names {
  const struct jn_names *outer; /* or NULL */
  jn_object *numbers;           /* text -> number */
  uint32_t next;                /* the next number to give */
} jn_names;

/* Values whose references go when their owner goes. */
typedef struct jn_kept {
  jn_arena *arena;
  sf_value *values;
  size_t count, capacity;
  struct jn_regex *regexes; /* a list; freed by jn_kept_clear */
} jn_kept;

typedef struct jn_compiler {
  const sf_alloc *mem;
  const jn_dialect *dialect;
  jn_arena *arena;
  jn_names *names;
  jn_kept *kept;
  jn_fault *fault;
  const char *text;
  size_t length;
} jn_compiler;

/* Consumes 'v', also on failure; false: no memory. */
bool jn_kept_add(jn_kept *k, sf_value v);
void jn_kept_clear(jn_kept *k);

/* The number of a name, new if need be; 0: no memory. */
uint32_t jn_names_number(jn_arena *a, jn_names *names, jn_value text);

/* A new node; NULL: the fault is set.  Children are linked by the caller with
** jn_node_holds, which is false (and the fault set) when the tree is too high.
*/
jn_node *jn_node_new(jn_compiler *c, jn_kind kind, uint32_t position);
bool jn_node_holds(jn_compiler *c, jn_node *n, const jn_node *child);

/* The sign of an operator. */
const char *jn_op_text(jn_op op);

/* The token of a node that is no name or literal; NULL when it has none.
** 'parsed': as the parser leaves it; some lose theirs when annotated. */
const char *jn_node_text(const jn_node *n, bool parsed);

/* Append to the items of a node. */
bool jn_node_push(jn_compiler *c, jn_node *n, jn_node *item);

/* The tree of c->text as it was written, then as it is evaluated.  NULL: the
** fault is set. */
jn_node *jn_parse(jn_compiler *c);
jn_node *jn_annotate(jn_compiler *c, jn_node *tree);

/* Both, and the fault's position set. */
jn_node *jn_compile(jn_compiler *c);

#endif
