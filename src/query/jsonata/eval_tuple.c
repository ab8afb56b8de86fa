/*
** eval_tuple.c - steps over tuple streams: paths with @, #, % carry with each item
** the variables that were bound on the way to it.
*/
#include "query/jsonata/flow.h"

static bool push_tuple(jn_run *r, jn_array *to, jn_value item,
                       const jn_binding *bindings) {
  jn_tuple *t = jn_arena_new(&r->arena, sizeof *t);
  if (t == NULL)
    return jn_fail_memory(r);
  t->item = item;
  t->bindings = bindings;
  return jn_push(r, to, jn_block(JN_TUPLE, t));
}

static bool tuple_bind(jn_run *r, jn_tuple *t, uint32_t name, jn_value v) {
  jn_binding *b = jn_arena_new(&r->arena, sizeof *b);
  if (b == NULL)
    return jn_fail_memory(r);
  b->next = t->bindings;
  b->name = name;
  b->value = v;
  t->bindings = b;
  return true;
}

/* The bindings of 'inner' before those of t. */
static bool tuple_bind_all(jn_run *r, jn_tuple *t, const jn_binding *inner) {
  if (inner == NULL)
    return true;
  for (; inner != NULL; inner = inner->next)
    if (!tuple_bind(r, t, inner->name, inner->value))
      return false;
  return true;
}

/* One result of a step for one tuple. */
static bool tuple_result(jn_run *r, const jn_node *step, const jn_tuple *from,
                         jn_value v, size_t position, jn_array *to) {
  jn_tuple t = *from;
  if ((int)v.kind == JN_TUPLE) { /* of a path within the step */
    t.item = jn_tuple_of(v)->item;
    return tuple_bind_all(r, &t, jn_tuple_of(v)->bindings) &&
           push_tuple(r, to, t.item, t.bindings);
  }
  if (step->focus != 0 ? !tuple_bind(r, &t, step->focus, v)
                       : (t.item = v, false))
    return false;
  if (step->index != 0 &&
      !tuple_bind(r, &t, step->index, sf_integer((int64_t)position)))
    return false;
  if (step->ancestor != NULL &&
      !tuple_bind(r, &t, step->ancestor->label, from->item))
    return false;
  return push_tuple(r, to, t.item, t.bindings);
}

static bool tuple_results(jn_run *r, const jn_node *step, const jn_tuple *from,
                          jn_frame *frame, jn_array *to) {
  jn_frame inner = {frame, from->bindings};
  jn_frame *kept = jn_arena_new(&r->arena, sizeof *kept);
  jn_value v, room;
  jn_items items;
  size_t i;
  if (kept == NULL)
    return jn_fail_memory(r);
  *kept = inner;
  if (!jn_eval(r, step, from->item, kept, &v))
    return false;
  if (jn_is_undefined(v))
    return true;
  items = jn_as_items(v, &room);
  for (i = 0; i < items.count; i++)
    if (!tuple_result(r, step, from, items.at[i], i, to))
      return false;
  return true;
}

/* Bind the positions behind a predicate. */
static bool bind_positions(jn_run *r, jn_value tuples, uint32_t name) {
  jn_items items = jn_items_of(tuples);
  size_t i;
  for (i = 0; i < items.count; i++)
    if ((int)items.at[i].kind == JN_TUPLE &&
        !tuple_bind(r, jn_tuple_of(items.at[i]), name, sf_integer((int64_t)i)))
      return false;
  return true;
}

static bool tuple_stages(jn_run *r, const jn_node *step, jn_frame *frame,
                         jn_value *tuples) {
  const jn_stage *s;
  if (step->is_predicate)
    return true;
  for (s = step->stages; s != NULL; s = s->next)
    if (s->filter != NULL
          ? !jn_eval_filter(r, s->filter, *tuples, frame, tuples)
          : !bind_positions(r, *tuples, s->index))
      return false;
  return true;
}

/* Values become tuples. */
static bool tuples_of(jn_run *r, jn_items items, uint32_t index,
                      jn_value *out) {
  jn_array *to = jn_new_array(r, items.count, JN_SEQUENCE | JN_STREAM);
  size_t i;
  if (to == NULL)
    return false;
  for (i = 0; i < items.count; i++)
    if (!push_tuple(r, to, items.at[i], NULL))
      return false;
  *out = jn_array_value(to);
  return index == 0 || bind_positions(r, *out, index);
}

static bool tuple_sort(jn_run *r, const jn_node *step, const jn_flow *f,
                       jn_frame *frame, jn_value *tuples) {
  jn_value sorted;
  if (!jn_is_undefined(*tuples)) {
    if (!jn_eval_sort(r, step, *tuples, frame, tuples))
      return false;
  } else if (!jn_flow_array(r, f, &sorted) ||
             !jn_eval_sort(r, step, sorted, frame, &sorted) ||
             !tuples_of(r, jn_items_of(sorted), step->index, tuples))
    return false;
  return tuple_stages(r, step, frame, tuples);
}

bool jn_flow_tuples(jn_run *r, const jn_node *step, const jn_flow *f,
                    jn_frame *frame, jn_value *tuples) {
  jn_array *to;
  jn_items items;
  size_t i;
  if (step->kind == JN_SORT)
    return tuple_sort(r, step, f, frame, tuples);
  if (jn_is_undefined(*tuples) && !tuples_of(r, jn_flow_items(f), 0, tuples))
    return false;
  items = jn_items_of(*tuples);
  to = jn_new_array(r, items.count, JN_SEQUENCE | JN_STREAM);
  if (to == NULL)
    return false;
  for (i = 0; i < items.count; i++)
    if (!tuple_results(r, step, jn_tuple_of(items.at[i]), frame, to))
      return false;
  *tuples = jn_array_value(to);
  return tuple_stages(r, step, frame, tuples);
}

bool jn_flow_of_tuples(jn_run *r, jn_value tuples, jn_flow *out) {
  jn_items items = jn_items_of(tuples);
  jn_array *to = jn_new_array(r, items.count, JN_SEQUENCE);
  size_t i;
  if (to == NULL)
    return false;
  for (i = 0; i < items.count; i++)
    if (!jn_push(r, to, jn_tuple_of(items.at[i])->item))
      return false;
  out->v = jn_array_value(to);
  out->is_single = false;
  return true;
}
