/*
** eval_sort.c - ordering: the operator ^(...), and the merge sort that $sort
** uses too.  It is stable, and a comparison may be a call that fails.
*/
#include "query/jsonata/eval_sort.h"

#include <string.h>

/* Merge items[0..middle) and items[middle..count) by way of 'room'. */
static bool merge(jn_run *r, jn_sorter *s, size_t *items, size_t middle,
                  size_t count, size_t *room) {
  size_t i = 0, j = middle, k = 0;
  while (i < middle && j < count) {
    bool swap;
    if (!jn_step(r, 1) || !s->is_after(r, s, items[i], items[j], &swap))
      return false;
    room[k++] = swap ? items[j++] : items[i++];
  }
  memcpy(room + k, items + i, (middle - i) * sizeof *items);
  k += middle - i;
  memcpy(room + k, items + j, (count - j) * sizeof *items);
  memcpy(items, room, count * sizeof *items);
  return true;
}

/* Recursion as deep as the logarithm of the count. */
static bool sort(jn_run *r, jn_sorter *s, size_t *items, size_t count,
                 size_t *room) {
  size_t middle = count / 2;
  if (count < 2)
    return true;
  return sort(r, s, items, middle, room) &&
         sort(r, s, items + middle, count - middle, room) &&
         merge(r, s, items, middle, count, room);
}

bool jn_sort(jn_run *r, jn_sorter *s, jn_items items, unsigned flags,
             jn_value *out) {
  size_t *order = jn_arena_new(&r->arena, 2 * items.count * sizeof *order), i;
  jn_array *sorted = jn_new_array(r, items.count, flags);
  if (sorted == NULL)
    return false;
  if (order == NULL)
    return jn_fail_memory(r);
  for (i = 0; i < items.count; i++)
    order[i] = i;
  if (!sort(r, s, order, items.count, order + items.count))
    return false;
  for (i = 0; i < items.count; i++)
    sorted->items[i] = items.at[order[i]];
  sorted->count = items.count;
  *out = jn_array_value(sorted);
  return true;
}

/* --- ^(a, >b) --- */

typedef struct term_sorter {
  jn_sorter base;
  const jn_node *sort;
  jn_items items;
  jn_frame *frame;
  jn_value *keys; /* of each item, as many as there are terms */
  bool *known;
} term_sorter;

/* The value of one term for one item, computed once. */
static bool key_of(jn_run *r, term_sorter *s, size_t item, size_t term,
                   jn_value *out) {
  size_t at = item * s->sort->count + term;
  jn_value context = s->items.at[item];
  jn_frame *frame = s->frame;
  if (s->known[at]) {
    *out = s->keys[at];
    return true;
  }
  if ((int)context.kind == JN_TUPLE) {
    frame = jn_arena_new(&r->arena, sizeof *frame);
    if (frame == NULL)
      return jn_fail_memory(r);
    frame->outer = s->frame;
    frame->bindings = jn_tuple_of(context)->bindings;
    context = jn_tuple_of(context)->item;
  }
  if (!jn_eval(r, s->sort->items[term]->a, context, frame, out))
    return false;
  s->keys[at] = *out;
  s->known[at] = true;
  return true;
}

static bool is_key(jn_value v) {
  return jn_is_number(v) || jn_is_string(v);
}

static bool fail(jn_run *r, const term_sorter *s, const char *code, jn_value a,
                 jn_value b) {
  r->fault->value2 = b;
  jn_fail(r, code, a);
  r->fault->position = s->sort->position;
  return false;
}

/* Undefined comes last whichever the direction. */
static bool order_of(jn_run *r, const term_sorter *s, bool is_descending,
                     jn_value a, jn_value b, int *order) {
  if (jn_is_undefined(a) || jn_is_undefined(b)) {
    *order = jn_is_undefined(a) - jn_is_undefined(b);
    return true;
  }
  if (!is_key(a) || !is_key(b))
    return fail(r, s, "T2008", is_key(a) ? b : a, jn_undefined());
  if (jn_is_number(a) != jn_is_number(b))
    return fail(r, s, "T2007", a, b);
  *order = jn_is_number(a) ? jn_number_compare(a, b)
                           : jn_bytes_compare(jn_bytes_of(a), jn_bytes_of(b));
  if (is_descending)
    *order = -*order;
  return true;
}

static bool terms_after(jn_run *r, jn_sorter *base, size_t a, size_t b,
                        bool *out) {
  term_sorter *s = (term_sorter *)(void *)base;
  int order = 0;
  uint32_t i;
  for (i = 0; i < s->sort->count && order == 0; i++) {
    jn_value x, y;
    if (!key_of(r, s, a, i, &x) || !key_of(r, s, b, i, &y) ||
        !order_of(r, s, s->sort->items[i]->is_descending, x, y, &order))
      return false;
  }
  *out = order > 0;
  return true;
}

bool jn_eval_sort(jn_run *r, const jn_node *sort_node, jn_value input,
                  jn_frame *frame, jn_value *out) {
  term_sorter s;
  size_t keys;
  s.base.is_after = terms_after;
  s.sort = sort_node;
  s.items = jn_items_of(input);
  s.frame = frame;
  *out = input;
  if (s.items.count < 2)
    return true;
  keys = s.items.count * sort_node->count;
  s.keys = jn_arena_new(&r->arena, keys * sizeof *s.keys);
  s.known = jn_arena_zero(&r->arena, keys * sizeof *s.known);
  if (s.keys == NULL || s.known == NULL)
    return jn_fail_memory(r);
  return jn_sort(r, &s.base, s.items, jn_flags(input) & JN_STREAM, out);
}
