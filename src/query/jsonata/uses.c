/*
** uses.c - see uses.h.
*/
#include "query/jsonata/uses.h"

#include <string.h>

#include "query/jsonata/text.h"

typedef struct finder {
  jn_arena *arena;
  jn_uses *out;
  jn_object *locals; /* names that the expression binds */
  bool failed;
} finder;

static void visit(finder *f, const jn_node *n, bool is_call,
                  const jn_node *behind);

static void add_local(finder *f, jn_value name) {
  if (!jn_object_set(f->arena, f->locals, name, sf_null()))
    f->failed = true;
}

static void add_use(finder *f, const jn_node *n, bool is_call,
                    const jn_node *behind) {
  jn_uses *u = f->out;
  sf_jsonata_use *use;
  if (u->count == u->capacity) {
    size_t want = u->capacity == 0 ? 8 : u->capacity * 2;
    sf_jsonata_use *at = jn_arena_new(f->arena, want * sizeof *at);
    if (at == NULL) {
      f->failed = true;
      return;
    }
    if (u->count > 0)
      memcpy(at, u->at, u->count * sizeof *at);
    u->at = at;
    u->capacity = want;
  }
  use = &u->at[u->count++];
  use->name = n->value;
  use->member =
    behind != NULL && behind->kind == JN_NAME && behind->value.kind == SF_STRING
      ? behind->value
      : sf_absent();
  use->offset = n->position;
  use->is_call = is_call;
  use->is_local = false;
  use->is_function = n->builtin >= 0;
}

static void visit_stages(finder *f, const jn_node *n) {
  const jn_stage *s;
  for (s = n->stages; s != NULL; s = s->next)
    if (s->filter != NULL)
      visit(f, s->filter, false, NULL);
}

static void visit_path(finder *f, const jn_node *n) {
  uint32_t i;
  for (i = 0; i < n->count; i++)
    visit(f, n->items[i], false, i + 1 < n->count ? n->items[i + 1] : NULL);
}

static void visit_items(finder *f, const jn_node *n) {
  uint32_t i;
  for (i = 0; i < n->count; i++)
    visit(f, n->items[i], false, NULL);
}

static void visit_lambda(finder *f, const jn_node *n) {
  uint32_t i;
  for (i = 0; i < n->count; i++)
    add_local(f, n->items[i]->value);
  visit(f, n->a, false, NULL);
}

static void visit_kind(finder *f, const jn_node *n, bool is_call,
                       const jn_node *behind) {
  switch ((jn_kind)n->kind) {
    case JN_NAME:
    case JN_WILDCARD:
    case JN_DESCENDANT: break;
    case JN_VARIABLE:
      if (n->value.kind == SF_STRING)
        add_use(f, n, is_call, behind);
      break;
    case JN_PATH: visit_path(f, n); break;
    case JN_LAMBDA: visit_lambda(f, n); break;
    case JN_BIND:
      add_local(f, n->value);
      visit(f, n->a, false, NULL);
      break;
    case JN_SORT: visit_items(f, n); break;
    case JN_TRANSFORM:
      visit(f, n->a, false, NULL);
      visit(f, n->b, false, NULL);
      visit(f, n->c, false, NULL);
      break;
    case JN_CALL:
    case JN_PARTIAL:
      visit(f, n->a, true, NULL);
      visit_items(f, n);
      break;
    default:
      visit(f, n->a, false, NULL);
      visit(f, n->b, false, NULL);
      visit(f, n->c, false, NULL);
      visit_items(f, n);
      break;
  }
}

static void visit(finder *f, const jn_node *n, bool is_call,
                  const jn_node *behind) {
  if (n == NULL)
    return;
  visit_kind(f, n, is_call, behind);
  visit_stages(f, n);
  if (n->group != NULL)
    visit(f, n->group, false, NULL);
}

bool jn_uses_find(jn_arena *a, const jn_node *tree, jn_uses *out) {
  finder f = {a, out, jn_object_new(a, 0), false};
  size_t i;
  if (f.locals == NULL)
    return false;
  visit(&f, tree, false, NULL);
  for (i = 0; i < out->count; i++)
    out->at[i].is_local =
      jn_object_find(f.locals, a->mem, jn_bytes_of(out->at[i].name)) != NULL;
  return !f.failed;
}
