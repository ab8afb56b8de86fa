/*
** compiler.c - see compiler.h.
*/
#include "query/jsonata/compiler.h"

#include <string.h>

#include "query/jsonata/regex.h"

/* --- values that are kept --- */

bool jn_kept_add(jn_kept *k, sf_value v) {
  if (v.kind < SF_BIGNUM)
    return v.kind != SF_ABSENT;
  if (k->count == k->capacity) {
    size_t want = k->capacity < 8 ? 8 : k->capacity * 2;
    sf_value *values = jn_arena_new(k->arena, want * sizeof *values);
    if (values == NULL) {
      sf_release(v);
      return false;
    }
    if (k->count > 0)
      memcpy(values, k->values, k->count * sizeof *values);
    k->values = values;
    k->capacity = want;
  }
  k->values[k->count++] = v;
  return true;
}

void jn_kept_clear(jn_kept *k) {
  size_t i;
  for (i = 0; i < k->count; i++)
    sf_release(k->values[i]);
  k->count = 0;
  jn_regex_free_all(k->regexes);
  k->regexes = NULL;
}

/* --- names --- */

uint32_t jn_names_number(jn_arena *a, jn_names *names, jn_value text) {
  const jn_names *n;
  jn_bytes bytes = jn_bytes_of(text);
  for (n = names; n != NULL; n = n->outer) {
    const jn_member *m =
      n->numbers != NULL ? jn_object_find(n->numbers, a->mem, bytes) : NULL;
    if (m != NULL)
      return (uint32_t)m->value.u.integer;
  }
  if (names->numbers == NULL)
    names->numbers = jn_object_new(a, 4);
  if (names->numbers == NULL ||
      !jn_object_set(a, names->numbers, text, sf_integer(names->next)))
    return 0;
  return names->next++;
}

/* --- nodes --- */

jn_node *jn_node_new(jn_compiler *c, jn_kind kind, uint32_t position) {
  jn_node *n = jn_arena_zero(c->arena, sizeof *n);
  if (n == NULL) {
    jn_fault_nomem(c->fault);
    return NULL;
  }
  n->kind = (unsigned char)kind;
  n->position = position;
  n->height = 1;
  n->builtin = -1;
  return n;
}

bool jn_node_holds(jn_compiler *c, jn_node *n, const jn_node *child) {
  if (child == NULL)
    return false;
  if (child->height >= n->height)
    n->height = (uint16_t)(child->height + 1);
  if (n->height <= JN_HEIGHT_MAX)
    return true;
  jn_fault_set(c->fault, "U1001", jn_undefined());
  c->fault->status = SF_ERR_LIMIT;
  c->fault->name = "the expression is nested too deeply";
  c->fault->position = n->position;
  return false;
}

/* The capacity is the next power of two from 4 on. */
bool jn_node_push(jn_compiler *c, jn_node *n, jn_node *item) {
  bool is_full =
    n->count == 0 || (n->count >= 4 && !(n->count & (n->count - 1)));
  if (!jn_node_holds(c, n, item))
    return false;
  if (is_full) {
    size_t want = n->count < 4 ? 4 : (size_t)n->count * 2;
    jn_node **items = jn_arena_new(c->arena, want * sizeof *items);
    if (items == NULL)
      return jn_fault_nomem(c->fault);
    if (n->count > 0)
      memcpy(items, n->items, n->count * sizeof *items);
    n->items = items;
  }
  n->items[n->count++] = item;
  return true;
}

static const char *const op_texts[] = {
  "",  ".",  "[", "{",  "^", "@",  "#", "+",   "-",  "*",  "/", "%",
  "=", "!=", "<", "<=", ">", ">=", "&", "and", "or", "in", ".."};

const char *jn_op_text(jn_op op) {
  return op_texts[op];
}

/* ORDER jn_kind; the second one is of those that only the parser gives. */
static const struct {
  const char *text, *parsed;
} kind_texts[] = {{NULL, NULL}, {NULL, NULL}, {NULL, NULL}, {"*", NULL},
                  {"**", NULL}, {NULL, "%"},  {NULL, NULL}, {"?", NULL},
                  {NULL, NULL}, {"-", NULL},  {"[", NULL},  {"{", NULL},
                  {NULL, "("},  {NULL, "?"},  {NULL, "??"}, {NULL, "?:"},
                  {":=", NULL}, {"(", NULL},  {"(", NULL},  {NULL, "("},
                  {"~>", NULL}, {NULL, "|"},  {NULL, NULL}, {NULL, NULL},
                  {NULL, NULL}, {NULL, NULL}};

const char *jn_node_text(const jn_node *n, bool parsed) {
  if (n->kind == JN_BINARY)
    return op_texts[n->op];
  if (parsed && kind_texts[n->kind].parsed != NULL)
    return kind_texts[n->kind].parsed;
  return kind_texts[n->kind].text;
}

jn_node *jn_compile(jn_compiler *c) {
  jn_node *tree = jn_parse(c);
  return tree != NULL ? jn_annotate(c, tree) : NULL;
}
