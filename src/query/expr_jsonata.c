/*
** expr_jsonata.c - expressions of JSONata states: what the environment of a
** state is to the evaluator of src/query/jsonata.
*/
#include <string.h>

#include "query/expr_program.h"
#include "query/jsonata/jsonata.h"

/* What the service grants one evaluation.  Its depth is known from its answers,
** and so are the longest array and the longest text that its memory holds; what
** they may have together is not. */
#define DEPTH_MAX    100
#define SEQUENCE_MAX 873782
#define TEXT_MAX     ((1 << 23) - 1)
#define MEMORY_MAX   ((size_t)64 << 20)

/* --- compiling --- */

bool sf_expr_is_jsonata(sf_value text) {
  const char *s = sf_string_text(text);
  size_t len = sf_string_length(text);
  return len >= 4 && s[0] == '{' && s[1] == '%' && s[len - 2] == '%' &&
         s[len - 1] == '}';
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Does it read $states.context, or $states as a whole, so that it may? */
static bool reads_context(const sf_jsonata *expr) {
  size_t count, i;
  const sf_jsonata_use *uses = sf_jsonata_uses(expr, &count);
  for (i = 0; i < count; i++) {
    if (uses[i].is_local || !sf_string_is(uses[i].name, "states"))
      continue;
    if (uses[i].member.kind == SF_ABSENT ||
        sf_string_is(uses[i].member, "context"))
      return true;
  }
  return false;
}

sf_status sf_expr_new_jsonata(const sf_alloc *mem, sf_value text, sf_expr **out,
                              sf_error *err) {
  const char *from = sf_string_text(text) + 2;
  const char *to = sf_string_text(text) + sf_string_length(text) - 2;
  sf_jsonata_fault fault;
  sf_expr draft;
  sf_expr_step step;
  sf_status st;
  while (from < to && is_blank(*from))
    from++;
  while (from < to && is_blank(to[-1]))
    to--;
  *out = NULL;
  st = sf_expr_draft(&draft, mem, from, (size_t)(to - from), err);
  if (st != SF_OK)
    return st;
  memset(&step, 0, sizeof step);
  step.op = SF_OP_JSONATA;
  step.to = (uint32_t)draft.length;
  st = sf_jsonata_new(mem, draft.text, draft.length, SF_JSONATA_AWS,
                      &step.jsonata, &fault);
  if (st != SF_OK) {
    *err = fault.error;
    return st;
  }
  draft.steps = &step;
  draft.count = draft.height = 1;
  step.quick = reads_context(step.jsonata);
  return sf_expr_settle(&draft, out, err);
}

const struct sf_jsonata *sf_expr_jsonata(const sf_expr *e) {
  return e->steps->jsonata;
}

/* Does the use read a variable of the workflow?  What is called is a function of
** the language: variables hold none. */
static bool is_variable(const sf_jsonata_use *use) {
  return !use->is_local && !use->is_call && !use->is_function &&
         !sf_string_is(use->name, "") && !sf_string_is(use->name, "$") &&
         !sf_string_is(use->name, "states");
}

void sf_expr_jsonata_variables(const sf_expr *e,
                               void (*visit)(void *ud, sf_value name),
                               void *ud) {
  size_t count, i, k;
  const sf_jsonata_use *uses = sf_jsonata_uses(e->steps->jsonata, &count);
  for (i = 0; i < count; i++) {
    for (k = 0; k < i && !sf_equal(uses[k].name, uses[i].name); k++)
      ;
    if (k == i && is_variable(&uses[i]))
      visit(ud, uses[i].name);
  }
}

/* --- evaluating --- */

/* What the callbacks are given: nothing of it changes. */
typedef struct view {
  const sf_env *env;
  const sf_expr_step *step;
} view;

static sf_jsonata_binding see(void *host, sf_value name) {
  const view *v = host;
  sf_jsonata_binding binding = {{{0}, SF_ABSENT}, 0, 0};
  binding.value = sf_string_is(name, "states")
                    ? v->env->states(v->env->host, v->step->quick)
                    : v->env->variable(v->env->host, name);
  return binding;
}

static uint64_t draw(void *host) {
  const view *v = host;
  return v->env->random(v->env->host);
}

sf_status sf_expr_run_jsonata(const sf_expr *e, const sf_env *env,
                              sf_value *out, sf_error *err) {
  view v = {env, e->steps};
  sf_jsonata_env world;
  sf_jsonata_fault fault;
  bool is_function = false;
  sf_status st;
  memset(&world, 0, sizeof world);
  world.mem = env->mem;
  world.budget = env->budget;
  world.host = &v;
  world.now = env->now;
  world.limits.depth = DEPTH_MAX;
  world.limits.sequence = SEQUENCE_MAX;
  world.limits.text = TEXT_MAX;
  world.limits.memory = MEMORY_MAX;
  world.variable = see;
  world.random = draw;
  st = sf_jsonata_evaluate(e->steps->jsonata, &world, sf_absent(), out,
                           &is_function, &fault);
  if (st != SF_OK) {
    *err = fault.error;
    return st;
  }
  if (is_function)
    return sf_error_set(err, SF_ERR_TYPE, "the result is a function");
  if (out->kind == SF_ABSENT)
    return sf_error_set(err, SF_ERR_NOT_FOUND, "the result is undefined");
  return SF_OK;
}
