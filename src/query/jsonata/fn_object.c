/*
** fn_object.c - functions of objects.
*/
#include "query/jsonata/function.h"
#include "query/jsonata/text.h"

static bool set(jn_run *r, jn_object *o, jn_value key, jn_value v) {
  return jn_object_set(&r->arena, o, key, v) || jn_fail_memory(r);
}

/* --- $keys --- */

static bool add_keys(jn_run *r, jn_value v, jn_object *to) {
  size_t i;
  if (jn_is_object(v)) {
    if (!jn_step(r, jn_object_count(v)))
      return false;
    for (i = 0; i < jn_object_count(v); i++)
      if (!set(r, to, jn_object_at(v, i).key, sf_null()))
        return false;
  }
  if (!jn_is_array(v))
    return true;
  if (!jn_enter(r) || !jn_step(r, jn_items_of(v).count))
    return false;
  for (i = 0; i < jn_items_of(v).count; i++)
    if (!add_keys(r, jn_items_of(v).at[i], to))
      return false;
  jn_leave(r);
  return true;
}

bool jn_fn_keys(const jn_call *c, jn_value *out) {
  jn_object *keys = jn_object_new(&c->run->arena, 0);
  jn_array *to = jn_new_array(c->run, 0, JN_SEQUENCE);
  size_t i;
  if (keys == NULL || to == NULL)
    return jn_fail_memory(c->run);
  if (!add_keys(c->run, c->args[0], keys))
    return false;
  for (i = 0; i < keys->count; i++)
    if (!jn_push(c->run, to, keys->members[i].key))
      return false;
  *out = jn_array_value(to);
  return true;
}

bool jn_fn_lookup(const jn_call *c, jn_value *out) {
  if (jn_is_undefined(c->args[1]))
    return true;
  return jn_member_of(c->run, c->args[0], c->args[1], out);
}

/* --- $spread --- */

static bool spread_object(jn_run *r, jn_value v, jn_array *to) {
  size_t i;
  if (!jn_step(r, jn_object_count(v)))
    return false;
  for (i = 0; i < jn_object_count(v); i++) {
    jn_member m = jn_object_at(v, i);
    jn_object *o = jn_object_new(&r->arena, 1);
    if (o == NULL)
      return jn_fail_memory(r);
    if (!set(r, o, m.key, m.value) || !jn_push(r, to, jn_object_value(o)))
      return false;
  }
  return true;
}

static bool spread_into(jn_run *r, jn_value v, jn_array *to) {
  size_t i;
  if (jn_is_undefined(v))
    return true;
  if (jn_is_object(v))
    return spread_object(r, v, to);
  if (!jn_is_array(v))
    return jn_push(r, to, v);
  if (!jn_enter(r) || !jn_step(r, jn_items_of(v).count))
    return false;
  for (i = 0; i < jn_items_of(v).count; i++)
    if (!spread_into(r, jn_items_of(v).at[i], to))
      return false;
  jn_leave(r);
  return true;
}

bool jn_fn_spread(const jn_call *c, jn_value *out) {
  jn_value v = c->args[0];
  jn_array *to;
  *out = v;
  if (!jn_is_array(v) && !jn_is_object(v))
    return true;
  /* what is appended for an array is a plain array afterwards */
  to = jn_new_array(
    c->run, 0, jn_is_array(v) && jn_items_of(v).count > 0 ? 0 : JN_SEQUENCE);
  if (to == NULL)
    return false;
  *out = jn_array_value(to);
  return spread_into(c->run, v, to);
}

/* --- $merge --- */

bool jn_fn_merge(const jn_call *c, jn_value *out) {
  jn_object *o;
  jn_items items;
  size_t i, k;
  if (jn_is_undefined(c->args[0]))
    return true;
  o = jn_object_new(&c->run->arena, 0);
  if (o == NULL)
    return jn_fail_memory(c->run);
  items = jn_items_of(c->args[0]);
  for (i = 0; i < items.count; i++) {
    size_t count = jn_is_object(items.at[i]) ? jn_object_count(items.at[i]) : 0;
    if (!jn_step(c->run, count + 1))
      return false;
    for (k = 0; k < count; k++) {
      jn_member m = jn_object_at(items.at[i], k);
      if (!set(c->run, o, m.key, m.value))
        return false;
    }
  }
  *out = jn_object_value(o);
  return true;
}

/* --- $clone --- */

static bool copy(jn_run *r, jn_value v, jn_value *out);

static bool copy_array(jn_run *r, jn_items items, jn_value *out) {
  jn_array *a = jn_new_array(r, items.count, 0);
  size_t i;
  if (a == NULL || !jn_step(r, items.count))
    return false;
  for (i = 0; i < items.count; i++) {
    jn_value v;
    if (!copy(r, items.at[i], &v) ||
        !jn_push(r, a, jn_is_undefined(v) ? sf_null() : v))
      return false;
  }
  *out = jn_array_value(a);
  return true;
}

static bool copy_object(jn_run *r, jn_value from, jn_value *out) {
  size_t i, count = jn_object_count(from);
  jn_object *o = jn_object_new(&r->arena, count);
  if (o == NULL)
    return jn_fail_memory(r);
  if (!jn_step(r, count))
    return false;
  for (i = 0; i < count; i++) {
    jn_member m = jn_object_at(from, i);
    jn_value v;
    if (!copy(r, m.value, &v) || (!jn_is_undefined(v) && !set(r, o, m.key, v)))
      return false;
  }
  *out = jn_object_value(o);
  return true;
}

/* The reference goes by way of JSON text: functions become "", and numbers
** lose what is beyond 15 digits. */
static bool copy(jn_run *r, jn_value v, jn_value *out) {
  bool failed = false, fine;
  *out = v;
  if (jn_is_function(v))
    return jn_make_text(r, "", 0, out);
  if (v.kind == SF_DOUBLE) {
    *out = jn_is_numeric(r, v, &failed) ? jn_number(jn_round_15(v.u.number))
                                        : sf_null();
    return !failed;
  }
  if (!jn_is_array(v) && !jn_is_object(v))
    return true;
  if (!jn_enter(r))
    return false;
  fine = jn_is_array(v) ? copy_array(r, jn_items_of(v), out)
                        : copy_object(r, v, out);
  jn_leave(r);
  return fine;
}

bool jn_fn_clone(const jn_call *c, jn_value *out) {
  jn_value v = c->args[0];
  if (jn_flags(v) & JN_OUTER)
    v = jn_items_of(v).at[0];
  return jn_is_undefined(v) || copy(c->run, v, out);
}
