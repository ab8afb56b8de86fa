/*
** callable.c - functions as values: made, and asked how many arguments they want.
*/
#include "query/jsonata/apply.h"
#include "query/jsonata/function.h"

static jn_function *new_function(jn_run *r, jn_arena *a, jn_function_kind kind,
                                 jn_value *out) {
  jn_function *f = jn_arena_zero(a, sizeof *f);
  if (f == NULL) {
    jn_fail_memory(r);
    return NULL;
  }
  f->kind = kind;
  *out = jn_block(JN_FUNCTION, f);
  return f;
}

bool jn_function_builtin(jn_run *r, int row, jn_value *out) {
  jn_function *f = new_function(r, &r->lasting, JN_F_BUILTIN, out);
  if (f == NULL)
    return false;
  f->row = (uint32_t)row;
  return true;
}

bool jn_function_host(jn_run *r, uint32_t number, uint32_t arity,
                      jn_value *out) {
  jn_function *f = new_function(r, &r->lasting, JN_F_HOST, out);
  if (f == NULL)
    return false;
  f->row = number;
  f->arity = arity;
  return true;
}

bool jn_function_lambda(jn_run *r, const jn_node *n, jn_value input,
                        jn_frame *frame, jn_value *out) {
  jn_function *f = new_function(r, &r->arena, JN_F_LAMBDA, out);
  uint32_t *params, i;
  if (f == NULL)
    return false;
  params = jn_arena_new(&r->arena, (n->count + 1) * sizeof *params);
  if (params == NULL)
    return jn_fail_memory(r);
  for (i = 0; i < n->count; i++)
    params[i] = n->items[i]->name;
  f->node = n->a;
  f->frame = frame;
  f->input = input;
  f->params = params;
  f->count = n->count;
  f->signature = n->signature;
  return true;
}

bool jn_function_regex(jn_run *r, const jn_node *n, jn_value *out) {
  jn_function *f = new_function(r, &r->arena, JN_F_REGEX, out);
  if (f == NULL)
    return false;
  f->node = n;
  return true;
}

bool jn_function_transform(jn_run *r, const jn_node *n, jn_frame *frame,
                           jn_value *out) {
  jn_function *f = new_function(r, &r->arena, JN_F_TRANSFORM, out);
  if (f == NULL)
    return false;
  f->node = n;
  f->frame = frame;
  return true;
}

bool jn_function_chain(jn_run *r, jn_value of, jn_value then, jn_value *out) {
  jn_function *f = new_function(r, &r->arena, JN_F_CHAIN, out);
  if (f == NULL)
    return false;
  f->of = of;
  f->then = then;
  return true;
}

/* A lambda with some parameters bound. */
static bool partial_lambda(jn_run *r, const jn_function *f, jn_arguments args,
                           jn_value *out) {
  jn_frame *frame = jn_arena_new(&r->arena, sizeof *frame);
  uint32_t *params = jn_arena_new(&r->arena, (f->count + 1) * sizeof *params);
  jn_function *p = new_function(r, &r->arena, JN_F_LAMBDA, out);
  uint32_t i;
  if (frame == NULL || params == NULL || p == NULL)
    return jn_fail_memory(r);
  frame->outer = f->frame;
  frame->bindings = NULL;
  p->node = f->node;
  p->frame = frame;
  p->input = f->input;
  p->params = params;
  for (i = 0; i < f->count; i++) {
    jn_value v = i < args.count ? args.at[i] : jn_undefined();
    if ((int)v.kind == JN_TAIL)
      params[p->count++] = f->params[i];
    else if (!jn_bind(r, frame, f->params[i], v))
      return false;
  }
  return true;
}

static bool partial_other(jn_run *r, jn_value fn, jn_arguments args,
                          jn_value *out) {
  jn_function *p = new_function(r, &r->arena, JN_F_PARTIAL, out);
  if (p == NULL)
    return false;
  p->of = fn;
  p->given = args.at;
  p->count = (uint32_t)args.count;
  return true;
}

bool jn_function_partial(jn_run *r, jn_value fn, jn_arguments args,
                         jn_value *out) {
  return jn_function_of(fn)->kind == JN_F_LAMBDA
           ? partial_lambda(r, jn_function_of(fn), args, out)
           : partial_other(r, fn, args, out);
}

bool jn_function_next(jn_run *r, const jn_node *n, jn_value text, size_t start,
                      jn_value *out) {
  jn_function *f = new_function(r, &r->arena, JN_F_NEXT, out);
  if (f == NULL)
    return false;
  f->node = n;
  f->text = text;
  f->start = start;
  return true;
}

bool jn_tail_new(jn_run *r, const jn_node *call, jn_value input,
                 jn_frame *frame, jn_value *out) {
  jn_tail *t = jn_arena_new(&r->arena, sizeof *t);
  if (t == NULL)
    return jn_fail_memory(r);
  t->call = call;
  t->input = input;
  t->frame = frame;
  *out = jn_block(JN_TAIL, t);
  return true;
}

bool jn_is_declared(jn_value fn) {
  jn_function_kind kind = jn_function_of(fn)->kind;
  return kind != JN_F_REGEX && kind != JN_F_NEXT && kind != JN_F_HOST;
}

/* --- arity --- */

static uint32_t holes(const jn_function *f) {
  uint32_t i, n = 0;
  for (i = 0; i < f->count; i++)
    n += (int)f->given[i].kind == JN_TAIL;
  return n;
}

uint32_t jn_arity(jn_value fn) {
  const jn_function *f = jn_function_of(fn);
  switch (f->kind) {
    case JN_F_BUILTIN: return jn_function_row(f->row)->arity;
    case JN_F_LAMBDA: return f->count;
    case JN_F_PARTIAL: return holes(f);
    case JN_F_REGEX: return 2;
    case JN_F_NEXT: return 0;
    case JN_F_TRANSFORM:
    case JN_F_CHAIN: return 1;
    case JN_F_HOST: return f->arity;
  }
  return 0;
}
