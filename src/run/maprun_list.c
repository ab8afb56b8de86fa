/*
** maprun_list.c - the Map Runs of an execution: made, found, told of, freed.
*/
#include "run/maprun.h"

static struct map_runs *all_runs(sf_execution *x) {
  if (x->map_runs == NULL)
    x->map_runs = sf_alloc_zero(x->mem, sizeof *x->map_runs);
  if (x->map_runs == NULL)
    x->broken = true;
  return x->map_runs;
}

map_run *sf_map_run_find(const sf_execution *x, uint32_t id) {
  map_run *run = x->map_runs == NULL ? NULL : x->map_runs->first;

  while (run != NULL && run->id != id)
    run = run->next;
  return run;
}

void sf_map_run_clear(sf_execution *x, map_run *run) {
  if (run->reader != NULL)
    sf_reader_free(x, run->reader);
  sf_release(run->bucket);
  sf_release(run->key);
  sf_release(run->prefix);
  sf_release(run->read_key);
  sf_release(run->read_etag);
  sf_release(run->manifest_etag);
  sf_writer_clear(run);
  sf_release(run->error);
  sf_release(run->cause);
  sf_release(run->arn);
  sf_release(run->label);
  sf_release(run->source);
  sf_release(run->batch_input);
  sf_release(run->batch);
  sf_release(run->held);
  sf_release(run->found.value);
  sf_release(run->found.key);
}

static void free_run(sf_execution *x, map_run *run) {
  map_run **at = &x->map_runs->first;

  while (*at != run)
    at = &(*at)->next;
  *at = run->next;
  sf_map_run_clear(x, run);
  sf_alloc_free(x->mem, run, sizeof *run);
}

map_run *sf_map_run_new(sf_execution *x, frame *f, map_run *draft) {
  struct map_runs *all = all_runs(x);
  map_run *run = all == NULL ? NULL : sf_alloc_new(x->mem, sizeof *run);
  map_run **at;

  if (run == NULL) {
    x->broken = true;
    sf_map_run_clear(x, draft);
    return NULL;
  }
  *run = *draft;
  for (at = &all->first; *at != NULL; at = &(*at)->next)
    ;
  *at = run;
  run->id = ++all->last_id;
  run->frame = f;
  run->state = f->state;
  run->entered_id = f->entered_id;
  run->attempt = sf_draw_attempt(x, f);
  run->start_date = x->now;
  run->stop_date = SF_TIME_NEVER;
  return run;
}

void sf_map_run_tell(sf_execution *x, map_run *run) {
  if (run->effect_pending)
    return;
  run->effect_pending = true;
  sf_outbox_push(x, SF_EFFECT_MAP_RUN, run->id, (sf_reason)0);
}

void sf_map_run_leave(sf_execution *x, map_run *run) {
  run->frame = NULL;
  if (!run->effect_pending)
    free_run(x, run);
}

bool sf_map_run_told(sf_execution *x, uint32_t id, sf_effect *effect) {
  map_run *run = sf_map_run_find(x, id);

  if (run == NULL)
    return false;
  run->effect_pending = false;
  effect->map_run = id;
  effect->status = run->status;
  effect->run = sf_map_run_describe(x, run);
  if (run->frame == NULL)
    free_run(x, run);
  return true;
}

void sf_map_runs_clear(sf_execution *x) {
  if (x->map_runs == NULL)
    return;
  sf_children_clear(x);
  while (x->map_runs->first != NULL)
    free_run(x, x->map_runs->first);
  sf_alloc_free(x->mem, x->map_runs, sizeof *x->map_runs);
  x->map_runs = NULL;
}

size_t sf_execution_map_run_count(const sf_execution *x) {
  const map_run *run = x->map_runs == NULL ? NULL : x->map_runs->first;
  size_t n = 0;

  for (; run != NULL; run = run->next)
    n++;
  return n;
}

sf_value sf_execution_map_run(const sf_execution *x, size_t index) {
  const map_run *run = x->map_runs == NULL ? NULL : x->map_runs->first;

  while (run != NULL && index-- > 0)
    run = run->next;
  return run == NULL ? sf_absent() : sf_map_run_describe(x, run);
}

void sf_execution_retell_writes(sf_execution *x) {
  map_run *run = x->map_runs == NULL ? NULL : x->map_runs->first;

  for (; run != NULL; run = run->next)
    sf_writer_retell(x, run);
}
