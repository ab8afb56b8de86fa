/*
** jsonata.c - compiled expressions and their evaluation: see jsonata.h.
*/
#include "query/jsonata/jsonata.h"

#include <string.h>

#include "base/utf8.h"
#include "query/jsonata/run.h"
#include "query/jsonata/uses.h"

struct sf_jsonata {
  const sf_alloc *mem;
  uint32_t refs;
  const jn_dialect *dialect;
  jn_arena arena;
  jn_names names;
  jn_kept kept;
  char *text; /* in the arena */
  size_t length;
  const jn_node *tree;
  jn_uses uses;
};

#define COMPILED_MAX ((size_t)256 << 20) /* bytes of one expression */

/* --- compiling --- */

static void fail_length(jn_fault *fault) {
  jn_fault_set(fault, "U1001", jn_undefined());
  fault->status = SF_ERR_LIMIT;
  fault->name = "the expression is too long";
}

/* UTF-8, in which half of a surrogate pair may stand as three bytes. */
static bool check_text(const char *text, size_t len, jn_fault *fault) {
  size_t at = 0;
  for (;;) {
    at += sf_utf8_check(text + at, len - at);
    if (at == len)
      return true;
    if (len - at < 3 || (unsigned char)text[at] != 0xED ||
        ((unsigned char)text[at + 1] & 0xE0) != 0xA0 ||
        ((unsigned char)text[at + 2] & 0xC0) != 0x80)
      break;
    at += 3;
  }
  fault->name = "the expression is not valid UTF-8";
  fault->position = at;
  return jn_fault_set(fault, "U1002", jn_undefined());
}

static bool compile(sf_jsonata *e, const char *text, size_t len,
                    jn_fault *fault) {
  jn_compiler c;
  jn_node *tree;
  e->text = jn_arena_new(&e->arena, len + 1);
  if (e->text == NULL)
    return jn_fault_nomem(fault);
  if (len > 0)
    memcpy(e->text, text, len);
  e->length = len;
  c.mem = e->mem;
  c.dialect = e->dialect;
  c.arena = &e->arena;
  c.names = &e->names;
  c.kept = &e->kept;
  c.fault = fault;
  c.text = e->text;
  c.length = len;
  tree = jn_compile(&c);
  e->tree = tree;
  return tree != NULL &&
         (jn_uses_find(&e->arena, tree, &e->uses) || jn_fault_nomem(fault));
}

/* The number 1 is that of '$'. */
static bool name_root(sf_jsonata *e) {
  sf_value root = sf_string_from(e->mem, "$");
  e->names.next = JN_ROOT_NAME;
  return jn_kept_add(&e->kept, root) &&
         jn_names_number(&e->arena, &e->names, root) == JN_ROOT_NAME;
}

static sf_jsonata *new_expression(const sf_alloc *mem,
                                  sf_jsonata_dialect dialect) {
  sf_jsonata *e = sf_alloc_zero(mem, sizeof *e);
  if (e == NULL)
    return NULL;
  e->mem = mem;
  e->refs = 1;
  e->dialect = jn_dialect_of(dialect);
  jn_arena_init(&e->arena, mem, NULL, COMPILED_MAX);
  e->kept.arena = &e->arena;
  return e;
}

sf_status sf_jsonata_new(const sf_alloc *mem, const char *text, size_t len,
                         sf_jsonata_dialect dialect, sf_jsonata **out,
                         sf_jsonata_fault *report) {
  sf_jsonata *e = new_expression(mem, dialect);
  jn_fault fault;
  bool fine = false;
  *out = NULL;
  jn_fault_clear(&fault);
  if (e == NULL || !name_root(e))
    jn_fault_nomem(&fault);
  else if (len > SF_JSONATA_LENGTH_MAX)
    fail_length(&fault);
  else
    fine = check_text(text, len, &fault) && compile(e, text, len, &fault);
  if (fine) {
    *out = e;
    return SF_OK;
  }
  if (fault.status == SF_ERR_EVALUATE)
    fault.status = SF_ERR_SYNTAX;
  jn_fault_report(&fault, mem, text, len, report);
  sf_jsonata_release(e);
  return fault.status;
}

void sf_jsonata_release(sf_jsonata *e) {
  if (e == NULL || --e->refs > 0)
    return;
  jn_kept_clear(&e->kept);
  jn_arena_clear(&e->arena);
  sf_alloc_free(e->mem, e, sizeof *e);
}

const sf_jsonata_use *sf_jsonata_uses(const sf_jsonata *e, size_t *count) {
  *count = e->uses.count;
  return e->uses.at;
}

/* --- evaluating --- */

static void start(jn_run *r, const sf_jsonata *e, const sf_jsonata_env *env,
                  jn_fault *fault, jn_first *first) {
  const sf_jsonata_limits *limits = &env->limits;
  size_t memory = limits->memory > 0 ? limits->memory : SF_JSONATA_MEMORY;
  memset(r, 0, offsetof(jn_run, aside));
  jn_arena_init(&r->arena, env->mem, &first[0], memory);
  jn_arena_init(&r->lasting, env->mem, &first[1], memory);
  r->fault = fault;
  r->dialect = e->dialect;
  r->env = env;
  r->budget = env->budget;
  r->depth_max = limits->depth > 0 ? limits->depth : SF_JSONATA_DEPTH;
  if (r->depth_max > SF_JSONATA_DEPTH_MAX)
    r->depth_max = SF_JSONATA_DEPTH_MAX;
  r->sequence_max =
    limits->sequence > 0 ? limits->sequence : SF_JSONATA_SEQUENCE;
  r->text_max = limits->text > 0 ? limits->text : SF_LENGTH_MAX;
  r->names.outer = &e->names;
  r->names.next = e->names.next;
  r->kept.arena = &r->lasting;
}

static void finish(jn_run *r) {
  jn_kept_clear(&r->kept);
  jn_arena_clear(&r->arena);
  jn_arena_clear(&r->lasting);
}

/* An array that is the input counts as one value. */
static bool wrap_input(jn_run *r, sf_value input, jn_value *out) {
  jn_array *outer;
  r->input = *out = input;
  if (input.kind != SF_ARRAY)
    return true;
  outer = jn_new_array(r, 1, JN_SEQUENCE | JN_OUTER);
  if (outer == NULL || !jn_push(r, outer, input))
    return false;
  *out = jn_array_value(outer);
  return true;
}

static bool evaluate(jn_run *r, const sf_jsonata *e, sf_value input,
                     sf_value *out, bool *is_function) {
  jn_value context, v;
  if (!wrap_input(r, input, &context) ||
      !jn_eval(r, e->tree, context, &r->root, &v))
    return false;
  if (jn_flags(v) & JN_OUTER)
    v = jn_items_of(v).at[0];
  if (is_function != NULL)
    *is_function = jn_is_function(v);
  return jn_export(r, v, out);
}

sf_status sf_jsonata_evaluate(const sf_jsonata *e, const sf_jsonata_env *env,
                              sf_value input, sf_value *out, bool *is_function,
                              sf_jsonata_fault *report) {
  jn_first first[2];
  jn_fault fault;
  jn_run r;
  *out = sf_absent();
  if (is_function != NULL)
    *is_function = false;
  jn_fault_clear(&fault);
  start(&r, e, env, &fault, first);
  if (!evaluate(&r, e, input, out, is_function))
    jn_fault_report(&fault, env->mem, e->text, e->length, report);
  finish(&r);
  return fault.status;
}
