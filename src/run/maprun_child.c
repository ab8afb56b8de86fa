/*
** maprun_child.c - the children that run, of all Map Runs of an execution: an
** array in order of ids, with holes.  A `child` effect is made when it is
** drained; one whose child is stopped before that vanishes with it.
*/
#include <string.h>

#include "run/maprun.h"

static size_t find_slot(const struct map_runs *all, uint32_t id) {
  size_t low = 0, high = all->count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (all->children[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

child *sf_child_find(const sf_execution *x, uint32_t id) {
  const struct map_runs *all = x->map_runs;
  size_t at = all == NULL ? 0 : find_slot(all, id);

  if (all == NULL || at == all->count || all->children[at].id != id ||
      all->children[at].run == NULL)
    return NULL;
  return &all->children[at];
}

static void compact(struct map_runs *all) {
  size_t from, to = 0;

  for (from = 0; from < all->count; from++)
    if (all->children[from].run != NULL)
      all->children[to++] = all->children[from];
  all->count = to;
}

/* Room for one more; holes are closed when half of all are. */
static bool make_room(sf_execution *x, struct map_runs *all) {
  void *items = all->children;

  if (all->count == all->capacity)
    compact(all);
  if (all->count <= all->capacity / 2 && all->capacity > 0)
    return true;
  if (!sf_alloc_grow(x->mem, &items, &all->capacity, all->count + 1,
                     sizeof *all->children))
    return false;
  all->children = items;
  return true;
}

void sf_child_open(sf_execution *x, map_run *run, uint32_t index,
                   sf_value input, uint32_t items) {
  struct map_runs *all = x->map_runs;
  child *c;

  if (!make_room(x, all)) {
    x->broken = true;
    sf_release(input);
    return;
  }
  c = &all->children[all->count++];
  memset(c, 0, sizeof *c);
  c->id = ++all->last_child;
  c->run = run;
  c->index = index;
  c->items = items;
  c->input = input;
  c->start_date = x->now;
  run->launching++;
  run->executions[TALLY_TOTAL]++;
  run->executions[TALLY_RUNNING]++;
  run->items[TALLY_RUNNING] += items;
  sf_outbox_push(x, SF_EFFECT_CHILD, c->id, (sf_reason)0);
}

void sf_child_close(sf_execution *x, child *c) {
  struct map_runs *all = x->map_runs;

  sf_assign(&c->input, sf_absent());
  c->run = NULL;
  while (all->count > 0 && all->children[all->count - 1].run == NULL)
    all->count--;
}

static void stop(sf_execution *x, map_run *run, child *c, sf_reason reason) {
  run->executions[TALLY_RUNNING]--;
  run->executions[TALLY_ABORTED]++;
  run->items[TALLY_RUNNING] -= c->items;
  run->items[TALLY_ABORTED] += c->items;
  if (!c->started)
    run->launching--;
  if (c->told)
    sf_outbox_push(x, SF_EFFECT_CHILD_STOP, c->id, reason);
  sf_assign(&c->input, sf_absent());
  c->run = NULL;
}

void sf_children_stop(sf_execution *x, map_run *run, sf_reason reason) {
  struct map_runs *all = x->map_runs;
  size_t i;

  for (i = 0; i < all->count; i++)
    if (all->children[i].run == run)
      stop(x, run, &all->children[i], reason);
}

bool sf_child_effect(sf_execution *x, uint32_t id, sf_effect *effect) {
  child *c = sf_child_find(x, id);
  const sf_state *st;

  if (c == NULL)
    return false;
  c->told = true;
  st = &x->machine->states[c->run->state];
  effect->child = id;
  effect->map_run = c->run->id;
  effect->map_run_arn = sf_retain(c->run->arn);
  effect->processor = sf_retain(st->pointer);
  effect->input = sf_retain(c->input);
  effect->scope = st->u.map.processor;
  effect->child_type = st->u.map.execution_type;
  sf_child_name(x, c->run, c->index, effect);
  return true;
}

bool sf_execution_child(const sf_execution *x, size_t index,
                        sf_open_child *out) {
  const struct map_runs *all = x->map_runs;
  size_t i;

  for (i = 0; all != NULL && i < all->count; i++) {
    const child *c = &all->children[i];
    if (c->run == NULL || index-- > 0)
      continue;
    out->child = c->id;
    out->map_run = c->run->id;
    out->told = c->told;
    out->started = c->started;
    return true;
  }
  return false;
}

bool sf_execution_retell_child(sf_execution *x, uint32_t id) {
  child *c = sf_child_find(x, id);

  if (c != NULL && c->told) {
    c->told = false;
    sf_outbox_push(x, SF_EFFECT_CHILD, id, (sf_reason)0);
  }
  return c != NULL;
}

void sf_children_clear(sf_execution *x) {
  struct map_runs *all = x->map_runs;
  size_t i;

  for (i = 0; i < all->count; i++)
    sf_release(all->children[i].input);
  sf_alloc_free(x->mem, all->children, all->capacity * sizeof *all->children);
  all->children = NULL;
  all->count = all->capacity = 0;
}
