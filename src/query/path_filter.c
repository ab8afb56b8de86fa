/*
** path_filter.c - the logical tree of a filter.  Nothing is allocated for an
** element: nodes are borrowed, and the lists that some operators want lie in a
** stack that is used again.
*/
#include "query/path_filter.h"
#include "query/path_function.h"
#include "query/path_operand.h"
#include "query/path_operator.h"
#include "query/path_walk.h"

static sf_outcome test(sf_eval *e, uint32_t node, sf_value item, bool *yes);

/* Most operands are a singular query on the element, or a literal. */
static inline sf_outcome operand(sf_eval *e, uint32_t node, sf_value item,
                                 sf_operand *out) {
  const sf_node *n = &e->node_table[node];
  bool literal = n->kind == NODE_LITERAL;
  if (!literal && (n->kind != NODE_QUERY || !n->u.query.singular))
    return sf_operand_eval(e, node, item, out);
  out->v = literal ? e->path->values[n->u.value]
                   : sf_follow(e, n, n->u.query.from_root ? e->root : item);
  out->kind = out->v.kind != SF_ABSENT ? OPERAND_VALUE : OPERAND_NOTHING;
  out->literal = literal;
  out->text = literal && n->left != 0 ? e->path->values[n->left] : sf_absent();
  return RUN_ON;
}

static sf_outcome compare(sf_eval *e, const sf_node *n, sf_value item,
                          bool *yes) {
  sf_operand left, right;
  size_t mark = e->node_count;
  sf_outcome out = operand(e, n->left, item, &left);
  if (out == RUN_ON)
    out = operand(e, n->right, item, &right);
  if (out == RUN_ON)
    out = sf_eval_work(e, 1 + sf_operator_weight(&left, &right));
  if (out == RUN_ON)
    out = n->u.operator->test(e, &left, &right, yes);
  e->node_count = mark;
  return out;
}

/* A path that may find many: is there anything?  Jayway wants every property
** on the way to exist instead, and asks the element also where it says '$'. */
static sf_outcome exists(sf_eval *e, uint32_t query, sf_value item, bool *yes) {
  const sf_node *q = &e->node_table[query];
  bool strict = e->rules->missing_fails, required = e->required;
  sf_value from = q->u.query.from_root && !strict ? e->root : item;
  size_t found = e->found;
  sf_sink sink = e->sink;
  sf_outcome out;
  if (q->u.query.singular) {
    *yes = sf_follow(e, q, from).kind != SF_ABSENT;
    return sf_eval_work(e, 1);
  }
  e->required = strict;
  e->sink = strict ? SINK_COUNT : SINK_ANY;
  e->found = 0;
  out =
    sf_eval_query(e, query, q->u.query.from_root && !strict ? e->root : item);
  *yes = out == RUN_ON && (e->found > 0 || (strict && !q->u.query.definite));
  e->required = required;
  e->sink = sink;
  e->found = found;
  return out == RUN_MISSING ? RUN_ON : out;
}

static sf_outcome call(sf_eval *e, const sf_node *n, sf_value item, bool *yes) {
  sf_value v = sf_absent();
  sf_outcome out = n->u.function->call(e, n->left, item, &v);
  *yes = v.kind == SF_BOOLEAN && v.u.boolean;
  return out;
}

static sf_outcome test_leaf(sf_eval *e, const sf_node *n, sf_value item,
                            bool *yes) {
  sf_outcome out;
  switch ((sf_node_kind)n->kind) {
    case NODE_COMPARE: return compare(e, n, item, yes);
    case NODE_EXISTS: return exists(e, n->left, item, yes);
    case NODE_CALL: return call(e, n, item, yes);
    default: /* NODE_NOT */
      out = test(e, n->left, item, yes);
      *yes = !*yes;
      return out;
  }
}

/* Rows of "&&" and "||" lean to the right: walked here. */
static sf_outcome test(sf_eval *e, uint32_t node, sf_value item, bool *yes) {
  for (;;) {
    const sf_node *n = &e->node_table[node];
    sf_outcome out;
    if (n->kind != NODE_AND && n->kind != NODE_OR)
      return test_leaf(e, n, item, yes);
    out = test(e, n->left, item, yes);
    if (out != RUN_ON || *yes == (n->kind == NODE_OR))
      return out;
    node = n->right;
  }
}

sf_outcome sf_filter_test(sf_eval *e, uint32_t node, sf_value item, bool *yes) {
  size_t made = e->made_count;
  sf_outcome out = test(e, node, item, yes);
  sf_eval_sweep(e, made);
  if (out == RUN_REFUSED || out == RUN_MISSING) {
    *yes = false;
    return RUN_ON;
  }
  return out;
}
