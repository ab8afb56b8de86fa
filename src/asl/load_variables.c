/*
** load_variables.c - which variables each state reads, as DescribeStateMachine
** tells it; which names of variables and functions are mentioned, and where.
*/
#include "asl/loader.h"
#include "query/jsonata/jsonata.h"

static bool holds(sf_value list, sf_value name) {
  size_t i;
  for (i = 0; i < sf_array_count(list); i++)
    if (sf_equal(sf_array_at(list, i), name))
      return true;
  return false;
}

/* The state that is being loaded reads that variable. */
static void note_variable(sf_loader *l, sf_value name) {
  sf_value *all = &l->machine->variables_read;
  sf_value list;
  if (l->state == NULL || l->status != SF_OK)
    return;
  if (all->kind == SF_ABSENT)
    *all = sf_object_new(l->mem, 0);
  list = sf_retain(sf_object_get_key(*all, l->state->name));
  if (list.kind == SF_ABSENT)
    list = sf_array_new(l->mem, 1);
  if (list.kind == SF_ARRAY && holds(list, name)) {
    sf_release(list);
  } else if (list.kind == SF_ABSENT ||
             sf_array_push(&list, sf_retain(name)) != SF_OK) {
    sf_release(list);
    sf_loader_nomem(l);
  } else if (sf_object_set(all, sf_retain(l->state->name), list) != SF_OK) {
    sf_loader_nomem(l);
  }
}

/* --- where a name is mentioned first --- */

static void mention(sf_loader *l, sf_value *names, sf_value name,
                    const sf_where *where) {
  sf_value pointer;
  if (sf_object_get_key(*names, name).kind != SF_ABSENT)
    return;
  pointer = sf_where_text(l->mem, where);
  if (pointer.kind == SF_ABSENT)
    sf_loader_nomem(l);
  else if (sf_object_set(names, sf_retain(name), pointer) != SF_OK)
    sf_loader_nomem(l);
}

typedef struct sf_noter {
  sf_loader *l;
  const sf_where *where;
} sf_noter;

static void visit(void *ud, sf_value name) {
  const sf_noter *noter = ud;
  note_variable(noter->l, name);
  mention(noter->l, &noter->l->variables, name, noter->where);
}

void sf_note_variables(sf_loader *l, const sf_expr *e, const sf_where *where) {
  sf_noter noter = {l, where};
  sf_expr_variables(e, visit, &noter);
}

static void found(void *ud, sf_value name) {
  (void)name;
  *(bool *)ud = true;
}

bool sf_has_variables(const sf_expr *e) {
  bool any = false;
  sf_expr_variables(e, found, &any);
  return any;
}

/* Not the expression's own, not the library's, not '$', '$$' or '$states'. */
static bool is_foreign(const sf_jsonata_use *use) {
  return !use->is_local && !use->is_function &&
         sf_string_length(use->name) > 0 && !sf_string_is(use->name, "$") &&
         !sf_string_is(use->name, "states");
}

bool sf_has_uses(const sf_expr *e) {
  size_t count, i;
  const sf_jsonata_use *uses = sf_jsonata_uses(sf_expr_jsonata(e), &count);
  for (i = 0; i < count; i++)
    if (is_foreign(&uses[i]))
      return true;
  return false;
}

void sf_note_uses(sf_loader *l, const sf_expr *e, const sf_where *where) {
  size_t count, i;
  const sf_jsonata_use *uses = sf_jsonata_uses(sf_expr_jsonata(e), &count);
  for (i = 0; i < count; i++)
    if (is_foreign(&uses[i]))
      mention(l, uses[i].is_call ? &l->functions : &l->variables, uses[i].name,
              where);
}
