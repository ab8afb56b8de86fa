/*
** run.c - what all of the evaluator needs: making values, casts, export.
*/
#include "query/jsonata/apply.h"
#include "query/jsonata/run.h"
#include "query/jsonata/text.h"

#include <math.h>

#include "base/buffer.h"
#include "base/builder.h"

/* --- making --- */

jn_array *jn_new_array(jn_run *r, size_t capacity, unsigned flags) {
  jn_array *a = jn_array_new(&r->arena, capacity, flags);
  if (a == NULL)
    jn_fail_memory(r);
  return a;
}

static bool fits(jn_run *r, const jn_array *a, size_t more) {
  return more <= r->sequence_max - a->count || jn_fail_sequence(r);
}

bool jn_push(jn_run *r, jn_array *a, jn_value v) {
  return fits(r, a, 1) && (jn_array_push(&r->arena, a, v) || jn_fail_memory(r));
}

bool jn_push_all(jn_run *r, jn_array *a, jn_items items) {
  return fits(r, a, items.count) && jn_step(r, items.count / 8) &&
         (jn_array_push_all(&r->arena, a, items) || jn_fail_memory(r));
}

/* Few are so long that their units have to be counted. */
bool jn_text_fits(jn_run *r, jn_bytes b) {
  if (b.length <= r->text_max)
    return true;
  if (!jn_step(r, b.length / 64))
    return false;
  return jn_units(b, 0, b.length) <= r->text_max ||
         jn_fail_limit(r, r->dialect->memory_over);
}

bool jn_make_text(jn_run *r, const char *bytes, size_t length, jn_value *out) {
  jn_bytes b;
  b.at = bytes;
  b.length = length;
  if (!jn_step(r, length / 64) || !jn_text_fits(r, b))
    return false;
  *out = jn_text_copy(&r->arena, bytes, length);
  return !jn_is_undefined(*out) || jn_fail_memory(r);
}

bool jn_append(jn_run *r, jn_value a, jn_value b, jn_value *out) {
  jn_value second;
  jn_items y;
  jn_array *all;
  *out = jn_is_undefined(a) ? b : a;
  if (jn_is_undefined(a) || jn_is_undefined(b))
    return true;
  y = jn_as_items(b, &second);
  if (!jn_is_array(a)) {
    all = jn_new_array(r, 1 + y.count, 0);
    if (all == NULL || !jn_push(r, all, a) || !jn_push_all(r, all, y))
      return false;
    *out = jn_array_value(all);
    return true;
  }
  if (y.count > r->sequence_max ||
      jn_items_of(a).count > r->sequence_max - y.count)
    return jn_fail_sequence(r);
  all = jn_array_join(&r->arena, a, y);
  if (all == NULL)
    return jn_fail_memory(r);
  *out = jn_array_value(all);
  return jn_step(r, y.count / 8);
}

bool jn_keep(jn_run *r, sf_value v) {
  return jn_kept_add(&r->kept, v) || jn_fail_memory(r);
}

/* --- casts --- */

bool jn_is_numeric(jn_run *r, jn_value v, bool *failed) {
  double d;
  if (v.kind == SF_INTEGER)
    return true;
  if (!jn_is_number(v))
    return false;
  d = jn_double(v);
  if (isinf(d))
    *failed = !jn_fail(r, "D1001", v);
  return isfinite(d);
}

static bool array_truth(jn_run *r, jn_items items, bool *out) {
  size_t i;
  bool any = false;
  if (!jn_enter(r) || !jn_step(r, items.count))
    return false;
  for (i = 0; i < items.count && !any; i++)
    if (!jn_truth(r, items.at[i], &any))
      return false;
  jn_leave(r);
  *out = any;
  return true;
}

bool jn_truth(jn_run *r, jn_value v, bool *out) {
  bool failed = false;
  *out = false;
  switch ((int)v.kind) {
    case SF_BOOLEAN: *out = v.u.boolean; return true;
    case SF_INTEGER: *out = v.u.integer != 0; return true;
    case SF_DOUBLE:
    case SF_BIGNUM:
      *out = jn_is_numeric(r, v, &failed) && jn_double(v) != 0;
      return !failed;
    case SF_STRING:
    case JN_TEXT: *out = jn_bytes_of(v).length > 0; return true;
    case SF_OBJECT:
    case JN_OBJECT: *out = jn_object_count(v) > 0; return true;
    case SF_ARRAY:
    case JN_ARRAY: return array_truth(r, jn_items_of(v), out);
    case JN_FUNCTION:
      *out = r->dialect->functions_truthy && jn_is_declared(v);
      return true;
    default: return true;
  }
}

/* --- members --- */

static bool members_of(jn_run *r, jn_items items, jn_value key, jn_value *out) {
  jn_array *all = jn_new_array(r, 0, JN_SEQUENCE);
  size_t i;
  if (all == NULL || !jn_enter(r) || !jn_step(r, items.count))
    return false;
  for (i = 0; i < items.count; i++) {
    jn_value v;
    if (!jn_member_of(r, items.at[i], key, &v))
      return false;
    if (jn_is_undefined(v))
      continue;
    if (!(jn_is_array(v) ? jn_push_all(r, all, jn_items_of(v))
                         : jn_push(r, all, v)))
      return false;
  }
  jn_leave(r);
  *out = jn_array_value(all);
  return true;
}

bool jn_member_of(jn_run *r, jn_value input, jn_value key, jn_value *out) {
  *out = jn_undefined();
  if (jn_is_array(input))
    return members_of(r, jn_items_of(input), key, out);
  if (jn_is_object(input))
    *out = jn_object_get(&r->arena, input, key);
  return true;
}

/* --- export --- */

static bool export_into(jn_run *r, jn_value v, sf_builder *b);

/* Half a surrogate pair gets U+FFFD in its place. */
static sf_value export_string(const sf_alloc *mem, jn_bytes b) {
  sf_buffer out;
  size_t i, from = 0;
  sf_buffer_init(&out, mem);
  for (i = 0; i + 2 < b.length; i++)
    if ((unsigned char)b.at[i] == 0xED && (unsigned char)b.at[i + 1] >= 0xA0) {
      sf_buffer_add(&out, b.at + from, i - from);
      sf_buffer_add(&out, "\xEF\xBF\xBD", 3);
      from = i + 3;
      i += 2;
    }
  if (from == 0)
    return sf_string_new(mem, b.at, b.length);
  sf_buffer_add(&out, b.at + from, b.length - from);
  return sf_buffer_string(&out);
}

static sf_value export_scalar(jn_run *r, jn_value v) {
  if (v.kind == SF_DOUBLE)
    return isfinite(v.u.number) ? sf_number(v.u.number) : sf_null();
  if ((int)v.kind == JN_TEXT)
    return export_string(r->env->mem, jn_bytes_of(v));
  return jn_is_plain(v) ? sf_retain(v) : sf_absent();
}

/* Within an array or object. */
static sf_value export_leaf(jn_run *r, jn_value v) {
  const sf_alloc *mem = r->env->mem;
  if (v.kind != SF_DOUBLE || isfinite(v.u.number) ||
      !r->dialect->writes_infinity)
    return export_scalar(r, v);
  if (isnan(v.u.number))
    return sf_string_from(mem, "NaN");
  return sf_string_from(mem, v.u.number > 0 ? "Infinity" : "-Infinity");
}

static bool export_array(jn_run *r, jn_items items, sf_builder *b) {
  size_t i;
  if (!jn_step(r, items.count))
    return false;
  sf_builder_begin_array(b);
  for (i = 0; i < items.count; i++) {
    jn_value v = items.at[i];
    if (jn_is_undefined(v) || jn_is_function(v))
      v = sf_null();
    if (!export_into(r, v, b))
      return false;
  }
  return sf_builder_end(b) == SF_OK;
}

static bool export_object(jn_run *r, const jn_object *o, sf_builder *b) {
  size_t i;
  if (!jn_step(r, o->count))
    return false;
  sf_builder_begin_object(b);
  for (i = 0; i < o->count; i++) {
    const jn_member *m = &o->members[i];
    if (jn_is_undefined(m->value) || jn_is_function(m->value))
      continue;
    sf_builder_key_value(b, export_scalar(r, m->key));
    if (!export_into(r, m->value, b))
      return false;
  }
  return sf_builder_end(b) == SF_OK;
}

static bool export_into(jn_run *r, jn_value v, sf_builder *b) {
  bool fine;
  if ((int)v.kind == JN_TUPLE)
    v = jn_tuple_of(v)->item;
  if ((int)v.kind != JN_ARRAY && (int)v.kind != JN_OBJECT)
    return sf_builder_add(b, export_leaf(r, v)) == SF_OK;
  if (!jn_enter(r))
    return false;
  fine = (int)v.kind == JN_ARRAY ? export_array(r, jn_items_of(v), b)
                                 : export_object(r, jn_object_of(v), b);
  jn_leave(r);
  return fine;
}

bool jn_export(jn_run *r, jn_value v, sf_value *out) {
  sf_builder b;
  bool fine;
  *out = sf_absent();
  if (jn_is_undefined(v) || jn_is_function(v))
    return true;
  if ((int)v.kind != JN_ARRAY && (int)v.kind != JN_OBJECT) {
    *out = export_scalar(r, v);
    return out->kind != SF_ABSENT || jn_fail_memory(r);
  }
  sf_builder_init(&b, r->env->mem);
  fine = export_into(r, v, &b);
  if (fine)
    *out = sf_builder_take(&b);
  if (fine && out->kind == SF_ABSENT)
    fine = false;
  if (!fine && b.status == SF_ERR_LIMIT)
    jn_fail_limit(r, "the result is nested too deeply");
  else if (!fine)
    jn_fail_memory(r); /* does nothing where there is a fault already */
  sf_builder_clear(&b);
  return fine;
}
