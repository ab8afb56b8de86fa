/*
** eval_filter.c - predicates: [0], [price < 10], [[1, 2]].
*/
#include <math.h>

#include "query/jsonata/run.h"

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
