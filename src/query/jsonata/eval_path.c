/*
** eval_path.c - paths: steps, predicates and tuple streams.
**
** What flows from step to step is one value, or an array of them; most paths
** never make an array for a single value.
*/
#include <math.h>

#include "query/jsonata/apply.h"
#include "query/jsonata/run.h"
#include "query/jsonata/text.h"

typedef struct flow {
  jn_value v;
  bool is_single; /* 'v' is the one value; otherwise an array of values */
} flow;

static jn_items flow_items(const flow *f) {
  jn_items i;
  if (!f->is_single)
    return jn_items_of(f->v);
  i.at = &f->v;
  i.count = 1;
  return i;
}

/* The array that the reference would have here. */
static bool flow_array(jn_run *r, const flow *f, jn_value *out) {
  jn_array *a;
  *out = f->v;
  if (!f->is_single)
    return true;
  a = jn_new_array(r, 1, JN_SEQUENCE);
  if (a == NULL || !jn_push(r, a, f->v))
    return false;
  *out = jn_array_value(a);
  return true;
}

/* --- collecting what a step gives for each value --- */

typedef struct gather {
  size_t count;   /* of results that are not undefined */
  jn_value first; /* waits alone until a second one comes */
  jn_array *all;
} gather;

static bool add_flat(jn_run *r, jn_array *to, jn_value v) {
  if (!jn_is_array(v) || (jn_flags(v) & JN_CONS))
    return jn_push(r, to, v);
  return jn_step(r, jn_items_of(v).count) && jn_push_all(r, to, jn_items_of(v));
}

static bool gather_add(jn_run *r, gather *g, jn_value v) {
  if (jn_is_undefined(v))
    return true;
  if (g->count++ == 0) {
    g->first = v;
    return true;
  }
  if (g->all == NULL) {
    g->all = jn_new_array(r, 8, JN_SEQUENCE);
    if (g->all == NULL || !add_flat(r, g->all, g->first))
      return false;
  }
  return add_flat(r, g->all, v);
}

/* False only for lack of memory; *is_empty: nothing was gathered. */
static bool gather_end(jn_run *r, const gather *g, bool last, flow *out,
                       bool *is_empty) {
  jn_items items;
  jn_array *view;
  out->is_single = false;
  *is_empty = g->count == 0;
  if (g->all != NULL) {
    out->v = jn_array_value(g->all);
    *is_empty = g->all->count == 0;
    return true;
  }
  out->v = g->first;
  out->is_single = !jn_is_array(g->first) || (jn_flags(g->first) & JN_CONS);
  if (g->count == 0)
    return true;
  if (jn_is_array(g->first) && last && !jn_is_sequence(g->first)) {
    out->is_single = false;
    *is_empty = jn_items_of(g->first).count == 0;
    return true;
  }
  if (out->is_single)
    return true;
  items = jn_items_of(g->first);
  *is_empty = items.count == 0;
  view = jn_array_borrow(&r->arena, items, JN_SEQUENCE);
  if (view == NULL)
    return jn_fail_memory(r);
  out->v = jn_array_value(view);
  return true;
}

/* --- plain steps --- */

static bool apply_stages(jn_run *r, const jn_node *step, jn_frame *frame,
                         jn_value *v) {
  const jn_stage *s;
  if (step->is_predicate)
    return true; /* jn_eval has applied them */
  for (s = step->stages; s != NULL; s = s->next) {
    if (s->filter != NULL && !jn_eval_filter(r, s->filter, *v, frame, v))
      return false;
    if (jn_is_undefined(*v)) /* nothing is left for the others */
      break;
  }
  return true;
}

/* The names of objects, without going through jn_eval. */
static bool gather_names(jn_run *r, const jn_node *step, jn_items items,
                         gather *g) {
  size_t i;
  if (!jn_step(r, items.count) || !jn_enter(r))
    return false;
  jn_leave(r);
  for (i = 0; i < items.count; i++) {
    jn_value v = items.at[i];
    if (v.kind == SF_OBJECT)
      v = jn_object_get(&r->arena, v, step->value);
    else if (!jn_member_of(r, v, step->value, &v))
      return false;
    if ((int)v.kind == JN_ARRAY)
      v = jn_collapse(v, false);
    if (!gather_add(r, g, v))
      return false;
  }
  return true;
}

static bool gather_step(jn_run *r, const jn_node *step, jn_items items,
                        jn_frame *frame, gather *g) {
  size_t i;
  if (step->is_simple && step->kind == JN_NAME)
    return gather_names(r, step, items, g);
  for (i = 0; i < items.count; i++) {
    jn_value v;
    if (!jn_eval(r, step, items.at[i], frame, &v) ||
        !apply_stages(r, step, frame, &v) || !gather_add(r, g, v))
      return false;
  }
  return true;
}

/* ^(...) as a step, of values or of tuples, with its stages. */
static bool sort_step(jn_run *r, const jn_node *step, flow *f,
                      jn_frame *frame) {
  jn_value array;
  if (!flow_array(r, f, &array) ||
      !jn_eval_sort(r, step, array, frame, &array) ||
      !apply_stages(r, step, frame, &array))
    return false;
  f->v = array;
  f->is_single = !jn_is_array(array);
  return true;
}

/* A bare name or variable for one value: *v, without going through jn_eval. */
static bool simple_step(jn_run *r, const jn_node *step, jn_value input,
                        jn_frame *frame, jn_value *v) {
  if (!jn_step(r, 1) || !jn_enter(r))
    return false;
  jn_leave(r);
  if (step->kind == JN_VARIABLE)
    return jn_eval_variable(r, step, input, frame, v);
  if (input.kind == SF_OBJECT)
    *v = jn_object_get(&r->arena, input, step->value);
  else if (!jn_member_of(r, input, step->value, v))
    return false;
  return true;
}

static bool plain_step(jn_run *r, const jn_node *step, flow *f, jn_frame *frame,
                       bool last, bool *is_empty) {
  gather g = {0, jn_undefined(), NULL};
  if (step->is_simple && f->is_single) {
    jn_value v;
    if (!simple_step(r, step, f->v, frame, &v))
      return false;
    if ((int)v.kind == JN_ARRAY)
      v = jn_collapse(v, false);
    if (!jn_is_array(v)) {
      f->v = v;
      *is_empty = jn_is_undefined(v);
      return true;
    }
    g.count = 1;
    g.first = v;
    return gather_end(r, &g, last, f, is_empty);
  }
  if (step->kind == JN_SORT) {
    if (!sort_step(r, step, f, frame))
      return false;
    *is_empty =
      f->is_single ? jn_is_undefined(f->v) : jn_items_of(f->v).count == 0;
    return true;
  }
  return gather_step(r, step, flow_items(f), frame, &g) &&
         gather_end(r, &g, last, f, is_empty);
}

/* --- tuples --- */

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

static bool tuple_sort(jn_run *r, const jn_node *step, const flow *f,
                       jn_frame *frame, jn_value *tuples) {
  jn_value sorted;
  if (!jn_is_undefined(*tuples)) {
    if (!jn_eval_sort(r, step, *tuples, frame, tuples))
      return false;
  } else if (!flow_array(r, f, &sorted) ||
             !jn_eval_sort(r, step, sorted, frame, &sorted) ||
             !tuples_of(r, jn_items_of(sorted), step->index, tuples))
    return false;
  return tuple_stages(r, step, frame, tuples);
}

static bool tuple_step(jn_run *r, const jn_node *step, const flow *f,
                       jn_frame *frame, jn_value *tuples) {
  jn_array *to;
  jn_items items;
  size_t i;
  if (step->kind == JN_SORT)
    return tuple_sort(r, step, f, frame, tuples);
  if (jn_is_undefined(*tuples) && !tuples_of(r, flow_items(f), 0, tuples))
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

static bool items_of_tuples(jn_run *r, jn_value tuples, flow *out) {
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

/* --- the whole path --- */

/* The characters of a string: what the next step is mapped over when a list at
** the beginning has become one. */
static bool characters(jn_run *r, jn_value v, jn_value *out) {
  jn_bytes b = jn_bytes_of(v);
  jn_array *a = jn_new_array(r, b.length, JN_SEQUENCE);
  size_t at = 0;
  if (a == NULL || !jn_step(r, b.length))
    return false;
  while (at < b.length) {
    size_t n = jn_char_length(b, at);
    jn_value c = jn_text_borrow(&r->arena, b.at + at, n);
    if (jn_is_undefined(c))
      return jn_fail_memory(r);
    if (!jn_push(r, a, c))
      return false;
    at += n;
  }
  *out = jn_array_value(a);
  return true;
}

/* A step that is a list at the beginning is not mapped over the input.  What
** its predicates and groups may make of it is an array no more, and then there
** is nothing to map the next step over. */
static bool cons_step(jn_run *r, const jn_node *step, flow *f, jn_frame *frame,
                      bool last, bool *is_empty) {
  jn_value context, v;
  if (!flow_array(r, f, &context) || !jn_eval(r, step, context, frame, &v))
    return false;
  if (step->focus != 0 && !last)
    return true; /* the next step goes on from the input */
  if (!last && jn_is_string(v) && !characters(r, v, &v))
    return false;
  f->v = v;
  f->is_single = !jn_is_array(v);
  *is_empty =
    f->is_single ? !last || jn_is_undefined(v) : jn_items_of(v).count == 0;
  return true;
}

static bool keep_singleton(jn_run *r, flow *f) {
  jn_array *a;
  if (f->is_single || (jn_flags(f->v) & (JN_CONS | JN_SEQUENCE)) == JN_CONS) {
    a = jn_new_array(r, 1, JN_SEQUENCE | JN_KEEP);
    if (a == NULL || !jn_push(r, a, f->v))
      return false;
    f->v = jn_array_value(a);
    f->is_single = false;
  } else if ((int)f->v.kind == JN_ARRAY)
    jn_array_of(f->v)->flags |= JN_KEEP;
  return true;
}

static bool walk(jn_run *r, const jn_node *n, jn_frame *frame, flow *f,
                 jn_value *tuples, bool *is_empty) {
  bool is_stream = false;
  uint32_t i;
  for (i = 0; i < n->count; i++) {
    const jn_node *step = n->items[i];
    is_stream = is_stream || step->is_tuple;
    *is_empty = false;
    if (i == 0 && step->is_cons) {
      if (!cons_step(r, step, f, frame, i + 1 == n->count, is_empty))
        return false;
    } else if (is_stream) {
      if (!tuple_step(r, step, f, frame, tuples))
        return false;
    } else if (!plain_step(r, step, f, frame, i + 1 == n->count, is_empty))
      return false;
    if (*is_empty && !is_stream)
      return true;
  }
  return true;
}

/* The array of a path that found nothing. */
static bool nothing(jn_run *r, flow *f) {
  jn_array *a;
  if (!f->is_single && jn_is_array(f->v))
    return true;
  a = jn_new_array(r, 0, JN_SEQUENCE);
  if (a == NULL)
    return false;
  f->v = jn_array_value(a);
  f->is_single = false;
  return true;
}

static bool eval_steps(jn_run *r, const jn_node *n, flow *f, jn_frame *frame,
                       jn_value *out) {
  jn_value tuples = jn_undefined();
  bool is_empty = false;
  if (!walk(r, n, frame, f, &tuples, &is_empty))
    return false;
  if (!jn_is_undefined(tuples)) {
    if (n->is_tuple) {
      *out = tuples;
      return n->group == NULL || jn_eval_group(r, n->group, tuples, frame, out);
    }
    if (!items_of_tuples(r, tuples, f))
      return false;
  } else if (is_empty && !nothing(r, f))
    return false;
  if (n->keep_singleton && !keep_singleton(r, f))
    return false;
  *out = f->v;
  if (n->group == NULL)
    return true;
  if (f->is_single && jn_is_array(f->v) && !flow_array(r, f, out))
    return false;
  return jn_eval_group(r, n->group, jn_is_undefined(tuples) ? *out : tuples,
                       frame, out);
}

/* A bare name, the most frequent expression of all. */
static bool eval_plain(jn_run *r, const jn_node *n, jn_value input, bool *done,
                       jn_value *out) {
  *done = false;
  if (input.kind != SF_OBJECT)
    return true;
  if (!jn_enter(r) || !jn_step(r, 1))
    return false;
  jn_leave(r);
  *out = jn_object_get(&r->arena, input, n->items[0]->value);
  *done = true;
  return true;
}

bool jn_eval_path(jn_run *r, const jn_node *n, jn_value input, jn_frame *frame,
                  jn_value *out) {
  flow f = {input, true};
  bool done;
  if (n->is_plain) {
    if (!eval_plain(r, n, input, &done, out))
      return false;
    if (done)
      return true;
  }
  if (jn_is_array(input) && n->items[0]->kind != JN_VARIABLE)
    f.is_single = false;
  return eval_steps(r, n, &f, frame, out);
}

/* --- predicates --- */

/* [0] and [-1] */
static void filter_number(double number, jn_items items, jn_value *out) {
  double at = floor(number);
  if (at < 0)
    at += (double)items.count;
  *out =
    at >= 0 && at < (double)items.count ? items.at[(size_t)at] : jn_undefined();
}

/* How often 'index' is among the numbers of a predicate's result; *is_index:
** there are only numbers. */
static bool count_index(jn_run *r, jn_value v, size_t index, size_t total,
                        size_t *times, bool *is_index) {
  jn_value room;
  jn_items items = jn_as_items(v, &room);
  size_t i;
  bool failed = false;
  *times = 0;
  *is_index = false;
  for (i = 0; i < items.count; i++)
    if (!jn_is_numeric(r, items.at[i], &failed))
      return !failed;
  *is_index = true;
  if (!jn_step(r, items.count))
    return false;
  for (i = 0; i < items.count; i++) {
    double at = floor(jn_double(items.at[i]));
    if (at < 0)
      at += (double)total;
    *times += at == (double)index;
  }
  return true;
}

/* What a predicate says of one item: how often it is taken. */
static bool filter_item(jn_run *r, const jn_node *filter, jn_value item,
                        jn_frame *frame, size_t index, size_t total,
                        size_t *times) {
  jn_value v;
  bool is_index = false, truth;
  if ((int)item.kind == JN_TUPLE) {
    jn_frame *inner = jn_arena_new(&r->arena, sizeof *inner);
    if (inner == NULL)
      return jn_fail_memory(r);
    inner->outer = frame;
    inner->bindings = jn_tuple_of(item)->bindings;
    frame = inner;
    item = jn_tuple_of(item)->item;
  }
  if (!jn_eval(r, filter, item, frame, &v))
    return false;
  if (v.kind == SF_BOOLEAN) {
    *times = v.u.boolean;
    return true;
  }
  if ((jn_is_number(v) || jn_is_array(v)) &&
      !count_index(r, v, index, total, times, &is_index))
    return false;
  if (is_index)
    return true;
  if (!jn_truth(r, v, &truth))
    return false;
  *times = truth;
  return true;
}

bool jn_eval_filter(jn_run *r, const jn_node *filter, jn_value input,
                    jn_frame *frame, jn_value *out) {
  jn_value room;
  jn_items items = jn_as_items(input, &room);
  jn_array *results;
  unsigned stream = jn_flags(input) & JN_STREAM;
  size_t i, times = 0;
  if (filter->kind == JN_LITERAL && jn_is_number(filter->value) && !stream) {
    filter_number(jn_double(filter->value), items, out);
    return true;
  }
  results = jn_new_array(r, 0, JN_SEQUENCE | stream);
  if (results == NULL)
    return false;
  for (i = 0; i < items.count; i++) {
    if (!filter_item(r, filter, items.at[i], frame, i, items.count, &times))
      return false;
    for (; times > 0; times--)
      if (!jn_push(r, results, items.at[i]))
        return false;
  }
  *out = jn_array_value(results);
  return true;
}
