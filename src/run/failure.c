/*
** failure.c - the one place of errors: what a state's failure is called, which
** retrier or catcher takes it, and how it climbs from branch to Parallel, from
** iteration to Map, up to the end of the execution.
*/
#include <math.h>
#include <stdarg.h>

#include "base/random.h"
#include "run/internal.h"

#define JITTER_DRAW 0x80000000u /* apart from the draws of expressions */

static void clear_failure(failure *fail) {
  sf_assign(&fail->error, sf_absent());
  sf_assign(&fail->cause, sf_absent());
}

static bool begins_character(char byte) {
  return ((unsigned char)byte & 0xC0) != 0x80;
}

sf_value sf_cut(sf_execution *x, sf_value text, size_t characters_max) {
  size_t length = text.kind == SF_STRING ? sf_string_length(text) : 0;
  const char *bytes = length > characters_max ? sf_string_text(text) : NULL;
  size_t at = 0, count = 0;
  sf_value cut;

  if (bytes == NULL)
    return text;
  while (at < length &&
         (!begins_character(bytes[at]) || count++ < characters_max))
    at++;
  if (at == length)
    return text;
  cut = sf_string_new(x->mem, bytes, at);
  if (cut.kind == SF_ABSENT)
    x->broken = true;
  sf_release(text);
  return cut;
}

void sf_failure_set(sf_execution *x, failure *fail, sf_value error,
                    sf_value cause, reach how_far) {
  fail->error = sf_cut(x, error, SF_LIMIT_ERROR);
  fail->cause = sf_cut(x, cause, SF_LIMIT_CAUSE);
  fail->reach = how_far;
  fail->heartbeat = fail->evaluation = false;
}

bool sf_fail_named(sf_execution *x, failure *fail, const char *error,
                   sf_value cause, reach how_far) {
  if (x->putting_off) { /* it fails at nothing */
    sf_release(cause);
    sf_failure_set(x, fail, sf_absent(), sf_absent(), REACH_NONE);
    return false;
  }
  sf_failure_set(x, fail, sf_string_from(x->mem, error), cause, how_far);
  if (fail->error.kind == SF_ABSENT)
    x->broken = true;
  return false;
}

/* The cause of an error that the engine itself finds: AWS's prefix, then the
** text. */
static sf_value state_cause(sight *s, const char *format, va_list args) {
  const sf_state *st = sf_frame_state(s->x, s->frame);
  sf_buffer b;
  sf_value cause;

  sf_buffer_init(&b, s->x->mem);
  sf_buffer_add_format(&b,
                       "An error occurred while executing the state '%s' "
                       "(entered at the event id #%u). ",
                       sf_string_text(st->name),
                       (unsigned)s->frame->entered_id);
  sf_buffer_add_arguments(&b, format, args);
  cause = sf_buffer_string(&b);
  if (cause.kind == SF_ABSENT)
    s->x->broken = true;
  return cause;
}

bool sf_fail_runtime(sight *s, failure *fail, const char *format, ...) {
  va_list args;
  sf_value cause;

  va_start(args, format);
  cause = state_cause(s, format, args);
  va_end(args);
  return sf_fail_named(s->x, fail, "States.Runtime", cause, REACH_NONE);
}

bool sf_fail_state_arguments(sight *s, failure *fail, const char *error,
                             const char *format, va_list args) {
  return sf_fail_named(s->x, fail, error, state_cause(s, format, args),
                       REACH_ALL);
}

bool sf_fail_state(sight *s, failure *fail, const char *error,
                   const char *format, ...) {
  va_list args;

  va_start(args, format);
  sf_fail_state_arguments(s, fail, error, format, args);
  va_end(args);
  return false;
}

/* --- matching --- */

static bool name_is(sf_value error, const char *name) {
  return error.kind == SF_STRING && sf_string_is(error, name);
}

static bool matcher_fits(sf_value matcher, const failure *fail) {
  if (fail->error.kind == SF_STRING && sf_equal(matcher, fail->error))
    return true;
  if (fail->heartbeat && sf_string_is(matcher, "States.HeartbeatTimeout"))
    return true;
  if (name_is(fail->error, "States.HeartbeatTimeout") &&
      sf_string_is(matcher, "States.Timeout"))
    return true;
  if (fail->reach != REACH_ALL)
    return false;
  if (sf_string_is(matcher, "States.TaskFailed"))
    return !name_is(fail->error, "States.Timeout") &&
           !name_is(fail->error, "States.HeartbeatTimeout");
  return sf_string_is(matcher, "States.ALL");
}

static bool fits(sf_value errors, const failure *fail) {
  size_t i;

  if (fail->reach == REACH_NONE)
    return false;
  for (i = 0; i < sf_array_count(errors); i++) {
    if (matcher_fits(sf_array_at(errors, i), fail))
      return true;
  }
  return false;
}

/* --- retry --- */

/* Seconds before retry number 'count' + 1. */
static double delay_seconds(const sf_execution *x, const frame *f,
                            const sf_retrier *r, uint32_t count) {
  double seconds = r->interval_seconds * pow(r->backoff_rate, count);

  if (r->max_delay_seconds > 0 && seconds > r->max_delay_seconds)
    seconds = r->max_delay_seconds;
  if (r->full_jitter)
    seconds *= sf_random_unit(sf_random_keyed(
      x->facts.seed, f->entered_id, sf_draw_attempt(x, f), JITTER_DRAW));
  return seconds;
}

static uint32_t *counters(sf_execution *x, frame *f, const sf_state *st) {
  if (f->retries == NULL) {
    f->retries = sf_alloc_zero(x->mem, st->nretriers * sizeof *f->retries);
    if (f->retries == NULL) {
      x->broken = true;
      return NULL;
    }
    f->nretries = st->nretriers;
  }
  return f->retries;
}

/* Does a retrier of the state take the failure?  Then the next attempt is due
** after its delay.  A retrier that fits but is exhausted ends the matter, even
** when a later one fits too. */
static bool retry(sf_execution *x, frame *f, const sf_state *st,
                  const failure *fail) {
  uint32_t i;

  for (i = 0; i < st->nretriers; i++) {
    const sf_retrier *r = &st->retriers[i];
    uint32_t *count;
    double seconds;
    if (!fits(r->errors, fail))
      continue;
    count = counters(x, f, st);
    if (count == NULL || count[i] >= r->max_attempts)
      return false;
    seconds = delay_seconds(x, f, r, count[i]);
    count[i]++;
    f->retry_count++;
    sf_group_free(x, f);
    f->phase = FRAME_RETRY;
    sf_timer_arm(x, &f->wait, TIMER_WAIT,
                 sf_time_add(x->now, sf_time_from_seconds(seconds)));
    return true;
  }
  return false;
}

/* --- catch --- */

static sf_value text_or_null(sf_value v) {
  return v.kind == SF_ABSENT ? sf_null() : sf_retain(v);
}

static sf_value error_output(sf_execution *x, const failure *fail) {
  sf_value o = sf_object_new(x->mem, 2);

  if (o.kind == SF_ABSENT ||
      sf_object_put(&o, "Error", text_or_null(fail->error)) != SF_OK ||
      sf_object_put(&o, "Cause", text_or_null(fail->cause)) != SF_OK)
    x->broken = true;
  return o;
}

/* The road of a caught error.  false: it failed itself, with *fail. */
static bool walk_catcher(sf_execution *x, frame *f, const sf_catcher *c,
                         failure *fail) {
  sf_value caught = f->effective;
  sf_value output = {{0}, SF_ABSENT}, assigned = {{0}, SF_ABSENT};
  sight s;
  bool ok;

  sf_sight_init(&s, x, f);
  s.error_output = caught;
  ok = sf_road_assign(&s, c->assign, caught, &assigned, fail) &&
       (c->output != NULL
          ? sf_road_template(&s, c->output, caught, SF_STAGE_AFTER_OUTPUT_PATH,
                             &output, fail)
          : sf_road_result_path(&s, &c->result_path, f->input, caught, &output,
                                fail)) &&
       sf_road_size(&s, output, sf_frame_state(x, f)->name, fail);
  sf_sight_clear(&s);
  if (ok) {
    sf_state_leave(x, f, c->next, f->catcher + 1, output, assigned);
  } else {
    sf_release(output);
    sf_release(assigned);
  }
  return ok;
}

/* Does a catcher of the state take the failure?  Then its road is the next
** step. */
static bool catch_it(sf_execution *x, frame *f, const sf_state *st,
                     const failure *fail) {
  uint32_t i;

  for (i = 0; i < st->ncatchers; i++) {
    if (fits(st->catchers[i].errors, fail)) {
      sf_group_free(x, f);
      sf_assign(&f->effective, error_output(x, fail));
      f->catcher = i;
      f->phase = FRAME_CAUGHT;
      sf_queue_push_ahead(x, f);
      return true;
    }
  }
  return false;
}

/* --- abort --- */

static const history_type aborted_events[] = {
  H_TASK_STATE_ABORTED, /* ORDER STATE_TYPE; H_COUNT: never seen running */
  H_COUNT,
  H_COUNT,
  H_WAIT_STATE_ABORTED,
  H_COUNT,
  H_COUNT,
  H_PARALLEL_ABORTED,
  H_MAP_ABORTED};

/* 'f' has entered its state and not left it. */
static bool is_inside(const frame *f) {
  return f->phase != FRAME_ENTER && f->phase != FRAME_STOPPED;
}

static void abort_events(sf_execution *x, const frame *f, uint32_t cause_id) {
  const sf_state *above = sf_frame_state(x, f->parent);
  history_type type = aborted_events[sf_frame_state(x, f)->type];

  if (is_inside(f) && type != H_COUNT)
    sf_emit(x, type, cause_id, f, sf_absent(), sf_absent());
  if (above->type == SF_MAP)
    sf_emit(x, H_ITERATION_ABORTED, cause_id, f->parent, sf_integer(f->index),
            sf_absent());
}

static void abort_one(sf_execution *x, frame *f, sf_reason reason,
                      uint32_t cause_id, bool events) {
  if (f->phase == FRAME_STOPPED)
    return;
  sf_queue_remove(x, f); /* first: a step of it may be under way */
  sf_outbox_cancel(x, f, reason);
  if (f->group != NULL && f->group->run != NULL)
    sf_map_run_abort(x, f, reason, cause_id, events);
  sf_attempt_close(x, f);
  sf_timer_disarm(x, &f->wait);
  if (events)
    abort_events(x, f, cause_id);
  if (f->phase == FRAME_ENTER)
    f->entered_id = 0;
  f->phase = FRAME_STOPPED;
}

static frame *innermost(frame *f) {
  while (f->group != NULL && f->group->first != NULL)
    f = f->group->first;
  return f;
}

/* End attempts, timers and queued steps of all frames below 'f', in branch order,
** innermost first; with 'events' their ...Aborted events, pointing at
** 'cause_id'.  The frames stay (FRAME_STOPPED). */
static void abort_below(sf_execution *x, frame *f, sf_reason reason,
                        uint32_t cause_id, bool events) {
  frame *at = innermost(f);

  while (at != f) {
    frame *next = at->next != NULL ? innermost(at->next) : at->parent;
    abort_one(x, at, reason, cause_id, events);
    at = next;
  }
}

void sf_abort_all(sf_execution *x, sf_reason reason) {
  abort_below(x, &x->root, reason, 0, false);
  abort_one(x, &x->root, reason, 0, false);
}

/* --- up the tree --- */

/* The frame 'f' has failed for good; its parent's state fails with it. */
static void fail_group(sf_execution *x, frame *f) {
  frame *parent = f->parent;
  uint32_t cause_id = f->last_id;
  const sf_state *st = sf_frame_state(x, f);

  if (sf_frame_state(x, parent)->type == SF_MAP)
    sf_emit(x, H_ITERATION_FAILED, cause_id, parent, sf_integer(f->index),
            sf_absent());
  else if (st->type == SF_TASK)
    sf_emit(x, H_TASK_STATE_ABORTED, cause_id, f, sf_absent(), sf_absent());
  f->phase = FRAME_STOPPED;
  abort_below(x, parent, SF_REASON_SIBLING, cause_id, true);
  parent->last_id = cause_id;
}

/* Its shape in the history has no error; the trace has. */
static void group_failed_event(sf_execution *x, frame *f, const sf_state *st,
                               const failure *fail) {
  f->last_id = sf_emit(x, st->type == SF_MAP ? H_MAP_FAILED : H_PARALLEL_FAILED,
                       f->last_id, f, fail->error, fail->cause);
}

/* Does the state that 'f' is in, or the end of everything, take the failure?
** 'from_below': what the state had begun has failed already. */
static bool is_taken(sf_execution *x, frame *f, const failure *fail,
                     bool from_below) {
  const sf_state *st = sf_frame_state(x, f);

  sf_attempt_close(x, f);
  if (f->group != NULL && !from_below)
    abort_below(x, f, SF_REASON_SIBLING, f->last_id, true);
  if (x->broken || x->overflow || retry(x, f, st, fail))
    return true;
  if (from_below || (fail->evaluation && st->type == SF_MAP))
    group_failed_event(x, f, st, fail);
  return catch_it(x, f, st, fail);
}

/* 'f' ends with a failure that nothing in it takes, and so do the frames above up
** to one that does.  'origin': the state it is from.  Consumes *fail. */
static void climb(sf_execution *x, frame *f, uint32_t origin, failure *fail) {
  do {
    f->phase = FRAME_STOPPED;
    if (f->parent == NULL) {
      x->failed_state = origin;
      sf_finish(x, SF_FAILED, sf_absent(), fail->error, fail->cause);
      break;
    }
    fail_group(x, f);
    f = f->parent;
  } while (!is_taken(x, f, fail, true));
  clear_failure(fail);
}

static void raise(sf_execution *x, frame *f, failure *fail, bool from_below) {
  if (x->putting_off || is_taken(x, f, fail, from_below))
    clear_failure(fail);
  else
    climb(x, f, f->state, fail);
}

void sf_raise(sf_execution *x, frame *f, failure *fail) {
  raise(x, f, fail, false);
}

void sf_raise_group(sf_execution *x, frame *f, failure *fail) {
  raise(x, f, fail, true);
}

void sf_catch_step(sf_execution *x, frame *f) {
  const sf_catcher *c = &sf_frame_state(x, f)->catchers[f->catcher];
  failure fail;

  if (!walk_catcher(x, f, c, &fail) && !x->putting_off)
    climb(x, f, f->state, &fail);
}
