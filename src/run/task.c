/*
** task.c - the act of a Task state: attempts.  An attempt is scheduled, started,
** perhaps submitted, and ends; which events say so depends on the Resource.
*/

#include "run/internal.h"

/* The three families of events.  ORDER RESOURCE_KIND; H_COUNT: has none. */
typedef struct family {
  history_type scheduled, schedule_failed, started, start_failed;
  history_type submitted, submit_failed, succeeded, failed, timed_out;
} family;

#define TASK_FAMILY                                                            \
  {                                                                            \
    H_TASK_SCHEDULED, H_TASK_FAILED, H_TASK_STARTED, H_TASK_START_FAILED,      \
      H_TASK_SUBMITTED, H_TASK_SUBMIT_FAILED, H_TASK_SUCCEEDED, H_TASK_FAILED, \
      H_TASK_TIMED_OUT                                                         \
  }

static const family families[] = {
  {H_LAMBDA_SCHEDULED, H_LAMBDA_SCHEDULE_FAILED, H_LAMBDA_STARTED,
   H_LAMBDA_START_FAILED, H_COUNT, H_LAMBDA_FAILED, H_LAMBDA_SUCCEEDED,
   H_LAMBDA_FAILED, H_LAMBDA_TIMED_OUT},
  {H_ACTIVITY_SCHEDULED, H_ACTIVITY_SCHEDULE_FAILED, H_ACTIVITY_STARTED,
   H_ACTIVITY_FAILED, H_COUNT, H_ACTIVITY_FAILED, H_ACTIVITY_SUCCEEDED,
   H_ACTIVITY_FAILED, H_ACTIVITY_TIMED_OUT},
  TASK_FAMILY,
  TASK_FAMILY};

static const sf_task *task_of(const sf_execution *x, const frame *f) {
  return &sf_frame_state(x, f)->u.task;
}

static const family *family_of(const sf_execution *x, const frame *f) {
  return &families[task_of(x, f)->resource.kind];
}

static void emit(sf_execution *x, frame *f, history_type type, sf_value data,
                 sf_value more) {
  f->last_id = sf_emit(x, type, f->last_id, f, data, more);
}

/* --- scheduling --- */

typedef struct settings {
  sf_value timeout, heartbeat; /* SF_INTEGER or SF_ABSENT */
} settings;

static bool fail_seconds(sight *s, const sf_operand *operand, const char *field,
                         sf_value v, failure *fail) {
  if (sf_is_number(v))
    return sf_fail_parse(s, field, "an integer", v, fail);
  return sf_fail_result(s, operand->expr, field, "number", v, fail);
}

static bool whole_setting(sight *s, const sf_operand *operand,
                          const char *field, sf_value input, sf_value *out,
                          failure *fail) {
  int64_t seconds;
  sf_value v;
  bool ok;

  *out = sf_absent();
  if (operand->kind == SF_OPERAND_NONE)
    return true;
  if (!sf_road_setting(s, operand, field, input, &v, fail))
    return false;
  ok = sf_is_number(v) && sf_to_integer(v, &seconds) && seconds > 0 &&
       seconds <= SF_SECONDS_MAX;
  if (ok)
    *out = sf_integer(seconds);
  else if (sf_is_jsonata(operand))
    ok = fail_seconds(s, operand, field, v, fail);
  else
    sf_fail_runtime(s, fail,
                    "The %s parameter does not reference a positive integer "
                    "that a timeout may be: %s",
                    field, sf_expr_text(operand->expr));
  sf_release(v);
  return ok;
}

static bool evaluate(sight *s, frame *f, const sf_state *st, settings *set,
                     failure *fail) {
  const sf_task *task = &st->u.task;
  sf_value input = {{0}, SF_ABSENT}, sent = {{0}, SF_ABSENT};
  bool ok;

  ok = sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                      &input, fail) &&
       whole_setting(s, &task->timeout, "TimeoutSecondsPath", input,
                     &set->timeout, fail) &&
       whole_setting(s, &task->heartbeat, "HeartbeatSecondsPath", input,
                     &set->heartbeat, fail) &&
       sf_road_template(s, st->parameters, input, SF_STAGE_AFTER_PARAMETERS,
                        &sent, fail) &&
       (task->resource.kind != SF_RESOURCE_INTEGRATION ||
        sf_integration_prepare(s, &task->resource, &sent, fail)) &&
       sf_road_size(s, sent, st->name, fail);
  if (ok && task->credentials != NULL)
    ok = sf_road_template(s, task->credentials, input, SF_STAGE_CREDENTIALS,
                          &f->credentials, fail);
  sf_release(input);
  if (ok)
    sf_assign(&f->effective, sent);
  else
    sf_release(sent);
  return ok;
}

static void put(sf_execution *x, sf_value *object, const char *key,
                sf_value v) {
  if (object->kind == SF_ABSENT)
    *object = sf_object_new(x->mem, 3);
  if (object->kind == SF_ABSENT) {
    x->broken = true;
    sf_release(v);
  } else if (sf_object_put(object, key, v) != SF_OK) {
    x->broken = true;
  }
}

/* {"roleArn": ...}, the history's spelling of {"RoleArn": ...}. */
static sf_value task_credentials(sf_execution *x, const frame *f) {
  sf_value o = {{0}, SF_ABSENT};
  sf_value role = sf_object_get(f->credentials, "RoleArn", 7);

  if (role.kind != SF_ABSENT)
    put(x, &o, "roleArn", sf_retain(role));
  return o;
}

/* What else the ...Scheduled event tells; SF_ABSENT: nothing. */
static sf_value scheduled_details(sf_execution *x, const frame *f,
                                  sf_resource_kind kind) {
  sf_value o = {{0}, SF_ABSENT}, credentials;

  if (f->wait.position != TIMER_OFF)
    put(x, &o, "timeoutInSeconds",
        sf_integer((f->wait.due - x->now) / SF_NANOSECONDS));
  if (f->heartbeat.position != TIMER_OFF && kind != SF_RESOURCE_LAMBDA)
    put(x, &o, "heartbeatInSeconds", sf_integer((int64_t)f->heartbeat_seconds));
  if (f->credentials.kind == SF_OBJECT && kind != SF_RESOURCE_ACTIVITY) {
    credentials = task_credentials(x, f);
    if (credentials.kind != SF_ABSENT)
      put(x, &o, "taskCredentials", credentials);
  }
  return o;
}

static void arm(sf_execution *x, timer *t, timer_kind kind, sf_value seconds) {
  if (seconds.kind == SF_INTEGER)
    sf_timer_arm(x, t, kind,
                 sf_time_add(x->now, seconds.u.integer * SF_NANOSECONDS));
}

static void schedule(sf_execution *x, frame *f) {
  sf_resource_kind kind = task_of(x, f)->resource.kind;
  sf_value details = scheduled_details(x, f, kind);

  emit(x, f, family_of(x, f)->scheduled, f->effective, details);
  sf_release(details);
  f->scheduled_id = f->last_id;
  f->scheduled = true;
}

void sf_task_act(sf_execution *x, frame *f) {
  const sf_state *st = sf_frame_state(x, f);
  settings set = {{{0}, SF_ABSENT}, {{0}, SF_ABSENT}};
  failure fail;
  sight s;
  bool ok;

  sf_sight_init(&s, x, f);
  s.attempt = x->last_attempt + 1; /* the one that is opened now */
  ok = evaluate(&s, f, st, &set, &fail);
  sf_sight_clear(&s);
  if (x->putting_off)
    return;
  sf_attempt_open(x, f);
  f->attempt_status = SF_ATTEMPT_RUNNING;
  if (!ok) {
    sf_raise(x, f, &fail);
    return;
  }
  f->heartbeat_seconds =
    set.heartbeat.kind == SF_INTEGER ? (double)set.heartbeat.u.integer : 0;
  arm(x, &f->wait, TIMER_TIMEOUT, set.timeout);
  arm(x, &f->heartbeat, TIMER_HEARTBEAT, set.heartbeat);
  if (st->u.task.resource.kind == SF_RESOURCE_ACTIVITY) {
    f->attempt_status = SF_ATTEMPT_WAITING;
    f->phase = FRAME_TASK; /* scheduled when the host says that it exists */
    sf_outbox_task(x, f);
  } else {
    schedule(x, f);
    f->phase = FRAME_STARTED;
    sf_queue_push(x, f);
  }
}

void sf_task_started(sf_execution *x, frame *f) {
  emit(x, f, family_of(x, f)->started, sf_absent(), sf_absent());
  f->phase = FRAME_TASK;
  sf_outbox_task(x, f);
}

/* --- the effect --- */

/* Names of the Parallel and Map states around 'f' and indices in turn, outermost
** first; SF_ABSENT at the top. */
static sf_value path_of(sf_execution *x, const frame *f) {
  sf_value path;
  size_t count = 0, i;
  const frame *at;

  for (at = f; at->parent != NULL; at = at->parent)
    count += 2;
  if (count == 0)
    return sf_absent();
  path = sf_array_new(x->mem, count);
  for (i = 0; i < count && path.kind != SF_ABSENT; i++)
    sf_array_push(&path, sf_null()); /* there is room */
  for (at = f; path.kind != SF_ABSENT && at->parent != NULL; at = at->parent) {
    sf_array_set(&path, --count, sf_integer(at->index));
    sf_array_set(&path, --count,
                 sf_retain(sf_frame_state(x, at->parent)->name));
  }
  if (path.kind == SF_ABSENT)
    x->broken = true;
  return path;
}

void sf_task_effect(sf_execution *x, frame *f, sf_effect *e) {
  const sf_state *st = sf_frame_state(x, f);
  const sf_resource *r = &st->u.task.resource;

  if (r->pattern != SF_PATTERN_REQUEST || r->kind == SF_RESOURCE_ACTIVITY)
    e->token = sf_token_make(x, f->attempt);
  e->kind = r->kind;
  e->pattern = r->pattern;
  e->resource = sf_retain(r->text);
  e->service = sf_retain(r->service);
  e->action = sf_retain(r->action);
  e->input = sf_retain(f->effective);
  e->credentials = sf_retain(f->credentials);
  e->state = sf_retain(st->name);
  e->state_index = f->state;
  e->attempt = f->retry_count;
  e->event_id = f->scheduled_id;
  e->timeout_at = f->wait.position == TIMER_OFF ? SF_TIME_NEVER : f->wait.due;
  e->heartbeat_seconds = f->heartbeat_seconds;
}

void sf_execution_effect_path(sf_execution *x, sf_effect *effect) {
  const frame *f =
    effect->type == SF_EFFECT_TASK ? sf_attempt_find(x, effect->task) : NULL;

  if (f != NULL)
    sf_assign(&effect->path, path_of(x, f));
}

/* --- the end --- */

static void fail_attempt(sf_execution *x, frame *f, history_type type,
                         failure *fail) {
  emit(x, f, type, fail->error, fail->cause);
  sf_raise(x, f, fail);
}

/* Make sure that the events which an ending presupposes are there. */
static void begin_if_needed(sf_execution *x, frame *f) {
  if (!f->scheduled)
    schedule(x, f);
  if (f->phase == FRAME_STARTED) {
    sf_queue_remove(x, f);
    sf_task_started(x, f);
  }
}

static void succeed(sf_execution *x, frame *f, sf_value output) {
  const sf_resource *r = &task_of(x, f)->resource;
  failure fail;
  sight s;
  bool ok;

  begin_if_needed(x, f);
  sf_sight_init(&s, x, f);
  ok = sf_road_size(&s, output,
                    r->service.kind == SF_STRING ? r->service : r->text, &fail);
  sf_sight_clear(&s);
  if (ok && r->service.kind == SF_STRING && r->pattern == SF_PATTERN_REQUEST)
    ok = sf_integration_accept(x, r, output, &fail);
  if (!ok) {
    fail.reach = REACH_ALL;
    fail_attempt(x, f, family_of(x, f)->failed, &fail);
    return;
  }
  emit(x, f, family_of(x, f)->succeeded, output, sf_absent());
  sf_attempt_close(x, f);
  sf_state_result(x, f, output);
}

/* The Resource names something that is not there: it was never scheduled. */
static void fail_unresolved(sf_execution *x, frame *f, const sf_event *e) {
  failure fail;
  sight s;

  sf_sight_init(&s, x, f);
  if (e->cause.kind == SF_STRING)
    sf_fail_runtime(&s, &fail, "%s", sf_string_text(e->cause));
  else
    sf_fail_runtime(&s, &fail, "The activity %s does not exist.",
                    sf_string_text(task_of(x, f)->resource.text));
  sf_sight_clear(&s);
  sf_raise(x, f, &fail);
}

static history_type stage_event(const family *fam, sf_stage stage) {
  switch (stage) {
    case SF_STAGE_SCHEDULE: return fam->schedule_failed;
    case SF_STAGE_START: return fam->start_failed;
    case SF_STAGE_SUBMIT: return fam->submit_failed;
    default: return fam->failed;
  }
}

static void fail_task(sf_execution *x, frame *f, const sf_event *e) {
  failure fail;

  if (e->stage == SF_STAGE_RESOLVE && !f->scheduled) {
    fail_unresolved(x, f, e);
    return;
  }
  if (e->stage != SF_STAGE_SCHEDULE)
    begin_if_needed(x, f);
  sf_failure_set(x, &fail, sf_retain(e->error), sf_retain(e->cause), REACH_ALL);
  fail_attempt(x, f, stage_event(family_of(x, f), e->stage), &fail);
}

static void lose(sf_execution *x, frame *f) {
  failure fail;

  begin_if_needed(x, f);
  sf_fail_named(x, &fail, "Stepfn.TaskLost",
                sf_string_from(x->mem, "The process that ran the task ended "
                                       "before it reported a result."),
                REACH_ALL);
  fail_attempt(x, f, family_of(x, f)->failed, &fail);
}

void sf_task_timeout(sf_execution *x, frame *f, timer_kind kind) {
  bool heartbeat = kind == TIMER_HEARTBEAT;
  failure fail;

  begin_if_needed(x, f);
  sf_outbox_cancel(x, f, heartbeat ? SF_REASON_HEARTBEAT : SF_REASON_TIMEOUT);
  sf_fail_named(x, &fail, "States.Timeout", sf_absent(), REACH_ALL);
  fail.heartbeat = heartbeat;
  fail_attempt(x, f, family_of(x, f)->timed_out, &fail);
}

/* --- events --- */

static void heartbeat(sf_execution *x, frame *f) {
  if (f->heartbeat.position != TIMER_OFF)
    sf_timer_arm(
      x, &f->heartbeat, TIMER_HEARTBEAT,
      sf_time_add(x->now, sf_time_from_seconds(f->heartbeat_seconds)));
}

static void started(sf_execution *x, frame *f, const sf_event *e) {
  if (f->attempt_status != SF_ATTEMPT_WAITING)
    return; /* only activities wait for somebody to take them */
  begin_if_needed(x, f);
  f->attempt_status = SF_ATTEMPT_SUBMITTED;
  emit(x, f, H_ACTIVITY_STARTED, e->worker, sf_absent());
}

static void submitted(sf_execution *x, frame *f, const sf_event *e) {
  history_type type = family_of(x, f)->submitted;

  if (f->attempt_status == SF_ATTEMPT_SUBMITTED || type == H_COUNT)
    return;
  begin_if_needed(x, f);
  f->attempt_status = SF_ATTEMPT_SUBMITTED;
  emit(x, f, type, e->output, sf_absent());
}

static sf_answer find(sf_execution *x, const sf_event *e, frame **f) {
  uint32_t id = e->task;

  if (e->task == 0) {
    sf_answer answer = sf_token_read(x, e->token, &id);
    if (answer != SF_ACCEPTED)
      return answer;
  } else if (x->status != SF_RUNNING) {
    return SF_EXECUTION_FINISHED;
  }
  *f = sf_attempt_find(x, id);
  if (*f != NULL)
    return SF_ACCEPTED;
  return id > x->last_attempt ? SF_TASK_DOES_NOT_EXIST : SF_TASK_TIMED_OUT;
}

sf_answer sf_task_event(sf_execution *x, const sf_event *e) {
  frame *f = NULL;
  sf_answer answer = find(x, e, &f);

  if (answer != SF_ACCEPTED)
    return answer;
  if (e->type == SF_EVENT_TASK_SUCCEEDED && e->output.kind == SF_ABSENT)
    return SF_INVALID_OUTPUT;
  switch (e->type) {
    case SF_EVENT_TASK_SCHEDULED:
      if (!f->scheduled)
        schedule(x, f);
      break;
    case SF_EVENT_TASK_STARTED: started(x, f, e); break;
    case SF_EVENT_TASK_SUBMITTED: submitted(x, f, e); break;
    case SF_EVENT_TASK_SUCCEEDED: succeed(x, f, e->output); break;
    case SF_EVENT_TASK_FAILED: fail_task(x, f, e); break;
    case SF_EVENT_TASK_HEARTBEAT: heartbeat(x, f); break;
    case SF_EVENT_TASK_LOST: lose(x, f); break;
    default: return SF_NOT_EXPECTED;
  }
  return SF_ACCEPTED;
}
