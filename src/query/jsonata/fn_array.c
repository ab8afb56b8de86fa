/*
** fn_array.c - functions of arrays.
*/
#include <math.h>

#include "base/random.h"
#include "query/jsonata/eval_sort.h"
#include "query/jsonata/function.h"

bool jn_fn_count(const jn_call *c, jn_value *out) {
  size_t count =
    jn_is_undefined(c->args[0]) ? 0 : jn_items_of(c->args[0]).count;
  *out = sf_integer((int64_t)count);
  return true;
}

bool jn_fn_append(const jn_call *c, jn_value *out) {
  return jn_append(c->run, c->args[0], c->args[1], out);
}

/* Nothing to do for fewer than two elements: the array itself. */
static bool is_short(const jn_call *c, jn_value *out) {
  *out = c->args[0];
  return !jn_is_array(c->args[0]) || jn_items_of(c->args[0]).count < 2;
}

bool jn_fn_reverse(const jn_call *c, jn_value *out) {
  jn_items items;
  jn_array *a;
  size_t i;
  if (is_short(c, out))
    return true;
  items = jn_items_of(c->args[0]);
  a = jn_new_array(c->run, items.count, 0);
  if (a == NULL || !jn_step(c->run, items.count / 4))
    return false;
  for (i = 0; i < items.count; i++)
    a->items[i] = items.at[items.count - 1 - i];
  a->count = items.count;
  *out = jn_array_value(a);
  return true;
}

bool jn_fn_shuffle(const jn_call *c, jn_value *out) {
  jn_items items;
  jn_array *a;
  size_t i;
  if (is_short(c, out))
    return true;
  if (c->run->env->random == NULL)
    return jn_fail_limit(c->run, "there is no source of random numbers here");
  items = jn_items_of(c->args[0]);
  a = jn_new_array(c->run, items.count, 0);
  if (a == NULL || !jn_step(c->run, items.count))
    return false;
  for (i = 0; i < items.count; i++) {
    double unit = sf_random_unit(c->run->env->random(c->run->env->host));
    size_t j = (size_t)floor(unit * (double)(i + 1));
    a->items[i] = a->items[j < i ? j : i];
    a->items[j < i ? j : i] = items.at[i];
  }
  a->count = items.count;
  *out = jn_array_value(a);
  return true;
}

/* --- $distinct --- */

/* Strings, the usual case, by a hash of their own. */
static bool is_known_string(const jn_call *c, jn_object *strings, jn_value v,
                            bool *known) {
  jn_arena *a = &c->run->arena;
  *known = jn_object_find(strings, a->mem, jn_bytes_of(v)) != NULL;
  return *known || jn_object_set(a, strings, v, sf_null()) ||
         jn_fail_memory(c->run);
}

static bool is_known_other(const jn_call *c, const jn_array *among, jn_value v,
                           bool *known) {
  size_t i;
  *known = false;
  if (!jn_step(c->run, among->count / 4 + 1))
    return false;
  for (i = 0; i < among->count && !*known; i++)
    *known = jn_equal(&c->run->arena, v, among->items[i], SF_DEPTH_MAX,
                      c->run->budget);
  return jn_step(c->run, 1);
}

bool jn_fn_distinct(const jn_call *c, jn_value *out) {
  jn_items items;
  jn_array *a, *others;
  jn_object *strings;
  size_t i;
  if (is_short(c, out))
    return true;
  items = jn_items_of(c->args[0]);
  a = jn_new_array(c->run, 0, jn_flags(c->args[0]) & JN_SEQUENCE);
  others = jn_new_array(c->run, 0, 0);
  strings = jn_object_new(&c->run->arena, 0);
  if (a == NULL || others == NULL || strings == NULL)
    return jn_fail_memory(c->run);
  for (i = 0; i < items.count; i++) {
    jn_value v = items.at[i];
    bool known, is_string = jn_is_string(v);
    if (!jn_step(c->run, 1) ||
        !(is_string ? is_known_string(c, strings, v, &known)
                    : is_known_other(c, others, v, &known)))
      return false;
    if (known)
      continue;
    if (!jn_push(c->run, a, v) || (!is_string && !jn_push(c->run, others, v)))
      return false;
  }
  *out = jn_array_value(a);
  return true;
}

/* --- $zip --- */

static bool zip_row(const jn_call *c, size_t i, jn_array *to) {
  jn_array *row = jn_new_array(c->run, c->count, 0);
  size_t arg;
  if (row == NULL)
    return false;
  for (arg = 0; arg < c->count; arg++)
    if (!jn_push(c->run, row, jn_items_of(c->args[arg]).at[i]))
      return false;
  return jn_push(c->run, to, jn_array_value(row));
}

bool jn_fn_zip(const jn_call *c, jn_value *out) {
  jn_array *to = jn_new_array(c->run, 0, 0);
  size_t i, length = SIZE_MAX;
  if (to == NULL)
    return false;
  for (i = 0; i < c->count; i++) {
    size_t n = jn_is_array(c->args[i]) ? jn_items_of(c->args[i]).count : 0;
    length = n < length ? n : length;
  }
  if (c->count == 0)
    length = 0;
  for (i = 0; i < length; i++)
    if (!jn_step(c->run, c->count) || !zip_row(c, i, to))
      return false;
  *out = jn_array_value(to);
  return true;
}

/* --- $sort --- */

typedef struct value_sorter {
  jn_sorter base;
  jn_items items;
  const jn_call *call;
} value_sorter;

static bool value_after(jn_run *r, jn_sorter *base, size_t a, size_t b,
                        bool *out) {
  const value_sorter *s = (const value_sorter *)(const void *)base;
  jn_value x = s->items.at[a], y = s->items.at[b];
  (void)r;
  *out = jn_is_number(x) ? jn_number_compare(x, y) > 0
                         : jn_bytes_compare(jn_bytes_of(x), jn_bytes_of(y)) > 0;
  return true;
}

/* Any result that is true as ECMAScript has it. */
static bool is_truthy(jn_value v) {
  switch ((int)v.kind) {
    case SF_ABSENT:
    case SF_NULL: return false;
    case SF_BOOLEAN: return v.u.boolean;
    case SF_INTEGER:
    case SF_DOUBLE: return jn_double(v) != 0 && !isnan(jn_double(v));
    case SF_STRING:
    case JN_TEXT: return jn_bytes_of(v).length > 0;
    default: return true;
  }
}

static bool callback_after(jn_run *r, jn_sorter *base, size_t a, size_t b,
                           bool *out) {
  const value_sorter *s = (const value_sorter *)(const void *)base;
  jn_value pair[2], v;
  jn_arguments args = {pair, 2};
  pair[0] = s->items.at[a];
  pair[1] = s->items.at[b];
  if (!jn_apply(r, s->call->args[1], args, jn_undefined(), s->call->frame, &v))
    return false;
  *out = is_truthy(v);
  return true;
}

static bool all_numbers(jn_run *r, jn_items items, bool *failed) {
  size_t i;
  for (i = 0; i < items.count; i++)
    if (!jn_is_numeric(r, items.at[i], failed))
      return false;
  return true;
}

static bool all_strings(jn_items items) {
  size_t i;
  for (i = 0; i < items.count; i++)
    if (!jn_is_string(items.at[i]))
      return false;
  return true;
}

bool jn_fn_sort(const jn_call *c, jn_value *out) {
  value_sorter s;
  bool failed = false;
  if (is_short(c, out))
    return true;
  s.items = jn_items_of(c->args[0]);
  s.call = c;
  s.base.is_after = callback_after;
  if (jn_is_undefined(c->args[1])) {
    s.base.is_after = value_after;
    if (!all_numbers(c->run, s.items, &failed) &&
        (failed || !all_strings(s.items))) {
      c->run->fault->index = 1;
      return jn_fail(c->run, "D3070", jn_undefined());
    }
  }
  return jn_sort(c->run, &s.base, s.items, 0, out);
}
