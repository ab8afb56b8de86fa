/*
** maprun.c - the life of a Map Run: it begins, starts children, hears of their
** ends, and ends itself.
*/
#include "run/maprun.h"

#include <string.h>

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

/* The state's group and its Map Run, with the settings of 'draft' (consumed);
** 'source' is borrowed. */
static map_run *place_run(sf_execution *x, frame *f, sf_value source,
                          map_run *draft) {
  map_run *run = sf_map_run_new(x, f, draft);
  group *g = run == NULL ? NULL : sf_group_new(x, f, 0);

  if (g == NULL)
    return NULL;
  g->run = run;
  g->started_id = f->last_id;
  run->source = sf_retain(source);
  run->items[TALLY_TOTAL] = count_of(source);
  sf_map_run_name(x, run);
  return run;
}

/* The state's MapStateStarted event is written once, though the settings behind it
** may be evaluated again: till they are there, 'scheduled' says that it is. */
static void tell_started(sf_execution *x, frame *f, sf_value source) {
  if (!f->scheduled)
    f->last_id = sf_emit(x, H_MAP_STARTED, f->last_id, f,
                         sf_integer((int64_t)count_of(source)), sf_absent());
  f->scheduled = true;
}

static void begin(sight *s, frame *f, const sf_map *map, sf_value input,
                  sf_value source, uint32_t concurrency) {
  sf_execution *x = s->x;
  map_run draft, *run;
  failure fail;
  bool ok;

  memset(&draft, 0, sizeof draft);
  draft.state = f->state;
  draft.concurrency = concurrency;
  tell_started(x, f, source);
  ok = sf_map_run_settings(s, map, input, &draft, &fail);
  f->scheduled = x->putting_off;
  if (!ok) {
    sf_map_run_clear(x, &draft);
    sf_raise(x, f, &fail);
    return;
  }
  run = place_run(x, f, source, &draft);
  if (run == NULL || x->broken)
    return;
  sf_assign(&f->effective, sf_retain(input));
  f->last_id =
    sf_emit(x, H_MAP_RUN_STARTED, f->last_id, f, run->arn, sf_absent());
  sf_map_run_tell(x, run);
  if (!sf_writer_check(x, run, &fail) ||
      (sf_item_reader_of(map) != NULL &&
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

  sf_identify(s->x); /* it is told with each Map Run */
  if (sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                     &input, &fail) &&
      (sf_item_reader_of(map) != NULL ||
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

/* What it holds only while it runs. */
static void drop_supplies(sf_execution *x, map_run *run) {
  sf_reader_close(x, run);
  sf_assign(&run->source, sf_absent());
  sf_assign(&run->batch, sf_absent());
  sf_assign(&run->held, sf_absent());
  sf_assign(&run->found.value, sf_absent());
  sf_assign(&run->found.key, sf_absent());
  sf_assign(&run->batch_input, sf_absent());
}

static void close_run(sf_execution *x, map_run *run, sf_execution_status status,
                      sf_reason reason) {
  sf_children_stop(x, run, reason);
  drop_supplies(x, run);
  run->status = status;
  run->stop_date = x->now;
  sf_map_run_tell(x, run);
}

static void complete(sf_execution *x, map_run *run) {
  frame *f = run->frame;
  sf_value result = sf_map_run_result(x, run);
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
  sf_failure_set(x, &fail, sf_retain(run->error), sf_retain(run->cause),
                 run->only_by_name ? REACH_NAME : REACH_ALL);
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

void sf_map_run_judge(sf_execution *x, map_run *run) {
  if (!run->closing && is_breached(run))
    fail_tolerance(x, run);
  else
    sf_map_run_wake(x, run);
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
    if (run->found.value.kind != SF_ABSENT && run->source.kind == SF_ABSENT)
      sf_reader_take_back(run);
    if (!run->waiting)
      continue;
    run->waiting = false;
    if (run->status == SF_RUNNING)
      go(x, run);
  }
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

  sf_sight_init(&s, x, f);
  got = sf_map_run_next(&s, run, &input, &items, &fail);
  sf_sight_clear(&s);
  if (x->putting_off)
    return;
  f->phase = FRAME_GROUP;
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

sf_answer sf_map_run_event(sf_execution *x, const sf_event *e) {
  switch (e->type) {
    case SF_EVENT_CHILD_STARTED:
    case SF_EVENT_CHILD_FINISHED: return sf_child_event(x, e);
    case SF_EVENT_READ:
    case SF_EVENT_READ_FAILED: return sf_reader_event(x, e);
    case SF_EVENT_WRITTEN:
    case SF_EVENT_WRITE_FAILED: return sf_writer_event(x, e);
    case SF_EVENT_UPDATE_MAP_RUN: return sf_map_run_update(x, e);
    default: return SF_NOT_EXPECTED;
  }
}
