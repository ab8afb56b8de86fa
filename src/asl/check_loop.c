/*
** check_loop.c - loops that nothing leads out of: only the limit of events, or
** of time, or a failure ends them.  A Choice without Default may be meant to end
** the execution, and is taken for a way out.
*/
#include "asl/check.h"

#include <string.h>

#define PASSES_MAX 100 /* over all states; a graph that needs more is left */

static bool may_stop(const sf_state *s) {
  switch (s->type) {
    case SF_CHOICE:
      return s->u.choice == NULL || s->u.choice->otherwise == SF_NONE;
    case SF_SUCCEED:
    case SF_FAIL: return true;
    default: return s->next == SF_NONE;
  }
}

/* Does a successor reach an end?  What stops by itself is marked already. */
static bool leads_out(const sf_state *s, const bool *ends) {
  uint32_t i;
  for (i = 0; i < s->ncatchers; i++)
    if (s->catchers[i].next == SF_NONE || ends[s->catchers[i].next])
      return true;
  if (s->type != SF_CHOICE)
    return ends[s->next];
  for (i = 0; i < s->u.choice->count; i++)
    if (s->u.choice->rules[i].next == SF_NONE ||
        ends[s->u.choice->rules[i].next])
      return true;
  return ends[s->u.choice->otherwise];
}

/* Mark what reaches an end; most transitions lead on in the text, so that
** going backwards settles them at once.  False: too many passes. */
static bool mark_ends(const sf_machine *m, bool *ends) {
  bool changed = true;
  int pass;
  uint32_t i;
  for (i = 0; i < m->nstates; i++)
    ends[i] = may_stop(&m->states[i]);
  for (pass = 0; pass < PASSES_MAX && changed; pass++) {
    changed = false;
    for (i = m->nstates; i-- > 0;)
      if (!ends[i] && leads_out(&m->states[i], ends))
        changed = ends[i] = true;
  }
  return !changed;
}

static uint32_t successor(const sf_state *s) {
  return s->type == SF_CHOICE ? s->u.choice->otherwise : s->next;
}

/* A state of the loop into which 'state' runs, its first in the text; 'seen'
** has the states that were walked before. */
static uint32_t find_loop(const sf_machine *m, uint32_t state, bool *seen) {
  uint32_t at, first;
  while (!seen[state]) {
    seen[state] = true;
    state = successor(&m->states[state]);
  }
  first = state;
  for (at = successor(&m->states[state]); at != state;
       at = successor(&m->states[at]))
    if (at < first)
      first = at;
  return first;
}

static bool times_out(const sf_loader *l) {
  return l->machine->type == SF_EXPRESS || l->scopes[0].timeout_seconds > 0;
}

/* Does work stand in the loop through this state, which may fail? */
static bool has_work(const sf_machine *m, uint32_t state) {
  uint32_t at = state;
  do {
    const sf_state *s = &m->states[at];
    if (s->type == SF_TASK || s->type == SF_PARALLEL || s->type == SF_MAP)
      return true;
    at = successor(s);
  } while (at != state);
  return false;
}

static void tell_loop(sf_loader *l, uint32_t state) {
  const sf_machine *m = l->machine;
  const sf_state *s = &m->states[state];
  sf_where at = sf_where_pointer(NULL, sf_string_text(s->pointer));
  sf_warn(l, &at, SF_LOCATION_HERE, "ENDLESS_LOOP",
          "%s leads out of the loop through \"%s\": it goes on until %s",
          has_work(m, state) ? "Nothing but a failure" : "Nothing",
          sf_string_text(s->name),
          times_out(l) ? "the execution times out"
                       : "the limit of 25,000 events");
}

/* One warning a scope: loops that share states are one fault. */
static void tell_loops(sf_loader *l, const bool *ends, bool *seen) {
  const sf_machine *m = l->machine;
  uint32_t i, told = SF_NONE;
  for (i = 0; i < m->nstates; i++)
    if (!ends[i] && m->states[i].scope != told) {
      told = m->states[i].scope;
      tell_loop(l, find_loop(m, i, seen));
    }
}

void sf_check_loops(sf_loader *l) {
  size_t n = l->machine->nstates;
  bool *ends = sf_alloc_zero(l->mem, (n + 1) * sizeof *ends);
  bool *seen = sf_alloc_zero(l->mem, (n + 1) * sizeof *seen);
  if (ends == NULL || seen == NULL)
    sf_loader_nomem(l);
  else if (mark_ends(l->machine, ends))
    tell_loops(l, ends, seen);
  sf_alloc_free(l->mem, ends, (n + 1) * sizeof *ends);
  sf_alloc_free(l->mem, seen, (n + 1) * sizeof *seen);
}
