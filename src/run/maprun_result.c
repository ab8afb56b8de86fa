/*
** maprun_result.c - what becomes of children: they are counted, their results kept,
** or written, and put together.
*/
#include "run/maprun.h"

#include "base/json.h"

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

sf_value sf_map_run_result(sf_execution *x, const map_run *run) {
  sf_value results = run->frame->group->results;

  if (sf_writer_is_wanted(x, run))
    return sf_writer_result(x, run);
  if (transformation_of(x, run) == SF_WRITE_FLATTEN)
    return flatten(x, results);
  return sf_retain(results);
}

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
  sf_map_run_judge(x, run);
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
