/*
** apply.c - calls.  A call at the end of a lambda comes back as a JN_TAIL and
** is made by the loop in jn_apply; when what it needs is older than the loop's
** last round, the memory of that round is given back, so that a loop written
** as recursion runs in constant space.
*/
#include "query/jsonata/apply.h"

#include <string.h>

#include "query/jsonata/function.h"
#include "query/jsonata/match.h"

/* --- one call --- */

static bool call_lambda(jn_run *r, const jn_function *f, jn_arguments args,
                        jn_value input, jn_value *out) {
  jn_frame *frame;
  jn_binding *b;
  uint32_t i;
  if (f->signature != NULL &&
      !jn_signature_apply(&r->arena, f->signature->params, f->signature->count,
                          r->dialect->plus_repeats, input, &args, r->fault))
    return false;
  frame = jn_arena_new(&r->arena, sizeof *frame + f->count * sizeof *b);
  if (frame == NULL)
    return jn_fail_memory(r);
  b = (jn_binding *)(void *)(frame + 1);
  frame->outer = f->frame;
  frame->bindings = NULL;
  for (i = 0; i < f->count; i++, b++) {
    b->next = frame->bindings;
    b->name = f->params[i];
    b->value = i < args.count ? args.at[i] : jn_undefined();
    frame->bindings = b;
  }
  return jn_eval(r, f->node, f->input, frame, out);
}

/* A step is about as long as a walk over so many bytes. */
#define BYTES_OF_STEP 6

/* Functions walk over the texts that they are given, some of them twice. */
static bool pass_time(jn_run *r, jn_arguments args) {
  uint64_t bytes = 0;
  size_t i;
  for (i = 0; i < args.count; i++)
    if (jn_is_string(args.at[i]))
      bytes += jn_bytes_of(args.at[i]).length;
  return jn_pass_time(r, bytes / BYTES_OF_STEP);
}

static bool call_builtin(jn_run *r, const jn_function *f, jn_arguments args,
                         jn_value input, jn_frame *frame, jn_value *out) {
  const jn_row *row = jn_function_row(f->row);
  jn_call call = {r, NULL, 0, input, frame};
  if (!jn_signature_apply(&r->arena, row->params, row->count,
                          r->dialect->plus_repeats, input, &args, r->fault) ||
      !pass_time(r, args))
    return false;
  call.args = args.at;
  call.count = args.count;
  *out = jn_undefined();
  return row->fn(&call, out);
}

static bool call_partial(jn_run *r, const jn_function *f, jn_arguments args,
                         jn_frame *frame, jn_value *out) {
  jn_arguments all;
  uint32_t i;
  size_t next = 0;
  all.count = f->count;
  all.at = jn_arena_new(&r->arena, (f->count + 1) * sizeof *all.at);
  if (all.at == NULL)
    return jn_fail_memory(r);
  for (i = 0; i < f->count; i++) {
    all.at[i] = f->given[i];
    if ((int)all.at[i].kind == JN_TAIL)
      all.at[i] = next < args.count ? args.at[next++] : jn_undefined();
  }
  return jn_apply(r, f->of, all, jn_undefined(), frame, out);
}

static bool export_all(jn_run *r, jn_arguments args, sf_value *to) {
  size_t i;
  for (i = 0; i < args.count; i++)
    if (!jn_export(r, args.at[i], &to[i]) ||
        (to[i].kind != SF_ABSENT && !jn_keep(r, to[i])))
      return false;
  return true;
}

static bool call_host(jn_run *r, const jn_function *f, jn_arguments args,
                      jn_value *out) {
  sf_value *plain =
    jn_arena_zero(&r->lasting, (args.count + 1) * sizeof *plain);
  sf_error *err = jn_arena_new(&r->lasting, sizeof *err); /* large */
  sf_value result = sf_absent();
  sf_status status;
  if (plain == NULL || err == NULL)
    return jn_fail_memory(r);
  if (!export_all(r, args, plain))
    return false;
  status = r->env->call(r->env->host, f->row, plain, args.count, &result, err);
  if (status == SF_OK) {
    *out = result;
    return result.kind == SF_ABSENT || jn_keep(r, result);
  }
  if (status == SF_ERR_NOMEM)
    return jn_fault_nomem(r->fault);
  r->fault->message =
    jn_text_copy(&r->lasting, err->message, strlen(err->message));
  return jn_fail(r, "D3137", jn_undefined());
}

static bool call_chain(jn_run *r, const jn_function *f, jn_arguments args,
                       jn_frame *frame, jn_value *out) {
  jn_arguments second = {NULL, 1};
  jn_value v;
  if (args.count > 1)
    args.count = 1;
  second.at = &v;
  return jn_apply(r, f->of, args, jn_undefined(), frame, &v) &&
         jn_apply(r, f->then, second, jn_undefined(), frame, out);
}

static bool call_transform(jn_run *r, const jn_function *f, jn_arguments args,
                           jn_value input, jn_value *out) {
  static const jn_param param[] = {{JN_O | JN_A | JN_M, 0, 0, false}};
  return jn_signature_apply(&r->arena, param, 1, r->dialect->plus_repeats,
                            input, &args, r->fault) &&
         jn_transform(r, f->node, f->frame, args.at[0], out);
}

static bool call(jn_run *r, jn_value fn, jn_arguments args, jn_value input,
                 jn_frame *frame, jn_value *out) {
  const jn_function *f;
  if (!jn_is_function(fn))
    return jn_fail(r, "T1006", jn_undefined());
  f = jn_function_of(fn);
  switch (f->kind) {
    case JN_F_BUILTIN: return call_builtin(r, f, args, input, frame, out);
    case JN_F_LAMBDA: return call_lambda(r, f, args, input, out);
    case JN_F_PARTIAL: return call_partial(r, f, args, frame, out);
    case JN_F_REGEX: return jn_match_call(r, f, args, out);
    case JN_F_NEXT: return jn_match_next(r, f, out);
    case JN_F_TRANSFORM: return call_transform(r, f, args, input, out);
    case JN_F_CHAIN: return call_chain(r, f, args, frame, out);
    case JN_F_HOST: return call_host(r, f, args, out);
  }
  return false;
}

/* --- the loop --- */

/* Does the value hold on to memory of the current round? */
static bool is_fresh(const jn_run *r, jn_value v) {
  return !jn_is_plain(v) && jn_arena_is_newer(&r->arena, &r->mark, v.u.block);
}

/* Put an argument aside; false: it is too much. */
static bool set_aside(const jn_run *r, jn_aside *to, size_t i, jn_value v) {
  jn_bytes b;
  to->args[i] = v;
  if (!is_fresh(r, v))
    return true;
  if ((int)v.kind != JN_TEXT)
    return false;
  b = jn_bytes_of(v);
  if (b.length > JN_ASIDE_BYTES - to->used)
    return false;
  memcpy(to->bytes + to->used, b.at, b.length);
  to->used += b.length;
  return true;
}

static bool take_back(jn_run *r, const jn_aside *from, jn_arguments *args) {
  size_t i, at = 0, lengths[JN_ASIDE_ARGS];
  for (i = 0; i < args->count; i++)
    lengths[i] =
      is_fresh(r, from->args[i]) ? jn_bytes_of(from->args[i]).length : SIZE_MAX;
  jn_arena_rewind(&r->arena, &r->mark);
  args->at = jn_arena_new(&r->arena, (args->count + 1) * sizeof *args->at);
  if (args->at == NULL)
    return jn_fail_memory(r);
  for (i = 0; i < args->count; i++) {
    args->at[i] = from->args[i];
    if (lengths[i] == SIZE_MAX)
      continue;
    args->at[i] = jn_text_copy(&r->arena, from->bytes + at, lengths[i]);
    if (jn_is_undefined(args->at[i]))
      return jn_fail_memory(r);
    at += lengths[i];
  }
  return true;
}

/* Give the last round's memory back if nothing that goes on is in it;
** otherwise what comes next may. */
static bool next_round(jn_run *r, jn_value fn, jn_arguments *args) {
  jn_aside *kept = &r->aside;
  size_t i;
  bool fine = !r->is_pinned && args->count <= JN_ASIDE_ARGS && !is_fresh(r, fn);
  kept->used = 0;
  for (i = 0; fine && i < args->count; i++)
    fine = set_aside(r, kept, i, args->at[i]);
  if (fine)
    return take_back(r, kept, args);
  r->mark = jn_arena_mark(&r->arena);
  return true;
}

bool jn_eval_arguments(jn_run *r, const jn_node *n, jn_value input,
                       jn_frame *frame, size_t ahead, jn_arguments *out) {
  uint32_t i;
  out->count = n->count + ahead;
  out->at = jn_arena_new(&r->arena, (out->count + 1) * sizeof *out->at);
  if (out->at == NULL)
    return jn_fail_memory(r);
  for (i = 0; i < n->count; i++)
    if (!jn_eval(r, n->items[i], input, frame, &out->at[i + ahead]))
      return false;
  return true;
}

void jn_mark_call(jn_value fn, jn_value token, uint32_t position) {
  jn_function *f;
  if (!jn_is_function(fn) || !jn_is_declared(fn))
    return;
  f = jn_function_of(fn);
  if (!jn_is_undefined(token))
    f->token = token;
  f->position = position;
}

static bool blame(jn_run *r, jn_value fn) {
  const jn_function *f;
  if (!jn_is_function(fn) || r->fault->status != SF_ERR_EVALUATE)
    return false;
  f = jn_function_of(fn);
  if (jn_is_undefined(r->fault->token))
    r->fault->token = f->token;
  if (f->position != 0)
    r->fault->position = f->position;
  return false;
}

/* The calls that 'out' stands for, until there is a result. */
static bool run_tails(jn_run *r, jn_frame *frame, jn_value context,
                      jn_value *out) {
  while ((int)out->kind == JN_TAIL) {
    jn_tail t = *(jn_tail *)out->u.block;
    const jn_node *procedure = t.call->a;
    jn_arguments args;
    jn_value fn;
    if (!jn_eval(r, procedure, t.input, t.frame, &fn))
      return false;
    jn_mark_call(
      fn, procedure->kind == JN_VARIABLE ? procedure->value : jn_undefined(),
      procedure->position);
    if (!jn_eval_arguments(r, t.call, t.input, t.frame, 0, &args) ||
        !next_round(r, fn, &args))
      return false;
    if (!call(r, fn, args, context, frame, out))
      return blame(r, fn);
  }
  return true;
}

bool jn_apply(jn_run *r, jn_value fn, jn_arguments args, jn_value input,
              jn_frame *frame, jn_value *out) {
  jn_mark outer = r->mark;
  bool fine;
  *out = jn_undefined();
  if (!call(r, fn, args, input, frame, out))
    return blame(r, fn);
  if ((int)out->kind != JN_TAIL)
    return true;
  r->mark = jn_arena_mark(&r->arena);
  r->loops++;
  fine = run_tails(r, frame, input, out);
  r->loops--;
  r->mark = outer;
  return fine;
}

bool jn_call_back(jn_run *r, jn_value fn, jn_frame *frame, jn_value a,
                  jn_value b, jn_value c, jn_value *out) {
  uint32_t arity = jn_arity(fn);
  jn_value list[3];
  jn_arguments args = {list, arity < 2 ? 1 : arity < 3 ? 2 : 3};
  list[0] = a;
  list[1] = b;
  list[2] = c;
  return jn_apply(r, fn, args, jn_undefined(), frame, out);
}
