/*
** act_target.c - fields that name a state: StartAt, Next, Default.
*/
#include "asl/act.h"

/* Where a name is used twice: the state of this scope. */
static uint32_t find_here(const sf_loader *l, const sf_scope_source *scope,
                          sf_value name) {
  uint32_t i;
  for (i = scope->first; i < scope->first + scope->count; i++)
    if (sf_equal(l->states[i].name, name))
      return i;
  return SF_NONE;
}

/* The state of this scope that was meant, or why one elsewhere is not it. */
static void hint_target(sf_loader *l, const sf_scope_source *scope,
                        sf_value name, sf_value elsewhere) {
  sf_nearest n;
  uint32_t i;
  if (elsewhere.kind == SF_INTEGER) {
    const sf_state_source *s = &l->states[elsewhere.u.integer];
    sf_hint(l, "a transition stays in its own States; '%s' stands at %s",
            sf_string_text(name), sf_string_text(s->pointer));
    return;
  }
  sf_nearest_init(&n, sf_string_text(name), sf_string_length(name));
  for (i = scope->first; i < scope->first + scope->count; i++)
    sf_nearest_try(&n, sf_string_text(l->states[i].name),
                   sf_string_length(l->states[i].name));
  sf_hint_nearest(l, &n);
}

/* The state of that name in the current scope, or SF_NONE and a fault. */
static uint32_t load_target(sf_loader *l, const char *field, sf_value name,
                            const sf_where *where) {
  const sf_scope_source *scope = &l->scopes[l->scope];
  sf_value index;
  if (name.kind != SF_STRING) {
    sf_fault_type(l, where, "String");
    return SF_NONE;
  }
  index = sf_object_get_key(l->names, name);
  if (index.kind == SF_INTEGER && l->states[index.u.integer].scope == l->scope)
    return (uint32_t)index.u.integer;
  if (scope->count == 0)
    return SF_NONE; /* told already */
  if (sf_object_get_key(scope->states, name).kind != SF_ABSENT)
    return find_here(l, scope, name);
  hint_target(l, scope, name, index);
  sf_fault(l, where, SF_LOCATION_HERE, "MISSING_TRANSITION_TARGET",
           "Missing '%s' target: %s", field, sf_string_text(name));
  return SF_NONE;
}

void sf_act_start(sf_loader *l, const sf_site *site, sf_value v) {
  l->scopes[l->scope].start = load_target(l, site->row->name, v, site->where);
}

void sf_act_target(sf_loader *l, const sf_site *site, sf_value v) {
  *(uint32_t *)site->slot = load_target(l, site->row->name, v, site->where);
}

void sf_act_default(sf_loader *l, const sf_site *site, sf_value v) {
  l->state->u.choice->otherwise =
    load_target(l, site->row->name, v, site->where);
}
