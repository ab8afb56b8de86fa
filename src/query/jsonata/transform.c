/*
** transform.c - |where|update,delete|: a copy of the input with objects of it
** changed.
*/
#include "query/jsonata/apply.h"
#include "query/jsonata/function.h"

static bool fail_at(jn_run *r, const char *code, jn_value v,
                    const jn_node *part) {
  jn_fail(r, code, v);
  r->fault->position = part->position;
  return false;
}

static bool update(jn_run *r, const jn_node *n, jn_frame *frame,
                   jn_value match) {
  jn_value v;
  size_t i;
  if (!jn_eval(r, n->b, match, frame, &v))
    return false;
  if (jn_is_undefined(v))
    return true;
  if (!jn_is_object(v))
    return fail_at(r, "T2011", v, n->b);
  for (i = 0; (int)match.kind == JN_OBJECT && i < jn_object_count(v); i++) {
    jn_member m = jn_object_at(v, i);
    if (!jn_object_set(&r->arena, jn_object_of(match), m.key, m.value))
      return jn_fail_memory(r);
  }
  return true;
}

static bool erase(jn_run *r, const jn_node *n, jn_frame *frame,
                  jn_value match) {
  jn_value v, room;
  jn_items items;
  size_t i;
  if (n->c == NULL)
    return true;
  if (!jn_eval(r, n->c, match, frame, &v))
    return false;
  if (jn_is_undefined(v))
    return true;
  items = jn_as_items(v, &room);
  for (i = 0; i < items.count; i++)
    if (!jn_is_string(items.at[i]))
      return fail_at(r, "T2012", v, n->c);
  for (i = 0; (int)match.kind == JN_OBJECT && i < items.count; i++)
    jn_object_remove(jn_object_of(match), jn_bytes_of(items.at[i]));
  return true;
}

/* $clone may have been replaced; it must still be a function. */
static bool clone(jn_run *r, const jn_node *n, jn_frame *frame, jn_value input,
                  jn_value *out) {
  static const jn_bytes name = {"clone", 5};
  jn_node variable = {0};
  jn_arguments args = {&input, 1};
  jn_value fn;
  variable.kind = JN_VARIABLE;
  variable.builtin = jn_function_find(name, r->dialect->functions);
  variable.value = jn_text_borrow(&r->lasting, name.at, name.length);
  if (jn_is_undefined(variable.value))
    return jn_fail_memory(r);
  variable.name = jn_names_number(&r->lasting, &r->names, variable.value);
  if (variable.name == 0)
    return jn_fail_memory(r);
  if (!jn_lookup(r, frame, &variable, &fn))
    return false;
  if (!jn_is_function(fn))
    return fail_at(r, "T2013", jn_undefined(), n);
  return jn_apply(r, fn, args, jn_undefined(), frame, out);
}

bool jn_transform(jn_run *r, const jn_node *n, jn_frame *frame, jn_value input,
                  jn_value *out) {
  jn_value matches, room;
  jn_items items;
  size_t i;
  *out = jn_undefined();
  if (jn_is_undefined(input))
    return true;
  if (!clone(r, n, frame, input, out) ||
      !jn_eval(r, n->a, *out, frame, &matches))
    return false;
  if (jn_is_undefined(matches))
    return true;
  items = jn_as_items(matches, &room);
  for (i = 0; i < items.count; i++)
    if (!update(r, n, frame, items.at[i]) || !erase(r, n, frame, items.at[i]))
      return false;
  return true;
}
