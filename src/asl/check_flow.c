/*
** check_flow.c - the graph of states in each scope: an end must be there,
** every state must be reachable, and an inner scope may not assign a variable
** of an outer one.
*/
#include "asl/loader.h"

#include <string.h>

/* A walk through one scope. */
typedef struct sf_walk {
  const sf_machine *machine;
  bool *seen;      /* of each state */
  uint32_t *stack; /* states whose successors are not looked at yet */
  size_t depth;
} sf_walk;

static void enter(sf_walk *w, uint32_t state) {
  if (state == SF_NONE || w->seen[state])
    return;
  w->seen[state] = true;
  w->stack[w->depth++] = state;
}

static void enter_successors(sf_walk *w, const sf_state *s) {
  uint32_t i;
  enter(w, s->next);
  for (i = 0; i < s->ncatchers; i++)
    enter(w, s->catchers[i].next);
  if (s->type != SF_CHOICE || s->u.choice == NULL)
    return;
  for (i = 0; i < s->u.choice->count; i++)
    enter(w, s->u.choice->rules[i].next);
  enter(w, s->u.choice->otherwise);
}

static void check_reachable(sf_loader *l, sf_walk *w,
                            const sf_scope_source *scope) {
  uint32_t i;
  if (scope->start == SF_NONE)
    return; /* told already */
  enter(w, scope->start);
  while (w->depth > 0)
    enter_successors(w, &w->machine->states[w->stack[--w->depth]]);
  for (i = scope->first; i < scope->first + scope->count; i++) {
    const sf_state_source *state = &l->states[i];
    sf_where at = sf_where_pointer(NULL, sf_string_text(state->pointer));
    if (!w->seen[i])
      sf_fault_in(l, SF_PHASE_REACH, &at, SF_LOCATION_HERE,
                  "MISSING_TRANSITION_TARGET", "State \"%s\" is not reachable.",
                  sf_string_text(state->name));
  }
}

/* May this be where it ends?  A state that could not be read may. */
static bool is_terminal(sf_value state) {
  sf_value type, end;
  int t;
  if (state.kind != SF_OBJECT)
    return true;
  type = sf_object_get(state, "Type", 4);
  t = type.kind == SF_STRING ? sf_state_type_find(type) : -1;
  end = sf_object_get(state, "End", 3);
  return t < 0 || t == SF_SUCCEED || t == SF_FAIL ||
         (end.kind == SF_BOOLEAN && end.u.boolean);
}

/* Does every way out of the state lead somewhere?  Where one does not (told
** already), it may have been the way to the end. */
static bool goes_on(const sf_state *s) {
  uint32_t i;
  if (s->type != SF_CHOICE)
    return s->next != SF_NONE;
  for (i = 0; s->u.choice != NULL && i < s->u.choice->count; i++)
    if (s->u.choice->rules[i].next == SF_NONE)
      return false;
  return s->u.choice != NULL;
}

static void check_terminal(sf_loader *l, const sf_scope_source *scope) {
  sf_where up = sf_where_pointer(NULL, sf_string_text(scope->pointer));
  sf_where at = sf_where_pointer(&up, "/States");
  uint32_t i;
  for (i = scope->first; i < scope->first + scope->count; i++)
    if (is_terminal(l->states[i].value) || !goes_on(&l->machine->states[i]))
      return;
  if (scope->count > 0)
    sf_fault(l, &at,
             scope->owner == SF_NONE ? SF_LOCATION_NOWHERE : SF_LOCATION_ABOVE,
             "MISSING_END_STATE", "Workflow has no terminal state");
}

/* Does a scope around 'scope' assign that name, and is it visible there? */
static bool assigned_outside(const sf_loader *l, const sf_scope_source *scope,
                             sf_value name) {
  while (scope->owner != SF_NONE && scope->mode != 2) {
    scope = &l->scopes[l->states[scope->owner].scope];
    if (sf_object_get_key(scope->assigned, name).kind != SF_ABSENT)
      return true;
  }
  return false;
}

static void check_assigned(sf_loader *l, const sf_scope_source *scope) {
  size_t i;
  for (i = 0; i < sf_object_count(scope->assigned); i++) {
    sf_value name = sf_object_key_at(scope->assigned, i);
    sf_value pointer = sf_object_value_at(scope->assigned, i);
    sf_where at = sf_where_pointer(NULL, sf_string_text(pointer));
    if (assigned_outside(l, scope, name))
      sf_fault_in(l, SF_PHASE_NAMES, &at, SF_LOCATION_ABOVE, SF_CODE_SCHEMA,
                  "The variable '%s' is assigned in an outer scope already",
                  sf_string_text(name));
  }
}

void sf_check_flow(sf_loader *l) {
  sf_walk w = {l->machine, NULL, NULL, 0};
  size_t i, n = l->nstates;
  w.seen = sf_alloc_zero(l->mem, (n + 1) * sizeof *w.seen);
  w.stack = sf_alloc_array(l->mem, n + 1, sizeof *w.stack);
  if (w.seen == NULL || w.stack == NULL) {
    sf_loader_nomem(l);
  } else {
    for (i = 0; i < l->nscopes && l->status == SF_OK; i++) {
      check_terminal(l, &l->scopes[i]);
      check_reachable(l, &w, &l->scopes[i]);
      check_assigned(l, &l->scopes[i]);
    }
  }
  sf_alloc_free(l->mem, w.seen, (n + 1) * sizeof *w.seen);
  sf_alloc_free(l->mem, w.stack, (n + 1) * sizeof *w.stack);
}
