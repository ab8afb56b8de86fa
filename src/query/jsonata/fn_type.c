/*
** fn_type.c - types, truth, errors, and $eval.
*/
#include "query/jsonata/function.h"
#include "query/jsonata/text.h"

static bool literal(const jn_call *c, const char *text, jn_value *out) {
  *out = jn_text_borrow(&c->run->arena, text, strlen(text));
  return !jn_is_undefined(*out) || jn_fail_memory(c->run);
}

/* As jn_truth, but a function is false in every dialect: what is an argument
** has been wrapped. */
static bool truth_of(const jn_call *c, bool *out) {
  *out = false;
  return jn_is_function(c->args[0]) || jn_truth(c->run, c->args[0], out);
}

bool jn_fn_boolean(const jn_call *c, jn_value *out) {
  bool truth;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (!truth_of(c, &truth))
    return false;
  *out = sf_boolean(truth);
  return true;
}

bool jn_fn_not(const jn_call *c, jn_value *out) {
  bool truth;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (!truth_of(c, &truth))
    return false;
  *out = sf_boolean(!truth);
  return true;
}

bool jn_fn_exists(const jn_call *c, jn_value *out) {
  *out = sf_boolean(!jn_is_undefined(c->args[0]));
  return true;
}

bool jn_fn_type(const jn_call *c, jn_value *out) {
  jn_value v = c->args[0];
  switch ((int)v.kind) {
    case SF_ABSENT: return true;
    case SF_NULL: return literal(c, "null", out);
    case SF_BOOLEAN: return literal(c, "boolean", out);
    case SF_INTEGER:
    case SF_DOUBLE:
    case SF_BIGNUM: return literal(c, "number", out);
    case SF_STRING:
    case JN_TEXT: return literal(c, "string", out);
    case SF_ARRAY:
    case JN_ARRAY: return literal(c, "array", out);
    case JN_FUNCTION: return literal(c, "function", out);
    default: return literal(c, "object", out);
  }
}

/* --- errors on purpose --- */

static bool fail_with(const jn_call *c, const char *code, jn_value message,
                      const char *otherwise) {
  if (!jn_is_string(message) || jn_bytes_of(message).length == 0)
    message = jn_text_borrow(&c->run->lasting, otherwise, strlen(otherwise));
  c->run->fault->message = message;
  return jn_fail(c->run, code, jn_undefined());
}

bool jn_fn_error(const jn_call *c, jn_value *out) {
  (void)out;
  return fail_with(c, "D3137", c->args[0], "$error() function evaluated");
}

bool jn_fn_assert(const jn_call *c, jn_value *out) {
  (void)out;
  if (c->args[0].kind == SF_BOOLEAN && c->args[0].u.boolean)
    return true;
  return fail_with(c, "D3141", c->args[1], "$assert() statement failed");
}

/* --- $eval --- */

/* The fault so far becomes the value of a new one. */
static bool wrap_fault(jn_run *r, const char *code) {
  sf_error *inner;
  jn_value text;
  if (r->fault->status != SF_ERR_EVALUATE)
    return false;
  inner = jn_arena_new(&r->lasting, sizeof *inner); /* large */
  if (inner == NULL)
    return false;
  jn_fault_message(r->fault, r->env->mem, inner);
  text = jn_text_copy(&r->lasting, inner->message, strlen(inner->message));
  jn_fault_clear(r->fault);
  return jn_fail(r, code, text);
}

static jn_node *compile(const jn_call *c, jn_bytes text) {
  jn_run *r = c->run;
  jn_compiler compiler;
  char *copy;
  if (text.length > SF_JSONATA_LENGTH_MAX) {
    jn_fail_limit(r, "an expression is too long");
    return NULL;
  }
  copy = jn_arena_new(&r->lasting, text.length + 1);
  if (copy == NULL || !jn_step(r, text.length)) {
    jn_fail_memory(r);
    return NULL;
  }
  jn_copy_bytes(copy, text);
  compiler.mem = r->env->mem;
  compiler.dialect = r->dialect;
  compiler.arena = &r->lasting;
  compiler.names = &r->names;
  compiler.kept = &r->kept;
  compiler.fault = r->fault;
  compiler.text = copy;
  compiler.length = text.length;
  return jn_compile(&compiler);
}

bool jn_fn_eval(const jn_call *c, jn_value *out) {
  jn_run *r = c->run;
  jn_value input = c->input;
  const jn_node *tree;
  if (jn_is_undefined(c->args[0]))
    return true;
  r->is_pinned = true;
  if (!jn_is_undefined(c->args[1])) {
    input = c->args[1];
    if (jn_is_array(input) && !jn_is_sequence(input)) {
      jn_array *outer = jn_new_array(r, 1, JN_SEQUENCE | JN_OUTER);
      if (outer == NULL || !jn_push(r, outer, input))
        return false;
      input = jn_array_value(outer);
    }
  }
  tree = compile(c, jn_bytes_of(c->args[0]));
  if (tree == NULL)
    return wrap_fault(r, "D3120");
  return jn_eval(r, tree, input, c->frame, out) || wrap_fault(r, "D3121");
}
