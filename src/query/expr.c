/*
** expr.c - expressions as values of fields: what they are, what they read, and
** their evaluation.  expr_compile.c makes the program that runs here.
*/
#include "query/expr_program.h"

#include <assert.h>
#include <string.h>

#include "query/jsonata/jsonata.h"

#define STACK_SMALL 16 /* values that need no memory from the heap */

/* An expression, its steps and its text lie in one block. */
static size_t block_size(const sf_expr *e) {
  return sizeof *e + e->count * sizeof *e->steps + e->length + 1;
}

sf_status sf_expr_draft(sf_expr *draft, const sf_alloc *mem, const char *text,
                        size_t len, sf_error *err) {
  if (len > SF_PATH_LENGTH_MAX)
    return sf_error_at(err, SF_ERR_LIMIT, SF_PATH_LENGTH_MAX,
                       "the expression is longer than %d bytes",
                       SF_PATH_LENGTH_MAX);
  memset(draft, 0, sizeof *draft);
  draft->mem = mem;
  draft->text = text;
  draft->length = len;
  return SF_OK;
}

/* Release what the steps own. */
static void clear_draft(sf_expr *draft) {
  size_t i;
  for (i = 0; i < draft->count; i++) {
    sf_release(draft->steps[i].value);
    sf_path_release(draft->steps[i].path);
    sf_jsonata_release(draft->steps[i].jsonata);
  }
}

sf_status sf_expr_settle(sf_expr *draft, sf_expr **out, sf_error *err) {
  sf_expr *e = sf_alloc_new(draft->mem, block_size(draft));
  char *text;
  *out = e;
  if (e == NULL) {
    clear_draft(draft);
    return sf_error_nomem(err);
  }
  *e = *draft;
  e->steps = (sf_expr_step *)(e + 1);
  memcpy(e->steps, draft->steps, e->count * sizeof *e->steps);
  e->text = text = (char *)(e->steps + e->count);
  memcpy(text, draft->text, e->length);
  text[e->length] = '\0';
  return SF_OK;
}

sf_status sf_expr_new(const sf_alloc *mem, sf_path_cache *cache,
                      const char *text, size_t len, sf_expr **out,
                      sf_error *err) {
  sf_expr draft;
  size_t capacity = 0;
  sf_status st;
  assert(mem != NULL && out != NULL && err != NULL);
  *out = NULL;
  st = sf_expr_draft(&draft, mem, text, len, err);
  if (st != SF_OK)
    return st;
  st = sf_expr_compile(&draft, cache, &capacity, err);
  if (st == SF_OK)
    st = sf_expr_settle(&draft, out, err);
  else
    clear_draft(&draft);
  sf_alloc_free(mem, draft.steps, capacity * sizeof *draft.steps);
  return st;
}

void sf_expr_free(sf_expr *e) {
  if (e == NULL)
    return;
  clear_draft(e);
  sf_alloc_free(e->mem, e, block_size(e));
}

/* --- what it is --- */

sf_expr_kind sf_expr_what(const sf_expr *e) {
  switch (e->steps[e->count - 1].op) {
    case SF_OP_INPUT: return SF_EXPR_INPUT;
    case SF_OP_CONTEXT: return SF_EXPR_CONTEXT;
    case SF_OP_VARIABLE: return SF_EXPR_VARIABLE;
    case SF_OP_JSONATA: return SF_EXPR_JSONATA;
    default: return SF_EXPR_CALL;
  }
}

const char *sf_expr_text(const sf_expr *e) {
  return e->text;
}

const sf_path *sf_expr_path(const sf_expr *e) {
  return e->steps[e->count - 1].path;
}

static bool reads_before(const sf_expr *e, size_t step, sf_value name) {
  size_t i;
  for (i = 0; i < step; i++)
    if (e->steps[i].op == SF_OP_VARIABLE && sf_equal(e->steps[i].value, name))
      return true;
  return false;
}

void sf_expr_variables(const sf_expr *e, void (*visit)(void *ud, sf_value name),
                       void *ud) {
  size_t i;
  if (e->steps->op == SF_OP_JSONATA)
    sf_expr_jsonata_variables(e, visit, ud);
  for (i = 0; i < e->count; i++)
    if (e->steps[i].op == SF_OP_VARIABLE &&
        !reads_before(e, i, e->steps[i].value))
      visit(ud, e->steps[i].value);
}

bool sf_expr_is_reference(const sf_expr *e) {
  const sf_path *path = sf_expr_path(e);
  return path != NULL && sf_path_is_reference(path);
}

/* --- evaluation --- */

static sf_value root_of(const sf_expr_step *step, const sf_env *env) {
  if (step->op == SF_OP_INPUT)
    return env->input;
  return step->op == SF_OP_CONTEXT ? env->context(env->host)
                                   : env->variable(env->host, step->value);
}

static sf_status no_root(const sf_expr_step *step, sf_error *err) {
  if (step->op == SF_OP_CONTEXT)
    return sf_error_nomem(err);
  if (step->op == SF_OP_INPUT)
    return sf_error_set(err, SF_ERR_NOT_FOUND, "there is no input here");
  return sf_error_set(err, SF_ERR_NOT_FOUND, "the variable '$%s' is not set",
                      sf_string_text(step->value));
}

/* Where a path that may name many nodes leads nowhere at all, there are none of
** them.  (The library behind the service has come to call that an error; the
** service has not.) */
static sf_status read_found(const sf_path *path, sf_value root,
                            const sf_env *env, sf_value *out, sf_error *err) {
  sf_status st = sf_path_read(path, root, env->budget, out, err);
  if (st != SF_ERR_NOT_FOUND)
    return st;
  if (sf_path_is_definite(path)) {
    if (!env->gaps || !sf_path_names_gap(path, root))
      return st;
    *out = sf_null();
    return SF_OK;
  }
  *out = sf_array_new(env->mem, 0);
  return out->kind == SF_ABSENT ? sf_error_nomem(err) : SF_OK;
}

static sf_status read_path(const sf_expr_step *step, const sf_env *env,
                           sf_value *out, sf_error *err) {
  sf_value root = root_of(step, env);
  if (root.kind == SF_ABSENT)
    return no_root(step, err);
  if (step->quick) {
    sf_value v = sf_path_get(step->path, root);
    if (v.kind != SF_ABSENT) {
      *out = sf_retain(v);
      return SF_OK;
    }
  }
  return read_found(step->path, root, env, out, err);
}

/* Put the text of the call before the reason, as the service does. */
static sf_status blame(const sf_expr *e, const sf_expr_step *step,
                       sf_error *err) {
  enum { CALL_MAX = 3 * SF_ERROR_MESSAGE_MAX / 4 }; /* the reason fits, too */
  sf_error reason = *err;
  size_t len = step->to - step->from;
  const char *more = "";
  if (len > CALL_MAX) {
    more = "...";
    len = CALL_MAX;
    while (((unsigned char)e->text[step->from + len] & 0xC0) == 0x80)
      len--; /* to the beginning of a character */
  }
  return sf_error_at(err, reason.status, step->from, "%.*s%s. %s", (int)len,
                     e->text + step->from, more, reason.message);
}

/* Functions walk over the texts that they are given. */
static bool pass_time(const sf_env *env, const sf_value *args, size_t count) {
  enum { BYTES_OF_STEP = 6 };
  uint64_t bytes = 0;
  size_t i;
  for (i = 0; i < count; i++)
    if (args[i].kind == SF_STRING)
      bytes += sf_string_length(args[i]);
  return sf_budget_spend(env->budget, bytes / BYTES_OF_STEP);
}

static sf_status run_call(const sf_expr *e, const sf_expr_step *step,
                          const sf_env *env, const sf_value *args,
                          sf_value *out, sf_error *err) {
  sf_call call;
  sf_status st;
  if (!pass_time(env, args, step->count))
    return sf_error_set(err, SF_ERR_LIMIT, "the expression is too much work");
  call.env = env;
  call.function = step->function;
  call.args = args;
  call.count = step->count;
  call.err = err;
  st = step->function->run(&call, out);
  return st == SF_ERR_EVALUATE ? blame(e, step, err) : st;
}

static sf_status run(const sf_expr *e, const sf_env *env, sf_value *stack,
                     sf_value *out, sf_error *err) {
  const sf_expr_step *step = e->steps, *end = e->steps + e->count;
  size_t top = 0;
  sf_status st = SF_OK;
  for (; step < end && st == SF_OK; step++) {
    sf_value v = sf_absent();
    if (step->op == SF_OP_CALL) {
      st = run_call(e, step, env, stack + top - step->count, &v, err);
      if (st != SF_OK)
        break;
      for (size_t i = 0; i < step->count; i++)
        sf_release(stack[--top]);
    } else if (step->op == SF_OP_CONSTANT) {
      v = sf_retain(step->value);
    } else {
      st = read_path(step, env, &v, err);
      if (st != SF_OK)
        err->offset = step->from;
    }
    if (st == SF_OK)
      stack[top++] = v;
  }
  if (st == SF_OK)
    *out = stack[--top];
  while (top > 0)
    sf_release(stack[--top]);
  return st;
}

sf_status sf_expr_eval(const sf_expr *e, const sf_env *env, sf_value *out,
                       sf_error *err) {
  sf_value small[STACK_SMALL], *stack = small;
  sf_status st;
  *out = sf_absent();
  if (!sf_budget_take(env->budget, e->count))
    return sf_error_set(err, SF_ERR_LIMIT, "the expression is too much work");
  if (e->count == 1 && e->steps->path != NULL)
    return read_path(e->steps, env, out, err);
  if (e->steps->op == SF_OP_JSONATA)
    return sf_expr_run_jsonata(e, env, out, err);
  if (e->height > STACK_SMALL) {
    stack = sf_alloc_array(env->mem, e->height, sizeof *stack);
    if (stack == NULL)
      return sf_error_nomem(err);
  }
  st = run(e, env, stack, out, err);
  if (stack != small)
    sf_alloc_free(env->mem, stack, e->height * sizeof *stack);
  return st;
}

sf_value sf_expr_peek(const sf_expr *e, const sf_env *env) {
  const sf_expr_step *step = e->steps;
  sf_value root;
  if (e->count != 1 || !step->quick)
    return sf_absent();
  root = root_of(step, env);
  return root.kind == SF_ABSENT ? root : sf_path_get(step->path, root);
}
