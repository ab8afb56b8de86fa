/*
** load_variables.c - which variables each state reads, as DescribeStateMachine
** tells it.
*/
#include "asl/loader.h"

static bool holds(sf_value list, sf_value name) {
  size_t i;
  for (i = 0; i < sf_array_count(list); i++)
    if (sf_equal(sf_array_at(list, i), name))
      return true;
  return false;
}

void sf_note_variable(sf_loader *l, sf_value name) {
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

static void visit(void *ud, sf_value name) {
  sf_note_variable(ud, name);
}

void sf_note_variables(sf_loader *l, const sf_expr *e) {
  sf_expr_variables(e, visit, l);
}
