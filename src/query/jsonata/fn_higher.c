/*
** fn_higher.c - functions that call functions.
*/
#include "query/jsonata/function.h"

/* Call back with a value, its key or index, and what it is in. */
static bool ask(const jn_call *c, jn_value v, jn_value key, jn_value *out) {
  return jn_call_back(c->run, c->args[1], c->frame, v, key, c->args[0], out);
}

static bool ask_truth(const jn_call *c, jn_value v, jn_value key, bool *out) {
  jn_value answer;
  return ask(c, v, key, &answer) && jn_truth(c->run, answer, out);
}

bool jn_fn_map(const jn_call *c, jn_value *out) {
  jn_items items;
  jn_array *to;
  size_t i;
  if (jn_is_undefined(c->args[0]))
    return true;
  items = jn_items_of(c->args[0]);
  to = jn_new_array(c->run, items.count, JN_SEQUENCE);
  if (to == NULL)
    return false;
  for (i = 0; i < items.count; i++) {
    jn_value v;
    if (!ask(c, items.at[i], sf_integer((int64_t)i), &v) ||
        (!jn_is_undefined(v) && !jn_push(c->run, to, v)))
      return false;
  }
  *out = jn_array_value(to);
  return true;
}

bool jn_fn_filter(const jn_call *c, jn_value *out) {
  jn_items items;
  jn_array *to;
  size_t i;
  if (jn_is_undefined(c->args[0]))
    return true;
  items = jn_items_of(c->args[0]);
  to = jn_new_array(c->run, 0, JN_SEQUENCE);
  if (to == NULL)
    return false;
  for (i = 0; i < items.count; i++) {
    bool keep;
    if (!ask_truth(c, items.at[i], sf_integer((int64_t)i), &keep) ||
        (keep && !jn_push(c->run, to, items.at[i])))
      return false;
  }
  *out = jn_array_value(to);
  return true;
}

bool jn_fn_single(const jn_call *c, jn_value *out) {
  jn_items items;
  size_t i;
  bool found = false;
  if (jn_is_undefined(c->args[0]))
    return true;
  items = jn_items_of(c->args[0]);
  for (i = 0; i < items.count; i++) {
    bool fits = true;
    if (!jn_is_undefined(c->args[1]) &&
        !ask_truth(c, items.at[i], sf_integer((int64_t)i), &fits))
      return false;
    if (fits && found) {
      c->run->fault->index = (int)i;
      return jn_fail(c->run, "D3138", jn_undefined());
    }
    if (fits)
      *out = items.at[i];
    found = found || fits;
  }
  return found || jn_fail(c->run, "D3139", jn_undefined());
}

bool jn_fn_reduce(const jn_call *c, jn_value *out) {
  uint32_t arity = jn_arity(c->args[1]);
  jn_items items;
  size_t i = 0;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (arity < 2) {
    c->run->fault->index = 1;
    return jn_fail(c->run, "D3050", jn_undefined());
  }
  items = jn_items_of(c->args[0]);
  *out = c->args[2];
  if (jn_is_undefined(*out) && items.count > 0)
    *out = items.at[i++];
  for (; i < items.count; i++) {
    jn_value list[4];
    jn_arguments args = {list, arity < 4 ? arity : 4};
    list[0] = *out;
    list[1] = items.at[i];
    list[2] = sf_integer((int64_t)i);
    list[3] = c->args[0];
    if (!jn_apply(c->run, c->args[1], args, jn_undefined(), c->frame, out))
      return false;
  }
  return true;
}

bool jn_fn_sift(const jn_call *c, jn_value *out) {
  jn_value v = c->args[0];
  size_t i, count = jn_is_object(v) ? jn_object_count(v) : 0;
  jn_object *o = jn_object_new(&c->run->arena, 0);
  if (o == NULL)
    return jn_fail_memory(c->run);
  for (i = 0; i < count; i++) {
    jn_member m = jn_object_at(v, i);
    bool keep;
    if (jn_is_undefined(c->args[1]))
      return jn_fail(c->run, "T1006", jn_undefined());
    if (!ask_truth(c, m.value, m.key, &keep))
      return false;
    if (keep && !jn_object_set(&c->run->arena, o, m.key, m.value))
      return jn_fail_memory(c->run);
  }
  if (o->count > 0)
    *out = jn_object_value(o);
  return true;
}

bool jn_fn_each(const jn_call *c, jn_value *out) {
  jn_value v = c->args[0];
  size_t i, count = jn_is_object(v) ? jn_object_count(v) : 0;
  jn_array *to = jn_new_array(c->run, 0, JN_SEQUENCE);
  if (to == NULL)
    return false;
  for (i = 0; i < count; i++) {
    jn_member m = jn_object_at(v, i);
    jn_value result;
    if (!ask(c, m.value, m.key, &result) ||
        (!jn_is_undefined(result) && !jn_push(c->run, to, result)))
      return false;
  }
  *out = jn_array_value(to);
  return true;
}
