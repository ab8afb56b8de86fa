/*
** path_eval.c - the state of an evaluation: what it holds, how a query is
** started, what went wrong.
*/
#include <string.h>

#include "query/path_eval.h"
#include "query/path_text.h"
#include "query/path_walk.h"

/* --- state --- */

void sf_eval_init(sf_eval *e, const sf_path *path, sf_value root,
                  sf_budget *budget, sf_error *err) {
  memset(e, 0, sizeof *e);
  e->path = path;
  e->rules = path->rules;
  e->steps = path->steps;
  e->node_table = path->nodes;
  e->mem = path->mem;
  e->root = root;
  e->budget = budget;
  e->err = err;
}

static void release_all(const sf_eval *e, sf_value *items, size_t count,
                        size_t capacity) {
  size_t i;
  for (i = 0; i < count; i++)
    sf_release(items[i]);
  sf_alloc_free(e->mem, items, capacity * sizeof(sf_value));
}

void sf_eval_clear(sf_eval *e) {
  size_t slot, slots = e->path->slots + (size_t)1;
  release_all(e, e->made, e->made_count, e->made_capacity);
  release_all(e, e->nodes, 0, e->node_capacity);
  release_all(e, e->trail, 0, e->trail_capacity);
  sf_alloc_free(e->mem, e->levels, e->level_capacity * sizeof(sf_level));
  if (e->kept != NULL)
    for (slot = 0; slot < slots; slot++)
      sf_release(e->kept[slot].v);
  sf_alloc_free(e->mem, e->kept, slots * sizeof(sf_operand));
  sf_regex_free(e->regex);
  sf_release(e->regex_text);
}

sf_outcome sf_eval_nomem(sf_eval *e) {
  sf_error_nomem(e->err);
  return RUN_FAILED;
}

sf_outcome sf_eval_too_much(sf_eval *e, const char *what) {
  sf_error_set(e->err, SF_ERR_LIMIT, "the path '%s' %s", e->path->text, what);
  return RUN_FAILED;
}

sf_outcome sf_eval_exhausted(sf_eval *e) {
  return sf_eval_too_much(e, "needs more work than it is allowed");
}

sf_outcome sf_eval_missing(sf_eval *e, sf_fault_kind fault, const sf_step *s,
                           sf_value v) {
  e->fault = fault;
  e->fault_step = s;
  e->fault_query = NULL;
  e->fault_value = v;
  return fault == FAULT_SCALAR ? RUN_REFUSED : RUN_MISSING;
}

bool sf_eval_grow(sf_eval *e, sf_value **items, size_t count,
                  size_t *capacity) {
  void *grown = *items;
  if (!sf_alloc_grow(e->mem, &grown, capacity, count + 1, sizeof(sf_value)))
    return false;
  *items = grown;
  return true;
}

sf_outcome sf_eval_keep(sf_eval *e, sf_value v) {
  if (v.kind != SF_ABSENT &&
      sf_eval_push(e, &e->made, &e->made_count, &e->made_capacity, v))
    return RUN_ON;
  sf_release(v);
  return sf_eval_nomem(e);
}

void sf_eval_sweep(sf_eval *e, size_t mark) {
  while (e->made_count > mark)
    sf_release(e->made[--e->made_count]);
}

sf_outcome sf_eval_query(sf_eval *e, uint32_t node, sf_value v) {
  const sf_node *n = &e->node_table[node];
  sf_outcome out = sf_run(e, &e->steps[n->u.query.first], v);
  if (out == RUN_MISSING && e->fault_query == NULL)
    e->fault_query = n;
  return out == RUN_STOP ? RUN_ON : out;
}

sf_outcome sf_eval_nodes(sf_eval *e, uint32_t node, sf_value v, size_t *first) {
  sf_sink sink = e->sink;
  sf_outcome out;
  *first = e->node_count;
  e->sink = SINK_NODES;
  out = sf_eval_query(e, node, v);
  e->sink = sink;
  if (out != RUN_ON)
    e->node_count = *first;
  return out;
}

sf_outcome sf_eval_value(sf_eval *e, uint32_t node, sf_value v, sf_value *out) {
  size_t first;
  sf_outcome outcome = sf_eval_nodes(e, node, v, &first);
  if (outcome != RUN_ON)
    return outcome;
  if (e->node_count == first) {
    sf_eval_missing(e, FAULT_NOTHING, NULL, v);
    e->fault_query = &e->node_table[node];
    return RUN_MISSING;
  }
  *out = e->nodes[e->node_count - 1];
  e->node_count = first;
  return RUN_ON;
}

/* --- what went wrong --- */

static void describe(sf_eval *e, sf_buffer *b) {
  const sf_node *q = e->fault_query;
  const sf_step *s = e->fault_step;
  if (q == NULL)
    q = &e->node_table[e->path->main];
  if (e->fault == FAULT_NOTHING) {
    sf_buffer_add_text(b, "No results for path: ");
    sf_query_write(b, e->path, q, NULL);
  } else if (e->fault == FAULT_PROPERTY) {
    sf_buffer_add_text(b, "Missing property in path ");
    sf_query_write(b, e->path, q, s);
  } else {
    sf_buffer_add_text(b, e->fault == FAULT_NO_OBJECT ? "Expected an object in "
                          : e->fault == FAULT_NO_ARRAY
                            ? "Expected an array in "
                            : "Filter can not be applied to primitives in ");
    sf_query_write(b, e->path, q, s);
    sf_buffer_add_format(b, " but found '%s'",
                         sf_kind_name(e->fault_value.kind));
  }
}

sf_status sf_eval_report(sf_eval *e, sf_outcome out) {
  sf_status status = out == RUN_MISSING ? SF_ERR_NOT_FOUND : SF_ERR_EVALUATE;
  sf_buffer b;
  if (out == RUN_FAILED)
    return e->err->status;
  if (out == RUN_RANGE)
    return sf_error_set(e->err, SF_ERR_EVALUATE,
                        "the index of a function is out of range");
  sf_buffer_init(&b, e->mem);
  describe(e, &b);
  if (b.failed)
    status = sf_error_nomem(e->err);
  else
    sf_error_set(e->err, status, "%.*s", (int)b.length, b.bytes);
  sf_buffer_clear(&b);
  return status;
}
