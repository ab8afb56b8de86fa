/*
** eval.c - evaluation of the kinds of nodes, and the frames of variables.
*/
#include <math.h>
#include <string.h>

#include "query/jsonata/apply.h"
#include "query/jsonata/run.h"

/* --- faults --- */

bool jn_fail(jn_run *r, const char *code, jn_value value) {
  return jn_fault_set(r->fault, code, value);
}

bool jn_fail_limit(jn_run *r, const char *message) {
  if (r->fault->status != SF_OK)
    return false;
  jn_fault_set(r->fault, "U1001", jn_undefined());
  r->fault->status = SF_ERR_LIMIT;
  r->fault->name = message;
  return false;
}

bool jn_fail_memory(jn_run *r) {
  if (r->arena.over || r->lasting.over)
    return jn_fail_limit(r, r->dialect->memory_over);
  return jn_fault_nomem(r->fault);
}

bool jn_fail_sequence(jn_run *r) {
  return r->dialect->sequence_is_memory
           ? jn_fail_limit(r, r->dialect->memory_over)
           : jn_fail(r, "D2015", jn_number((double)r->sequence_max));
}

/* --- frames --- */

static jn_binding *binding(jn_arena *a, const jn_binding *next, uint32_t name,
                           jn_value v) {
  jn_binding *b = jn_arena_new(a, sizeof *b);
  if (b == NULL)
    return NULL;
  b->next = next;
  b->name = name;
  b->value = v;
  return b;
}

bool jn_bind(jn_run *r, jn_frame *frame, uint32_t name, jn_value v) {
  jn_binding *b = binding(&r->arena, frame->bindings, name, v);
  if (b == NULL)
    return jn_fail_memory(r);
  frame->bindings = b;
  if (r->loops > 0 && !jn_arena_is_newer(&r->arena, &r->mark, frame))
    r->is_pinned = true;
  return true;
}

static bool lookup_name(const jn_frame *frame, uint32_t name, jn_value *out) {
  for (; frame != NULL; frame = frame->outer) {
    const jn_binding *b;
    for (b = frame->bindings; b != NULL; b = b->next)
      if (b->name == name) {
        *out = b->value;
        return true;
      }
  }
  return false;
}

/* A name that no frame knows: the host's, or a function of the library.  What
** is found is bound for the rest of the evaluation. */
static bool lookup_global(jn_run *r, const jn_node *n, jn_value *out) {
  jn_binding *b;
  sf_jsonata_binding found = {{{0}, SF_ABSENT}, 0, 0};
  *out = jn_undefined();
  if (r->env->variable != NULL && n->value.kind == SF_STRING)
    found = r->env->variable(r->env->host, n->value);
  if (found.function != 0) {
    if (!jn_function_host(r, found.function, found.arity, out))
      return false;
  } else if (found.value.kind != SF_ABSENT)
    *out = found.value;
  else if (n->builtin >= 0 && !jn_function_builtin(r, n->builtin, out))
    return false;
  b = binding(&r->lasting, r->root.bindings, n->name, *out);
  if (b == NULL)
    return jn_fail_memory(r);
  r->root.bindings = b;
  return true;
}

bool jn_lookup(jn_run *r, jn_frame *frame, const jn_node *n, jn_value *out) {
  if (lookup_name(frame, n->name, out))
    return true;
  if (n->name == JN_ROOT_NAME) {
    *out = r->input;
    return true;
  }
  return lookup_global(r, n, out);
}

/* --- small kinds --- */

bool jn_eval_variable(jn_run *r, const jn_node *n, jn_value input,
                      jn_frame *frame, jn_value *out) {
  if (n->name != 0)
    return jn_lookup(r, frame, n, out);
  *out = input;
  if (jn_flags(input) & JN_OUTER)
    *out = jn_items_of(input).at[0];
  return true;
}

/* All that is not an array in 'v', which may be nested. */
static bool flatten(jn_run *r, jn_value v, jn_array *to) {
  jn_items items;
  size_t i;
  bool fine = true;
  if (!jn_is_array(v))
    return jn_push(r, to, v);
  if (!jn_enter(r) || !jn_step(r, jn_items_of(v).count))
    return false;
  items = jn_items_of(v);
  for (i = 0; i < items.count && fine; i++)
    fine = flatten(r, items.at[i], to);
  jn_leave(r);
  return fine;
}

static bool eval_wildcard(jn_run *r, jn_value input, jn_value *out) {
  jn_array *results = jn_new_array(r, 4, JN_SEQUENCE);
  size_t i, count;
  if (results == NULL)
    return false;
  *out = jn_array_value(results);
  if ((jn_flags(input) & JN_OUTER) && jn_items_of(input).count > 0)
    input = jn_items_of(input).at[0];
  count = jn_is_object(input)  ? jn_object_count(input)
          : jn_is_array(input) ? jn_items_of(input).count
                               : 0;
  for (i = 0; i < count; i++) {
    jn_value v = jn_is_object(input) ? jn_object_at(input, i).value
                                     : jn_items_of(input).at[i];
    if (jn_is_array(v))
      results->flags = 0; /* $append makes a plain array of a sequence */
    if (!jn_step(r, 1) || !flatten(r, v, results))
      return false;
  }
  return true;
}

static bool descend(jn_run *r, jn_value v, jn_array *to) {
  size_t i, count;
  bool fine;
  if (!jn_is_array(v) && !jn_push(r, to, v))
    return false;
  if (!jn_is_array(v) && !jn_is_object(v))
    return true;
  count = jn_is_object(v) ? jn_object_count(v) : jn_items_of(v).count;
  fine = jn_enter(r) && jn_step(r, count);
  for (i = 0; i < count && fine; i++)
    fine = descend(
      r, jn_is_object(v) ? jn_object_at(v, i).value : jn_items_of(v).at[i], to);
  jn_leave(r);
  return fine;
}

static bool eval_descendants(jn_run *r, jn_value input, jn_value *out) {
  jn_array *results;
  *out = jn_undefined();
  if (jn_is_undefined(input))
    return true;
  results = jn_new_array(r, 8, JN_SEQUENCE);
  if (results == NULL || !descend(r, input, results))
    return false;
  *out = results->count == 1 ? results->items[0] : jn_array_value(results);
  return true;
}

static bool eval_negate(jn_run *r, const jn_node *n, jn_value input,
                        jn_frame *frame, jn_value *out) {
  jn_value v;
  bool failed = false;
  *out = jn_undefined();
  if (!jn_eval(r, n->a, input, frame, &v))
    return false;
  if (jn_is_undefined(v))
    return true;
  if (jn_is_numeric(r, v, &failed)) {
    *out = jn_number(-jn_double(v));
    return true;
  }
  if (failed)
    return false;
  jn_fail(r, "D1002", v);
  r->fault->position = n->position;
  r->fault->token = jn_text_borrow(&r->arena, "-", 1);
  return false;
}

/* The elements of an array behind those of a list; the first ones are borrowed
** until more come. */
static bool list_add_all(jn_run *r, jn_array *list, jn_items items) {
  if (list->count > 0 || items.count < 16)
    return jn_push_all(r, list, items);
  list->items = (jn_value *)(uintptr_t)items.at;
  list->count = items.count;
  list->capacity = 0;
  return true;
}

static bool eval_list(jn_run *r, const jn_node *n, jn_value input,
                      jn_frame *frame, jn_value *out) {
  jn_array *list = jn_new_array(r, n->count, n->is_cons ? JN_CONS : 0);
  uint32_t i;
  if (list == NULL)
    return false;
  for (i = 0; i < n->count; i++) {
    const jn_node *item = n->items[i];
    jn_value v;
    if (!jn_eval(r, item, input, frame, &v))
      return false;
    if (jn_is_undefined(v))
      continue;
    if (!(item->kind == JN_LIST || !jn_is_array(v)
            ? jn_push(r, list, v)
            : list_add_all(r, list, jn_items_of(v))))
      return false;
  }
  *out = jn_array_value(list);
  return true;
}

static bool eval_block(jn_run *r, const jn_node *n, jn_value input,
                       jn_frame *frame, jn_value *out) {
  jn_frame *inner = jn_arena_new(&r->arena, sizeof *inner);
  uint32_t i;
  if (inner == NULL)
    return jn_fail_memory(r);
  inner->outer = frame;
  inner->bindings = NULL;
  *out = jn_undefined();
  for (i = 0; i < n->count; i++)
    if (!jn_eval(r, n->items[i], input, inner, out))
      return false;
  return true;
}

static bool eval_condition(jn_run *r, const jn_node *n, jn_value input,
                           jn_frame *frame, jn_value *out) {
  jn_value v;
  bool truth;
  *out = jn_undefined();
  if (!jn_eval(r, n->a, input, frame, &v) || !jn_truth(r, v, &truth))
    return false;
  if (truth)
    return jn_eval(r, n->b, input, frame, out);
  return n->c == NULL || jn_eval(r, n->c, input, frame, out);
}

/* a ?? b and a ?: b */
static bool eval_default(jn_run *r, const jn_node *n, jn_value input,
                         jn_frame *frame, jn_value *out) {
  bool use;
  if (!jn_eval(r, n->a, input, frame, out))
    return false;
  use = !jn_is_undefined(*out);
  if (use && n->kind == JN_DEFAULT && !jn_truth(r, *out, &use))
    return false;
  return use || jn_eval(r, n->b, input, frame, out);
}

static bool eval_bind(jn_run *r, const jn_node *n, jn_value input,
                      jn_frame *frame, jn_value *out) {
  return jn_eval(r, n->a, input, frame, out) &&
         jn_bind(r, frame, n->name, *out);
}

static bool eval_parent(const jn_node *n, const jn_frame *frame,
                        jn_value *out) {
  if (!lookup_name(frame, n->slot->label, out))
    *out = jn_undefined();
  return true;
}

/* --- the dispatch --- */

static bool eval_kind(jn_run *r, const jn_node *n, jn_value input,
                      jn_frame *frame, jn_value *out) {
  switch ((jn_kind)n->kind) {
    case JN_PATH: return jn_eval_path(r, n, input, frame, out);
    case JN_BINARY: return jn_eval_binary(r, n, input, frame, out);
    case JN_NEGATE: return eval_negate(r, n, input, frame, out);
    case JN_LIST: return eval_list(r, n, input, frame, out);
    case JN_MAP: return jn_eval_group(r, n, input, frame, out);
    case JN_NAME: return jn_member_of(r, input, n->value, out);
    case JN_LITERAL: *out = n->value; return true;
    case JN_WILDCARD: return eval_wildcard(r, input, out);
    case JN_DESCENDANT: return eval_descendants(r, input, out);
    case JN_PARENT: return eval_parent(n, frame, out);
    case JN_CONDITION: return eval_condition(r, n, input, frame, out);
    case JN_COALESCE:
    case JN_DEFAULT: return eval_default(r, n, input, frame, out);
    case JN_BLOCK: return eval_block(r, n, input, frame, out);
    case JN_BIND: return eval_bind(r, n, input, frame, out);
    case JN_REGEX: return jn_function_regex(r, n, out);
    case JN_CALL:
      if (n->is_tail)
        return jn_tail_new(r, n, input, frame, out);
      return jn_eval_call(r, n, input, frame, out);
    case JN_VARIABLE: return jn_eval_variable(r, n, input, frame, out);
    case JN_LAMBDA: return jn_function_lambda(r, n, input, frame, out);
    case JN_PARTIAL: return jn_eval_partial(r, n, input, frame, out);
    case JN_APPLY: return jn_eval_apply(r, n, input, frame, out);
    case JN_TRANSFORM: return jn_function_transform(r, n, frame, out);
    case JN_PLACEHOLDER:
    case JN_SORT:
    case JN_TERM:
    case JN_END: break;
  }
  *out = jn_undefined();
  return true;
}

jn_value jn_collapse(jn_value v, bool keep) {
  jn_array *a;
  if ((jn_flags(v) & (JN_SEQUENCE | JN_STREAM)) != JN_SEQUENCE)
    return v;
  a = jn_array_of(v);
  if (keep)
    a->flags |= JN_KEEP;
  if (a->count == 0)
    return jn_undefined();
  return a->count == 1 && !(a->flags & JN_KEEP) ? a->items[0] : v;
}

/* The predicates of what is not a step.  A position that is not there leaves
** nothing for the others. */
static bool eval_predicates(jn_run *r, const jn_node *n, jn_frame *frame,
                            jn_value *out) {
  const jn_stage *s;
  jn_array *one;
  for (s = n->stages; s != NULL; s = s->next)
    if (!jn_eval_filter(r, s->filter, *out, frame, out))
      return false;
    else if (jn_is_undefined(*out))
      return true;
  if (!n->keep_array || jn_is_array(*out))
    return true;
  one = jn_new_array(r, 1, JN_SEQUENCE);
  if (one == NULL || !jn_push(r, one, *out))
    return false;
  *out = jn_array_value(one);
  return true;
}

/* Predicates and grouping of what is not a step. */
static bool eval_behind(jn_run *r, const jn_node *n, jn_frame *frame,
                        jn_value *out) {
  if (n->is_predicate && !eval_predicates(r, n, frame, out))
    return false;
  if (n->kind != JN_PATH && n->group != NULL)
    return jn_eval_group(r, n->group, *out, frame, out);
  return true;
}

bool jn_eval(jn_run *r, const jn_node *n, jn_value input, jn_frame *frame,
             jn_value *out) {
  if (!jn_enter(r) || !jn_step(r, 1) || !eval_kind(r, n, input, frame, out))
    return false;
  if ((n->is_predicate || n->group != NULL) && (int)out->kind != JN_TAIL &&
      !eval_behind(r, n, frame, out))
    return false;
  if ((int)out->kind == JN_ARRAY)
    *out = jn_collapse(*out, n->keep_array);
  jn_leave(r);
  return true;
}
