/*
** maprun.c - the life of a Map Run: it begins, starts children, hears of their
** ends, and ends itself.
*/
#include "run/maprun.h"

#include "base/json.h"

/* --- the list of them --- */

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

static void free_run(sf_execution *x, map_run *run) {
  map_run **at = &x->map_runs->first;

  while (*at != run)
    at = &(*at)->next;
  *at = run->next;
  if (run->reader != NULL)
    sf_reader_free(x, run->reader);
  sf_release(run->bucket);
  sf_release(run->key);
  sf_release(run->prefix);
  sf_writer_clear(run);
  sf_release(run->error);
  sf_release(run->cause);
  sf_release(run->arn);
  sf_release(run->label);
  sf_release(run->source);
  sf_release(run->batch_input);
  sf_release(run->batch);
  sf_release(run->held);
  sf_alloc_free(x->mem, run, sizeof *run);
}

static map_run *new_run(sf_execution *x, frame *f) {
  struct map_runs *all = all_runs(x);
  map_run *run = all == NULL ? NULL : sf_alloc_zero(x->mem, sizeof *run);
  map_run **at;

  if (run == NULL) {
    x->broken = true;
    return NULL;
  }
  for (at = &all->first; *at != NULL; at = &(*at)->next)
    ;
  *at = run;
  run->id = ++all->last_id;
  run->frame = f;
  run->state = f->state;
  run->entered_id = f->entered_id;
  run->attempt = f->retry_count;
  run->start_date = x->now;
  run->stop_date = SF_TIME_NEVER;
  return run;
}

/* What it holds only while it runs. */
static void drop_supplies(sf_execution *x, map_run *run) {
  sf_reader_close(x, run);
  sf_assign(&run->source, sf_absent());
  sf_assign(&run->batch, sf_absent());
  sf_assign(&run->held, sf_absent());
  sf_assign(&run->batch_input, sf_absent());
}

static void tell(sf_execution *x, map_run *run) {
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

/* --- settings --- */

static const sf_item_reader *reader_of(const sf_map *map) {
  const sf_distribution *d = map->distribution;

  return d == NULL || !d->reader.there ? NULL : &d->reader;
}

const sf_item_reader *sf_map_run_rules(const sf_execution *x,
                                       const map_run *run) {
  return reader_of(&x->machine->states[run->state].u.map);
}

/* A whole number that a constant or a path gives; *there: is there one? */
static bool whole_setting(sight *s, const sf_operand *operand,
                          const char *field, sf_value input, bool *there,
                          int64_t *out, failure *fail) {
  sf_value v;
  bool ok;

  *there = operand->kind != SF_OPERAND_NONE;
  *out = 0;
  if (!*there)
    return true;
  if (!sf_road_setting(s, operand, field, input, &v, fail))
    return false;
  ok = sf_road_whole(v, out) ||
       sf_fail_setting(s, operand, field, "integer", v, fail);
  sf_release(v);
  return ok;
}

/* A number, also as text. */
static bool to_float(sf_execution *x, sf_value v, double *out) {
  sf_value number = sf_retain(v);
  sf_error err;
  bool ok;

  if (v.kind == SF_STRING &&
      sf_json_read(x->mem, sf_string_text(v), sf_string_length(v), &number,
                   &err) != SF_OK)
    number = sf_absent();
  if (v.kind == SF_STRING)
    sf_release(v);
  ok = sf_is_number(number);
  if (ok)
    *out = sf_to_double(number);
  sf_release(number);
  return ok;
}

static bool tolerated_count(sight *s, const sf_map *map, sf_value input,
                            map_run *run, failure *fail) {
  int64_t n;

  if (!whole_setting(s, &map->tolerated_count, "ToleratedFailureCountPath",
                     input, &run->has_count, &n, fail))
    return false;
  if (n < 0)
    return sf_fail_runtime(s, fail,
                           "ToleratedFailureCount cannot be negative.");
  run->tolerated_count = (uint64_t)n;
  return true;
}

static bool tolerated_percentage(sight *s, const sf_map *map, sf_value input,
                                 map_run *run, failure *fail) {
  const char *field = "ToleratedFailurePercentagePath";
  const sf_operand *operand = &map->tolerated_percentage;
  double p = 0;
  sf_value v;
  bool ok;

  run->has_percentage = operand->kind != SF_OPERAND_NONE;
  if (!run->has_percentage)
    return true;
  if (!sf_road_setting(s, operand, field, input, &v, fail))
    return false;
  ok = to_float(s->x, v, &p) ||
       sf_fail_setting(s, operand, field, "float", v, fail);
  sf_release(v);
  if (ok && !(p >= 0 && p <= 100))
    ok = sf_fail_runtime(
      s, fail, "ToleratedFailurePercentage must be between 0 and 100.");
  run->tolerated_percentage = p;
  return ok;
}

static bool batch_limit(sight *s, const sf_operand *operand, const char *field,
                        const char *what, sf_value input, uint64_t *out,
                        failure *fail) {
  bool there;
  int64_t n;

  if (!whole_setting(s, operand, field, input, &there, &n, fail))
    return false;
  if (there && n <= 0)
    return sf_fail_runtime(s, fail, "field %s must be positive", what);
  *out = (uint64_t)n;
  return true;
}

static bool batching(sight *s, const sf_map *map, sf_value input, map_run *run,
                     failure *fail) {
  const sf_item_batcher *b =
    map->distribution == NULL ? NULL : &map->distribution->batcher;

  run->has_batches = b != NULL && b->there;
  if (!run->has_batches)
    return true;
  return batch_limit(s, &b->max_items, "MaxItemsPerBatchPath",
                     "MaxItemsPerBatch", input, &run->limits.items, fail) &&
         batch_limit(s, &b->max_bytes, "MaxInputBytesPerBatchPath",
                     "MaxInputBytesPerBatch", input, &run->limits.bytes,
                     fail) &&
         (b->input == NULL ||
          sf_road_template(s, b->input, input, SF_STAGE_AFTER_PARAMETERS,
                           &run->batch_input, fail));
}

static bool reading(sight *s, const sf_map *map, sf_value input, map_run *run,
                    failure *fail) {
  const sf_item_reader *reader = reader_of(map);

  if (reader == NULL)
    return true;
  if (!whole_setting(s, &reader->max_items, "MaxItemsPath", input,
                     &run->has_max_items, &run->max_items, fail) ||
      !sf_reader_prepare(s, run, reader, input, fail))
    return false;
  if (run->max_items > MAP_RUN_ITEMS_MAX)
    run->max_items = 0;
  return true;
}

static bool settings(sight *s, const sf_map *map, sf_value input, map_run *run,
                     failure *fail) {
  return tolerated_count(s, map, input, run, fail) &&
         tolerated_percentage(s, map, input, run, fail) &&
         reading(s, map, input, run, fail) &&
         batching(s, map, input, run, fail) &&
         sf_writer_prepare(s, run, input, fail);
}

/* --- the beginning --- */

static size_t count_of(sf_value items) {
  switch (items.kind) {
    case SF_ARRAY: return sf_array_count(items);
    case SF_OBJECT: return sf_object_count(items);
    default: return 0; /* a reader: nobody knows yet */
  }
}

static void go(sf_execution *x, map_run *run) {
  frame *f = run->frame;

  if (f->queued)
    return;
  f->phase = FRAME_LAUNCH;
  sf_queue_push(x, f);
}

/* The state's group and its Map Run; 'source' is borrowed. */
static map_run *place_run(sf_execution *x, frame *f, sf_value source) {
  group *g = sf_group_new(x, f, 0);
  map_run *run = g == NULL ? NULL : new_run(x, f);

  if (run == NULL)
    return NULL;
  g->run = run;
  g->started_id = f->last_id;
  run->source = sf_retain(source);
  run->items[TALLY_TOTAL] = count_of(source);
  sf_map_run_name(x, run);
  return run;
}

static void begin(sight *s, frame *f, const sf_map *map, sf_value input,
                  sf_value source, uint32_t concurrency) {
  sf_execution *x = s->x;
  failure fail;
  map_run *run;

  f->last_id = sf_emit(x, H_MAP_STARTED, f->last_id, f,
                       sf_integer((int64_t)count_of(source)), sf_absent());
  run = place_run(x, f, source);
  if (run == NULL || x->broken)
    return;
  run->concurrency = concurrency;
  sf_assign(&f->effective, sf_retain(input));
  if (!settings(s, map, input, run, &fail)) {
    sf_group_free(x, f);
    sf_raise(x, f, &fail);
    return;
  }
  f->last_id =
    sf_emit(x, H_MAP_RUN_STARTED, f->last_id, f, run->arn, sf_absent());
  tell(x, run);
  if (!sf_writer_check(x, run, &fail) ||
      (reader_of(map) != NULL &&
       sf_reader_check(x, run, &fail) == SUPPLY_FAILED))
    sf_map_run_drop(x, run, &fail);
  else
    go(x, run);
}

void sf_map_run_act(sight *s, frame *f) {
  const sf_state *st = sf_frame_state(s->x, f);
  const sf_map *map = &st->u.map;
  sf_value input = {{0}, SF_ABSENT}, source = {{0}, SF_ABSENT};
  uint32_t concurrency;
  failure fail;

  if (sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                     &input, &fail) &&
      (reader_of(map) != NULL ||
       sf_map_items(s, st, input, true, &source, &fail)) &&
      sf_map_concurrency(s, map, input, MAP_RUN_CHILDREN_MAX, &concurrency,
                         &fail))
    begin(s, f, map, input, source, concurrency);
  else
    sf_raise(s->x, f, &fail);
  sf_release(input);
  sf_release(source);
}

/* --- the end --- */

static void close_run(sf_execution *x, map_run *run, sf_execution_status status,
                      sf_reason reason) {
  sf_children_stop(x, run, reason);
  drop_supplies(x, run);
  run->status = status;
  run->stop_date = x->now;
  tell(x, run);
}

/* Arrays among the results give their elements. */
static sf_value flatten(sf_execution *x, sf_value results) {
  sf_value flat = sf_array_new(x->mem, sf_array_count(results));
  size_t i, j;

  if (flat.kind == SF_ABSENT) {
    x->broken = true;
    return flat;
  }
  for (i = 0; i < sf_array_count(results); i++) {
    sf_value v = sf_array_at(results, i);
    if (v.kind != SF_ARRAY && sf_array_push(&flat, sf_retain(v)) != SF_OK)
      x->broken = true;
    for (j = 0; v.kind == SF_ARRAY && j < sf_array_count(v); j++)
      if (sf_array_push(&flat, sf_retain(sf_array_at(v, j))) != SF_OK)
        x->broken = true;
  }
  return flat;
}

static int transformation_of(const sf_execution *x, const map_run *run) {
  const sf_distribution *d = x->machine->states[run->state].u.map.distribution;

  return d == NULL || !d->writer.there ? 0 : d->writer.transformation;
}

static sf_value result_of_all(sf_execution *x, const map_run *run) {
  sf_value results = run->frame->group->results;

  if (sf_writer_is_wanted(x, run))
    return sf_writer_result(x, run);
  if (transformation_of(x, run) == SF_WRITE_FLATTEN)
    return flatten(x, results);
  return sf_retain(results);
}

static void complete(sf_execution *x, map_run *run) {
  frame *f = run->frame;
  sf_value result = result_of_all(x, run);
  uint32_t id;

  close_run(x, run, SF_SUCCEEDED, SF_REASON_SIBLING);
  id = sf_emit(x, H_MAP_RUN_SUCCEEDED, f->last_id, f, sf_absent(), sf_absent());
  sf_emit(x, H_MAP_SUCCEEDED, id, f, sf_absent(), sf_absent());
  sf_group_free(x, f);
  sf_state_result(x, f, result);
  sf_release(result);
}

void sf_map_run_drop(sf_execution *x, map_run *run, failure *fail) {
  frame *f = run->frame;

  sf_queue_remove(x, f);
  f->phase = FRAME_GROUP;
  close_run(x, run, SF_FAILED, SF_REASON_SIBLING);
  f->last_id =
    sf_emit(x, H_MAP_RUN_FAILED, f->last_id, f, fail->error, fail->cause);
  sf_raise_group(x, f, fail);
}

/* All is written, or there was nothing to write: the Map Run ends. */
static void conclude(sf_execution *x, map_run *run) {
  failure fail;

  if (run->error.kind == SF_ABSENT) {
    complete(x, run);
    return;
  }
  fail.error = sf_retain(run->error);
  fail.cause = sf_retain(run->cause);
  fail.reach = run->only_by_name ? REACH_NAME : REACH_ALL;
  fail.heartbeat = false;
  sf_map_run_drop(x, run, &fail);
}

/* No more children: write what is left, then end. */
static void finish(sf_execution *x, map_run *run) {
  if (!sf_writer_is_wanted(x, run) || sf_writer_close(x, run))
    conclude(x, run);
}

void sf_map_run_fail(sf_execution *x, map_run *run, failure *fail) {
  if (!sf_writer_is_wanted(x, run)) {
    sf_map_run_drop(x, run, fail);
    return;
  }
  sf_queue_remove(x, run->frame);
  run->frame->phase = FRAME_GROUP;
  run->error = fail->error;
  run->cause = fail->cause;
  run->only_by_name = fail->reach == REACH_NAME;
  run->waiting = false;
  sf_children_stop(x, run, SF_REASON_SIBLING);
  drop_supplies(x, run);
  finish(x, run);
}

void sf_map_run_abort(sf_execution *x, frame *f, sf_reason reason,
                      uint32_t cause_id, bool events) {
  map_run *run = f->group->run;

  if (run->status != SF_RUNNING)
    return;
  close_run(x, run, SF_ABORTED, reason);
  if (events)
    sf_emit(x, H_MAP_RUN_ABORTED, cause_id, f, sf_absent(), sf_absent());
}

/* --- tolerance --- */

/* Have more items failed than may?  What share they are is known when the number
** of all is. */
static bool is_breached(const map_run *run) {
  uint64_t failed = run->items[TALLY_FAILED] + run->items[TALLY_TIMED_OUT];

  if (failed == 0)
    return false;
  if (!run->has_count && !run->has_percentage)
    return true;
  if (run->has_count && failed > run->tolerated_count)
    return true;
  return run->has_percentage && (run->ended || run->source.kind != SF_ABSENT) &&
         (double)failed * 100 >
           run->tolerated_percentage * (double)run->items[TALLY_TOTAL];
}

static void fail_tolerance(sf_execution *x, map_run *run) {
  failure fail;

  sf_fail_named(
    x, &fail, "States.ExceedToleratedFailureThreshold",
    sf_string_from(x->mem,
                   "The specified tolerated failure threshold was exceeded"),
    REACH_ALL);
  sf_map_run_fail(x, run, &fail);
}

/* --- going on --- */

static bool may_launch(const map_run *run) {
  return run->status == SF_RUNNING && !run->ended && !run->waiting &&
         !run->closing && !sf_writer_is_full(run) &&
         run->executions[TALLY_RUNNING] < run->concurrency &&
         run->launching < MAP_RUN_LAUNCHING_MAX;
}

void sf_map_run_wake(sf_execution *x, map_run *run) {
  if (x->broken || x->overflow)
    return;
  if (may_launch(run))
    go(x, run);
  else if (run->closing ||
           (run->ended && run->executions[TALLY_RUNNING] == 0)) {
    if (!run->closing && is_breached(run))
      fail_tolerance(x, run);
    else
      finish(x, run);
  }
}

void sf_map_runs_resume(sf_execution *x) {
  map_run *run = x->map_runs->first;

  if (!x->map_runs->resumed)
    return;
  x->map_runs->resumed = false;
  for (; run != NULL; run = run->next) {
    if (!run->waiting)
      continue;
    run->waiting = false;
    if (run->status == SF_RUNNING)
      go(x, run);
  }
}

void sf_execution_retell_writes(sf_execution *x) {
  map_run *run = x->map_runs == NULL ? NULL : x->map_runs->first;

  for (; run != NULL; run = run->next)
    sf_writer_retell(x, run);
}

static void launch(sf_execution *x, map_run *run, sf_value input,
                   uint32_t items) {
  group *g = run->frame->group;

  if (!sf_writer_is_wanted(x, run) &&
      sf_array_push(&g->results, sf_null()) != SF_OK)
    x->broken = true;
  sf_child_open(x, run, g->begun++, input, items);
}

void sf_map_run_step(sf_execution *x, frame *f) {
  map_run *run = f->group->run;
  sf_value input;
  uint32_t items;
  failure fail;
  sight s;
  supply got;

  f->phase = FRAME_GROUP;
  sf_sight_init(&s, x, f);
  got = sf_map_run_next(&s, run, &input, &items, &fail);
  sf_sight_clear(&s);
  switch (got) {
    case SUPPLY_READY: launch(x, run, input, items); break;
    case SUPPLY_WAIT: return;
    case SUPPLY_END:
      run->ended = true;
      run->items[TALLY_TOTAL] = run->taken;
      sf_reader_close(x, run);
      break;
    case SUPPLY_FAILED: sf_map_run_fail(x, run, &fail); return;
  }
  sf_map_run_wake(x, run);
}

/* --- what becomes of children --- */

/* ORDER EXECUTION_STATUS */
static const tally status_tallies[] = {
  TALLY_RUNNING, TALLY_SUCCEEDED, TALLY_FAILED, TALLY_TIMED_OUT, TALLY_ABORTED};

static void count_end(map_run *run, const child *c,
                      sf_execution_status status) {
  tally t = status_tallies[status];

  run->executions[TALLY_RUNNING]--;
  run->items[TALLY_RUNNING] -= c->items;
  run->executions[t]++;
  run->items[t] += c->items;
  if (status == SF_SUCCEEDED) {
    run->executions[TALLY_RESULTS]++;
    run->items[TALLY_RESULTS] += c->items;
  }
}

/* Keep the result; false: they are too large together, and the run has
** failed. */
static bool keep_result(sf_execution *x, map_run *run, uint32_t index,
                        sf_execution_status status,
                        sf_value result /* consumes */) {
  group *g = run->frame->group;
  uint64_t limit = x->facts.limits.payload;
  failure fail;

  if (result.kind == SF_ABSENT) {
    x->broken = true;
    return false;
  }
  if (sf_writer_is_wanted(x, run)) {
    sf_writer_add(x, run, status == SF_SUCCEEDED, result);
    sf_release(result);
    return true;
  }
  run->result_bytes += sf_json_length(result) + 1;
  if (sf_array_set(&g->results, index, result) != SF_OK)
    x->broken = true;
  if (limit == 0 || run->result_bytes + 1 <= limit)
    return true;
  sf_fail_named(x, &fail, "States.DataLimitExceeded",
                sf_string_format(
                  x->mem,
                  "The state/task '%s' returned a result with a size exceeding "
                  "the maximum number of bytes service limit.",
                  sf_string_text(sf_frame_state(x, run->frame)->name)),
                REACH_NAME);
  sf_map_run_fail(x, run, &fail);
  return false;
}

/* What stands for the child in the state's result: its output; all that is known
** of it where it failed, or where the definition wants that. */
static sf_value result_of(sf_execution *x, const map_run *run, const child *c,
                          const sf_event *e) {
  int wanted = transformation_of(x, run);
  bool whole = sf_writer_is_wanted(x, run) ? wanted < SF_WRITE_COMPACT
                                           : wanted == SF_WRITE_NONE;

  if (e->status == SF_SUCCEEDED && !whole)
    return sf_retain(e->output);
  return sf_child_record(x, c, e);
}

static void child_started(child *c, const sf_event *e, sf_time now) {
  if (!c->started)
    c->run->launching--;
  c->started = true;
  c->start_date = e->start_date == SF_TIME_NEVER ? now : e->start_date;
}

static void child_finished(sf_execution *x, child *c, const sf_event *e) {
  map_run *run = c->run;
  uint32_t index = c->index;
  sf_value result;

  child_started(c, e, c->started ? c->start_date : x->now);
  count_end(run, c, e->status);
  result = result_of(x, run, c, e);
  sf_child_close(x, c);
  if (!keep_result(x, run, index, e->status, result))
    return;
  if (is_breached(run))
    fail_tolerance(x, run);
  else
    sf_map_run_wake(x, run);
}

sf_answer sf_child_event(sf_execution *x, const sf_event *e) {
  child *c = sf_child_find(x, e->child);
  map_run *run;

  if (x->status != SF_RUNNING)
    return SF_EXECUTION_FINISHED;
  if (c == NULL)
    return SF_TASK_TIMED_OUT;
  run = c->run;
  if (e->type == SF_EVENT_CHILD_STARTED) {
    child_started(c, e, x->now);
    sf_map_run_wake(x, run);
    return SF_ACCEPTED;
  }
  if (e->status == SF_RUNNING)
    return SF_NOT_EXPECTED;
  if (e->status == SF_SUCCEEDED && e->output.kind == SF_ABSENT)
    return SF_INVALID_OUTPUT;
  child_finished(x, c, e);
  return SF_ACCEPTED;
}

sf_answer sf_map_run_event(sf_execution *x, const sf_event *e) {
  switch (e->type) {
    case SF_EVENT_CHILD_STARTED:
    case SF_EVENT_CHILD_FINISHED: return sf_child_event(x, e);
    case SF_EVENT_READ:
    case SF_EVENT_READ_FAILED: return sf_reader_event(x, e);
    case SF_EVENT_WRITTEN:
    case SF_EVENT_WRITE_FAILED: return sf_writer_event(x, e);
    default: return SF_NOT_EXPECTED;
  }
}
