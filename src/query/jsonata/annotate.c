/*
** annotate.c - the pass behind the parser: '.' and '[' become paths of steps
** with stages, each '%' finds the step that it means, and calls that end a
** function are marked.
*/
#include <string.h>

#include "query/jsonata/compiler.h"
#include "query/jsonata/function.h"

static jn_node *annotate(jn_compiler *c, jn_node *n);

static void *fail(jn_compiler *c, const char *code, const jn_node *n) {
  jn_fault_set(c->fault, code, jn_undefined());
  c->fault->position = n->position;
  return NULL;
}

/* --- the '%' that look for their step --- */

static bool seek_add(jn_compiler *c, jn_node *n, jn_slot *slot) {
  jn_seek **last = &n->seeks, *s = jn_arena_new(c->arena, sizeof *s);
  if (s == NULL)
    return jn_fault_nomem(c->fault);
  while (*last != NULL)
    last = &(*last)->next;
  s->next = NULL;
  s->slot = slot;
  *last = s;
  return true;
}

/* What 'child' still looks for, 'n' looks for. */
static bool inherit(jn_compiler *c, jn_node *n, const jn_node *child) {
  const jn_seek *s;
  for (s = child->seeks; s != NULL; s = s->next)
    if (!seek_add(c, n, s->slot))
      return false;
  return child->kind != JN_PARENT || seek_add(c, n, child->slot);
}

static jn_node *annotate_into(jn_compiler *c, jn_node *n, jn_node *child) {
  jn_node *done = annotate(c, child);
  return done != NULL && inherit(c, n, done) ? done : NULL;
}

static bool annotate_items(jn_compiler *c, jn_node *n) {
  uint32_t i;
  for (i = 0; i < n->count; i++) {
    n->items[i] = annotate_into(c, n, n->items[i]);
    if (n->items[i] == NULL)
      return false;
  }
  return true;
}

/* The step that is meant binds the label; two '%' may share it. */
static void bind_ancestor(jn_node *step, jn_slot *slot) {
  if (step->ancestor != NULL)
    slot->label = step->ancestor->label;
  step->ancestor = slot;
  step->is_tuple = true;
}

static const char *const kind_names[] = {
  "value",   "name",      "variable",  "wildcard",  "descendant", "parent",
  "regex",   "operator",  "binary",    "unary",     "unary",      "unary",
  "block",   "condition", "condition", "condition", "bind",       "function",
  "partial", "lambda",    "apply",     "transform", "path",       "sort",
  "term",    "end"};

static const char *kind_name(const jn_node *n) {
  if (n->kind == JN_LITERAL && jn_is_string(n->value))
    return "string";
  if (n->kind == JN_LITERAL && jn_is_number(n->value))
    return "number";
  return kind_names[n->kind];
}

static bool fail_parent(jn_compiler *c, const jn_node *n, size_t position) {
  const char *name = kind_name(n);
  fail(c, "S0217", n);
  c->fault->position = position;
  c->fault->token = jn_text_borrow(c->arena, name, strlen(name));
  return false;
}

/* Go to the left through 'step', and into it where it has steps of its own. */
static bool seek(jn_compiler *c, jn_node *step, jn_slot *slot) {
  uint32_t i;
  switch (step->kind) {
    case JN_NAME:
    case JN_WILDCARD:
      if (--slot->level == 0)
        bind_ancestor(step, slot);
      return true;
    case JN_PARENT: slot->level++; return true;
    case JN_BLOCK:
      if (step->count == 0)
        return true;
      step->is_tuple = true;
      return seek(c, step->items[step->count - 1], slot);
    case JN_PATH:
      step->is_tuple = true;
      i = step->count;
      do {
        if (!seek(c, step->items[--i], slot))
          return false;
      } while (slot->level > 0 && i > 0);
      return true;
    default: break;
  }
  return fail_parent(c, step, step->position);
}

/* One '%' of the last step: look among the steps before it. */
static bool resolve_slot(jn_compiler *c, jn_node *path, jn_slot *slot) {
  int64_t i = (int64_t)path->count - 2;
  while (slot->level > 0) {
    jn_node *step;
    if (i < 0)
      return seek_add(c, path, slot);
    step = path->items[i--];
    while (i >= 0 && step->focus != 0 && path->items[i]->focus != 0)
      step = path->items[i--];
    if (!seek(c, step, slot))
      return false;
  }
  return true;
}

static bool resolve(jn_compiler *c, jn_node *path) {
  jn_node *last = path->items[path->count - 1];
  const jn_seek *s;
  if (last->kind == JN_PARENT && !seek_add(c, last, last->slot))
    return false;
  for (s = last->seeks; s != NULL; s = s->next)
    if (!resolve_slot(c, path, s->slot))
      return false;
  return true;
}

/* --- paths --- */

static jn_node *path_of(jn_compiler *c, jn_node *first) {
  jn_node *path = jn_node_new(c, JN_PATH, first->position);
  return path != NULL && jn_node_push(c, path, first) ? path : NULL;
}

/* The items of 'rest' go behind those of 'path'. */
static bool append_steps(jn_compiler *c, jn_node *path, jn_node *rest) {
  uint32_t i;
  if (rest->kind != JN_PATH) {
    rest->is_predicate = false;
    return jn_node_push(c, path, rest);
  }
  for (i = 0; i < rest->count; i++)
    if (!jn_node_push(c, path, rest->items[i]))
      return false;
  return true;
}

/* Strings among the steps are names; no other literal may be one. */
static bool check_steps(jn_compiler *c, jn_node *path) {
  uint32_t i;
  for (i = 0; i < path->count; i++) {
    jn_node *step = path->items[i];
    if (step->kind == JN_LITERAL && !jn_is_string(step->value)) {
      fail(c, "S0213", step);
      c->fault->value = step->value;
      return false;
    }
    if (step->kind == JN_LITERAL)
      step->kind = JN_NAME;
    if (step->keep_array)
      path->keep_singleton = true;
  }
  return true;
}

static jn_node *annotate_dot(jn_compiler *c, jn_node *n) {
  jn_node *left = annotate(c, n->a), *path, *rest, *last;
  if (left == NULL)
    return NULL;
  path = left->kind == JN_PATH ? left : path_of(c, left);
  if (path == NULL ||
      (left->kind == JN_PARENT && !seek_add(c, path, left->slot)))
    return NULL;
  rest = annotate(c, n->b);
  if (rest == NULL || !append_steps(c, path, rest) || !check_steps(c, path))
    return NULL;
  if (path->items[0]->kind == JN_LIST)
    path->items[0]->is_cons = true;
  last = path->items[path->count - 1];
  if (last->kind == JN_LIST)
    last->is_cons = true;
  return resolve(c, path) ? path : NULL;
}

static bool stage_add(jn_compiler *c, jn_node *step, jn_node *filter,
                      uint32_t index) {
  jn_stage **last = &step->stages, *s = jn_arena_new(c->arena, sizeof *s);
  if (s == NULL)
    return jn_fault_nomem(c->fault);
  while (*last != NULL)
    last = &(*last)->next;
  s->next = NULL;
  s->filter = filter;
  s->index = index;
  *last = s;
  return true;
}

/* What a predicate looks for may be the step itself. */
static bool resolve_filter(jn_compiler *c, jn_node *step, jn_node *filter) {
  const jn_seek *s;
  if (filter->seeks == NULL)
    return true;
  for (s = filter->seeks; s != NULL; s = s->next) {
    if (s->slot->level != 1)
      s->slot->level--;
    else if (!seek(c, step, s->slot))
      return false;
  }
  return inherit(c, step, filter);
}

static jn_node *annotate_filter(jn_compiler *c, jn_node *n) {
  jn_node *left = annotate(c, n->a), *step = left, *filter;
  if (left == NULL)
    return NULL;
  if (left->kind == JN_PATH)
    step = left->items[left->count - 1];
  else
    step->is_predicate = true;
  if (step->group != NULL)
    return fail(c, "S0209", n);
  filter = annotate(c, n->b);
  if (filter == NULL || !resolve_filter(c, step, filter) ||
      !stage_add(c, step, filter, 0))
    return NULL;
  return left;
}

static jn_node *annotate_group(jn_compiler *c, jn_node *n) {
  jn_node *left = annotate(c, n->a), *group = n->b;
  uint32_t i;
  if (left == NULL)
    return NULL;
  if (left->group != NULL)
    return fail(c, "S0210", n);
  for (i = 0; i < group->count; i++) {
    group->items[i] = annotate(c, group->items[i]);
    if (group->items[i] == NULL)
      return NULL;
  }
  left->group = group;
  return left;
}

static jn_node *annotate_sort(jn_compiler *c, jn_node *n) {
  jn_node *left = annotate(c, n->a), *sort = n->b;
  uint32_t i;
  if (left == NULL)
    return NULL;
  if (left->kind != JN_PATH)
    left = path_of(c, left);
  if (left == NULL)
    return NULL;
  for (i = 0; i < sort->count; i++) {
    jn_node *term = sort->items[i];
    term->a = annotate_into(c, sort, term->a);
    if (term->a == NULL)
      return NULL;
  }
  return jn_node_push(c, left, sort) && resolve(c, left) ? left : NULL;
}

/* a@$v */
static jn_node *annotate_focus(jn_compiler *c, jn_node *n) {
  jn_node *left = annotate(c, n->a), *step = left;
  if (left == NULL)
    return NULL;
  if (left->kind == JN_PATH)
    step = left->items[left->count - 1];
  if (step->stages != NULL)
    return fail(c, "S0215", n);
  if (step->kind == JN_SORT)
    return fail(c, "S0216", n);
  if (n->keep_array)
    step->keep_array = true;
  step->focus = n->b->name;
  step->is_tuple = true;
  return left;
}

/* a#$v */
static jn_node *annotate_index(jn_compiler *c, jn_node *n) {
  jn_node *left = annotate(c, n->a), *step = left;
  if (left == NULL)
    return NULL;
  if (left->kind == JN_PATH)
    step = left->items[left->count - 1];
  else {
    left = path_of(c, left);
    step->is_predicate = false;
  }
  if (left == NULL)
    return NULL;
  if (step->stages == NULL)
    step->index = n->b->name;
  else if (!stage_add(c, step, NULL, n->b->name))
    return NULL;
  step->is_tuple = true;
  return left;
}

static jn_node *annotate_binary(jn_compiler *c, jn_node *n) {
  switch ((jn_op)n->op) {
    case JN_OP_DOT: return annotate_dot(c, n);
    case JN_OP_FILTER: return annotate_filter(c, n);
    case JN_OP_GROUP: return annotate_group(c, n);
    case JN_OP_SORT: return annotate_sort(c, n);
    case JN_OP_FOCUS: return annotate_focus(c, n);
    case JN_OP_INDEX: return annotate_index(c, n);
    default: break;
  }
  n->a = annotate_into(c, n, n->a);
  if (n->a == NULL)
    return NULL;
  n->b = annotate_into(c, n, n->b);
  return n->b != NULL ? n : NULL;
}

/* --- the other kinds --- */

static jn_node *annotate_name(jn_compiler *c, jn_node *n) {
  jn_node *path = path_of(c, n);
  if (path != NULL)
    path->keep_singleton = n->keep_array;
  return path;
}

static jn_node *annotate_negate(jn_compiler *c, jn_node *n) {
  jn_node *a = annotate(c, n->a);
  if (a == NULL)
    return NULL;
  n->a = a;
  if (a->kind == JN_LITERAL && jn_is_number(a->value)) {
    a->value = jn_number(-jn_double(a->value));
    return a;
  }
  return inherit(c, n, a) ? n : NULL;
}

static bool is_cons_part(const jn_node *n) {
  return n->is_cons || (n->kind == JN_PATH && n->items[0]->is_cons);
}

static jn_node *annotate_block(jn_compiler *c, jn_node *n) {
  uint32_t i;
  if (!annotate_items(c, n))
    return NULL;
  for (i = 0; i < n->count; i++)
    if (is_cons_part(n->items[i]))
      n->is_cons = true;
  return n;
}

static jn_node *annotate_call(jn_compiler *c, jn_node *n) {
  if (!annotate_items(c, n))
    return NULL;
  n->a = annotate(c, n->a);
  return n->a != NULL ? n : NULL;
}

/* A call at the end of a function is made by the loop in apply.c, so that it
** takes no stack. */
static void mark_tails(jn_node *n) {
  switch (n->kind) {
    case JN_CALL:
      if (!(n->is_predicate && n->stages != NULL))
        n->is_tail = true;
      break;
    case JN_CONDITION:
      mark_tails(n->b);
      if (n->c != NULL)
        mark_tails(n->c);
      break;
    case JN_COALESCE:
    case JN_DEFAULT: mark_tails(n->b); break;
    case JN_BLOCK:
      if (n->count > 0)
        mark_tails(n->items[n->count - 1]);
      break;
    default: break;
  }
}

static jn_node *annotate_lambda(jn_compiler *c, jn_node *n) {
  n->a = annotate(c, n->a);
  if (n->a == NULL)
    return NULL;
  mark_tails(n->a);
  return n;
}

/* a, b and c in turn; what they look for is inherited. */
static jn_node *annotate_parts(jn_compiler *c, jn_node *n) {
  n->a = annotate_into(c, n, n->a);
  if (n->a == NULL)
    return NULL;
  if (n->b != NULL && (n->b = annotate_into(c, n, n->b)) == NULL)
    return NULL;
  if (n->c != NULL && (n->c = annotate_into(c, n, n->c)) == NULL)
    return NULL;
  return n;
}

/* The same, with a '%' in them lost: they see no step of this path. */
static jn_node *annotate_apart(jn_compiler *c, jn_node *n) {
  n->a = annotate(c, n->a);
  if (n->a == NULL)
    return NULL;
  if (n->b != NULL && (n->b = annotate(c, n->b)) == NULL)
    return NULL;
  if (n->c != NULL && (n->c = annotate(c, n->c)) == NULL)
    return NULL;
  if (n->kind == JN_APPLY && (n->a->keep_array || n->b->keep_array))
    n->keep_array = true;
  return n;
}

static jn_node *annotate_parent(jn_compiler *c, jn_node *n) {
  n->slot = jn_arena_new(c->arena, sizeof *n->slot);
  if (n->slot == NULL) {
    jn_fault_nomem(c->fault);
    return NULL;
  }
  n->slot->label = c->names->next++;
  n->slot->level = 1;
  return n;
}

static jn_node *annotate_variable(jn_compiler *c, jn_node *n) {
  if (n->name > JN_ROOT_NAME)
    n->builtin = jn_function_find(jn_bytes_of(n->value), c->dialect->functions);
  return n;
}

static jn_node *annotate_end(jn_compiler *c, jn_node *n) {
  fail(c, "S0207", n);
  c->fault->token = n->value;
  return NULL;
}

static jn_node *annotate_kind(jn_compiler *c, jn_node *n) {
  switch ((jn_kind)n->kind) {
    case JN_BINARY: return annotate_binary(c, n);
    case JN_NAME: return annotate_name(c, n);
    case JN_NEGATE: return annotate_negate(c, n);
    case JN_LIST:
    case JN_MAP: return annotate_items(c, n) ? n : NULL;
    case JN_BLOCK: return annotate_block(c, n);
    case JN_CALL:
    case JN_PARTIAL: return annotate_call(c, n);
    case JN_LAMBDA: return annotate_lambda(c, n);
    case JN_CONDITION:
    case JN_COALESCE:
    case JN_DEFAULT:
    case JN_BIND: return annotate_parts(c, n);
    case JN_APPLY:
    case JN_TRANSFORM: return annotate_apart(c, n);
    case JN_PARENT: return annotate_parent(c, n);
    case JN_VARIABLE: return annotate_variable(c, n);
    case JN_END: return annotate_end(c, n);
    default: return n;
  }
}

static bool is_simple(const jn_node *n) {
  return (n->kind == JN_NAME || n->kind == JN_VARIABLE) && n->stages == NULL &&
         n->group == NULL && !n->is_tuple && !n->keep_array;
}

static bool is_plain(const jn_node *n) {
  return n->kind == JN_PATH && n->count == 1 && is_simple(n->items[0]) &&
         n->items[0]->kind == JN_NAME && !n->is_tuple && !n->keep_array &&
         !n->keep_singleton && n->group == NULL;
}

static jn_node *annotate(jn_compiler *c, jn_node *n) {
  jn_node *done = annotate_kind(c, n);
  if (done != NULL && n->keep_array)
    done->keep_array = true;
  return done;
}

/* Paths are final only when the whole tree is done. */
static void mark_plain(jn_node *n) {
  uint32_t i;
  jn_stage *s;
  if (n == NULL)
    return;
  n->is_plain = is_plain(n);
  n->is_simple = is_simple(n);
  for (i = 0; i < n->count; i++)
    mark_plain(n->items[i]);
  for (s = n->stages; s != NULL; s = s->next)
    mark_plain(s->filter);
  mark_plain(n->group);
  mark_plain(n->a);
  mark_plain(n->b);
  mark_plain(n->c);
}

jn_node *jn_annotate(jn_compiler *c, jn_node *tree) {
  jn_node *n = annotate(c, tree);
  if (n == NULL)
    return NULL;
  if (n->kind == JN_PARENT || n->seeks != NULL) {
    bool is_placeless = n->kind == JN_PARENT || n->kind == JN_PATH;
    fail_parent(c, n, is_placeless ? SF_NO_OFFSET : n->position);
    return NULL;
  }
  mark_plain(n);
  return n;
}
