/*
** eval_path.c - paths: steps one after the other.
*/
#include "query/jsonata/flow.h"
#include "query/jsonata/text.h"

bool jn_flow_array(jn_run *r, const jn_flow *f, jn_value *out) {
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
static bool gather_end(jn_run *r, const gather *g, bool last, jn_flow *out,
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
static bool sort_step(jn_run *r, const jn_node *step, jn_flow *f,
                      jn_frame *frame) {
  jn_value array;
  if (!jn_flow_array(r, f, &array) ||
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

static bool plain_step(jn_run *r, const jn_node *step, jn_flow *f,
                       jn_frame *frame, bool last, bool *is_empty) {
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
  return gather_step(r, step, jn_flow_items(f), frame, &g) &&
         gather_end(r, &g, last, f, is_empty);
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
static bool cons_step(jn_run *r, const jn_node *step, jn_flow *f,
                      jn_frame *frame, bool last, bool *is_empty) {
  jn_value context, v;
  if (!jn_flow_array(r, f, &context) || !jn_eval(r, step, context, frame, &v))
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

static bool keep_singleton(jn_run *r, jn_flow *f) {
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

static bool walk(jn_run *r, const jn_node *n, jn_frame *frame, jn_flow *f,
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
      if (!jn_flow_tuples(r, step, f, frame, tuples))
        return false;
    } else if (!plain_step(r, step, f, frame, i + 1 == n->count, is_empty))
      return false;
    if (*is_empty && !is_stream)
      return true;
  }
  return true;
}

/* The array of a path that found nothing. */
static bool nothing(jn_run *r, jn_flow *f) {
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

static bool eval_steps(jn_run *r, const jn_node *n, jn_flow *f, jn_frame *frame,
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
    if (!jn_flow_of_tuples(r, tuples, f))
      return false;
  } else if (is_empty && !nothing(r, f))
    return false;
  if (n->keep_singleton && !keep_singleton(r, f))
    return false;
  *out = f->v;
  if (n->group == NULL)
    return true;
  if (f->is_single && jn_is_array(f->v) && !jn_flow_array(r, f, out))
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
  jn_flow f = {input, true};
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
