/*
** eval_call.c - the nodes that call: f(x), x ~> f, f(?, x).
*/
#include <string.h>

#include "query/jsonata/apply.h"
#include "query/jsonata/function.h"

/* What a call calls, for the fault. */
static jn_value token_of(jn_run *r, const jn_node *procedure) {
  const char *text = jn_node_text(procedure, false);
  if (procedure->kind == JN_PATH)
    procedure = procedure->items[0];
  if (text != NULL)
    return jn_text_borrow(&r->lasting, text, strlen(text));
  return procedure->kind == JN_REGEX ? jn_undefined() : procedure->value;
}

/* Is there a variable of that name, so that only the '$' was forgotten? */
static bool is_variable(jn_run *r, jn_frame *frame, const jn_node *procedure) {
  jn_node variable;
  jn_value v;
  if (procedure->kind != JN_PATH || !jn_is_string(procedure->items[0]->value))
    return false;
  memset(&variable, 0, sizeof variable);
  variable.kind = JN_VARIABLE;
  variable.value = procedure->items[0]->value;
  variable.name = jn_names_number(&r->lasting, &r->names, variable.value);
  variable.builtin =
    jn_function_find(jn_bytes_of(variable.value), r->dialect->functions);
  return variable.name != 0 && jn_lookup(r, frame, &variable, &v) &&
         !jn_is_undefined(v);
}

static bool fail_call(jn_run *r, const char *code, const jn_node *n) {
  jn_fail(r, code, jn_undefined());
  r->fault->position = n->position;
  r->fault->token = token_of(r, n->a);
  return false;
}

/* What the function did not say, the call does. */
static bool blame_call(jn_run *r, const jn_node *n) {
  if (r->fault->status != SF_ERR_EVALUATE)
    return false;
  if (r->fault->position == SF_NO_OFFSET)
    r->fault->position = n->position;
  if (jn_is_undefined(r->fault->token))
    r->fault->token = token_of(r, n->a);
  return false;
}

/* n(...), with 'first' before its arguments when that is not NULL. */
static bool call_node(jn_run *r, const jn_node *n, jn_value input,
                      jn_frame *frame, const jn_value *first, jn_value *out) {
  jn_arguments args;
  jn_value fn;
  if (!jn_eval(r, n->a, input, frame, &fn))
    return false;
  if (jn_is_undefined(fn) && is_variable(r, frame, n->a))
    return fail_call(r, "T1005", n);
  if (!jn_eval_arguments(r, n, input, frame, first != NULL, &args))
    return false;
  if (first != NULL)
    args.at[0] = *first;
  jn_mark_call(fn,
               n->a->kind == JN_VARIABLE || n->a->kind == JN_PATH
                 ? token_of(r, n->a)
                 : jn_undefined(),
               n->position);
  return jn_apply(r, fn, args, input, frame, out) || blame_call(r, n);
}

bool jn_eval_call(jn_run *r, const jn_node *n, jn_value input, jn_frame *frame,
                  jn_value *out) {
  return call_node(r, n, input, frame, NULL, out);
}

/* a ~> b */
bool jn_eval_apply(jn_run *r, const jn_node *n, jn_value input, jn_frame *frame,
                   jn_value *out) {
  jn_arguments args = {NULL, 1};
  jn_value left, fn;
  if (!jn_eval(r, n->a, input, frame, &left))
    return false;
  if (n->b->kind == JN_CALL)
    return call_node(r, n->b, input, frame, &left, out);
  if (!jn_eval(r, n->b, input, frame, &fn))
    return false;
  if (!jn_is_function(fn)) {
    jn_fail(r, "T2006", fn);
    r->fault->position = n->position;
    return false;
  }
  if (jn_is_function(left))
    return jn_function_chain(r, left, fn, out);
  args.at = &left;
  return jn_apply(r, fn, args, jn_undefined(), frame, out);
}

bool jn_eval_partial(jn_run *r, const jn_node *n, jn_value input,
                     jn_frame *frame, jn_value *out) {
  jn_arguments args;
  jn_value fn;
  uint32_t i;
  if (!jn_eval_arguments(r, n, input, frame, 0, &args))
    return false;
  for (i = 0; i < n->count; i++)
    if (n->items[i]->kind == JN_PLACEHOLDER)
      args.at[i] = jn_block(JN_TAIL, NULL);
  if (!jn_eval(r, n->a, input, frame, &fn))
    return false;
  if (!jn_is_function(fn))
    return fail_call(
      r, jn_is_undefined(fn) && is_variable(r, frame, n->a) ? "T1007" : "T1008",
      n);
  return jn_function_partial(r, fn, args, out);
}
