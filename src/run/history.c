/*
** history.c - event records, and their shape as AWS GetExecutionHistory has it.
*/
#include <string.h>

#include "base/json.h"
#include "run/internal.h"

/* What 'data' and 'more' of a record are, and the details made of them. */
typedef enum layout {
  L_NONE,
  L_STARTED,     /* data: input */
  L_OUTPUT,      /* data: output */
  L_ERROR,       /* data: error, more: cause */
  L_ENTERED,     /* data: input; more: for the trace */
  L_EXITED,      /* data: output, more: assigned variables */
  L_LENGTH,      /* data: number of items */
  L_ITERATION,   /* data: index */
  L_MAP_RUN,     /* data: ARN of the Map Run */
  L_LAMBDA,      /* data: input, more: timeout, credentials */
  L_ACTIVITY,    /* data: input, more: timeout, heartbeat */
  L_WORKER,      /* data: name of the worker */
  L_SCHEDULED,   /* data: parameters, more: timeout, heartbeat, credentials */
  L_TASK,        /* nothing but the resource */
  L_TASK_OUTPUT, /* data: output */
  L_EVALUATION,  /* data: cause, more: location */
  L_TASK_ERROR,  /* data: error, more: cause */
  L_REDRIVEN     /* data: how often */
} layout;

typedef struct history_row {
  const char *type;
  const char *details; /* name of the detail object; NULL: has none */
  layout layout;
} history_row;

#define ENTERED(type)                                                          \
  { type "StateEntered", "stateEnteredEventDetails", L_ENTERED }
#define EXITED(type)                                                           \
  { type "StateExited", "stateExitedEventDetails", L_EXITED }
#define BARE(type)                                                             \
  { type, NULL, L_NONE }

/* ORDER HISTORY */
static const history_row history_rows[H_COUNT] = {
  {"ExecutionStarted", "executionStartedEventDetails", L_STARTED},
  {"ExecutionSucceeded", "executionSucceededEventDetails", L_OUTPUT},
  {"ExecutionFailed", "executionFailedEventDetails", L_ERROR},
  {"ExecutionTimedOut", "executionTimedOutEventDetails", L_ERROR},
  {"ExecutionAborted", "executionAbortedEventDetails", L_ERROR},
  ENTERED("Task"),
  ENTERED("Pass"),
  ENTERED("Choice"),
  ENTERED("Wait"),
  ENTERED("Succeed"),
  ENTERED("Fail"),
  ENTERED("Parallel"),
  ENTERED("Map"),
  EXITED("Task"),
  EXITED("Pass"),
  EXITED("Choice"),
  EXITED("Wait"),
  EXITED("Succeed"),
  EXITED("Fail"),
  EXITED("Parallel"),
  EXITED("Map"),
  BARE("TaskStateAborted"),
  BARE("WaitStateAborted"),
  BARE("ParallelStateStarted"),
  BARE("ParallelStateSucceeded"),
  BARE("ParallelStateFailed"),
  BARE("ParallelStateAborted"),
  {"MapStateStarted", "mapStateStartedEventDetails", L_LENGTH},
  BARE("MapStateSucceeded"),
  BARE("MapStateFailed"),
  BARE("MapStateAborted"),
  {"MapRunStarted", "mapRunStartedEventDetails", L_MAP_RUN},
  BARE("MapRunSucceeded"),
  {"MapRunFailed", "mapRunFailedEventDetails", L_ERROR},
  BARE("MapRunAborted"),
  {"MapIterationStarted", "mapIterationStartedEventDetails", L_ITERATION},
  {"MapIterationSucceeded", "mapIterationSucceededEventDetails", L_ITERATION},
  {"MapIterationFailed", "mapIterationFailedEventDetails", L_ITERATION},
  {"MapIterationAborted", "mapIterationAbortedEventDetails", L_ITERATION},
  {"LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails", L_LAMBDA},
  {"LambdaFunctionScheduleFailed", "lambdaFunctionScheduleFailedEventDetails",
   L_ERROR},
  BARE("LambdaFunctionStarted"),
  {"LambdaFunctionStartFailed", "lambdaFunctionStartFailedEventDetails",
   L_ERROR},
  {"LambdaFunctionSucceeded", "lambdaFunctionSucceededEventDetails", L_OUTPUT},
  {"LambdaFunctionFailed", "lambdaFunctionFailedEventDetails", L_ERROR},
  {"LambdaFunctionTimedOut", "lambdaFunctionTimedOutEventDetails", L_ERROR},
  {"TaskScheduled", "taskScheduledEventDetails", L_SCHEDULED},
  {"TaskStarted", "taskStartedEventDetails", L_TASK},
  {"TaskStartFailed", "taskStartFailedEventDetails", L_TASK_ERROR},
  {"TaskSubmitted", "taskSubmittedEventDetails", L_TASK_OUTPUT},
  {"TaskSubmitFailed", "taskSubmitFailedEventDetails", L_TASK_ERROR},
  {"TaskSucceeded", "taskSucceededEventDetails", L_TASK_OUTPUT},
  {"TaskFailed", "taskFailedEventDetails", L_TASK_ERROR},
  {"TaskTimedOut", "taskTimedOutEventDetails", L_TASK_ERROR},
  {"ActivityScheduled", "activityScheduledEventDetails", L_ACTIVITY},
  {"ActivityScheduleFailed", "activityScheduleFailedEventDetails", L_ERROR},
  {"ActivityStarted", "activityStartedEventDetails", L_WORKER},
  {"ActivitySucceeded", "activitySucceededEventDetails", L_OUTPUT},
  {"ActivityFailed", "activityFailedEventDetails", L_ERROR},
  {"ActivityTimedOut", "activityTimedOutEventDetails", L_ERROR},
  {"EvaluationFailed", "evaluationFailedEventDetails", L_EVALUATION},
  {"ExecutionRedriven", "executionRedrivenEventDetails", L_REDRIVEN},
};

/* --- writing --- */

static bool is_last(history_type type) {
  return type > H_EXECUTION_STARTED && type <= H_EXECUTION_ABORTED;
}

/* Has the history no room for another event but the last one? */
static bool is_full(const sf_execution *x) {
  uint64_t limit = x->facts.limits.events;

  return limit != 0 && x->type == SF_STANDARD && x->last_event_id + 1 >= limit;
}

static void keep(sf_execution *x, const history_record *r) {
  history *h = &x->events;
  void *items = h->items;

  if (h->count == h->capacity) {
    if (!sf_alloc_grow(x->mem, &items, &h->capacity, h->count + 1,
                       sizeof *h->items)) {
      x->broken = true;
      return;
    }
    h->items = items;
  }
  h->items[h->count] = *r;
  sf_retain(r->data);
  sf_retain(r->more);
  h->count++;
}

uint32_t sf_emit(sf_execution *x, history_type type, uint32_t previous,
                 const frame *f, sf_value data, sf_value more) {
  history_record r;

  if (x->overflow || (is_full(x) && !is_last(type))) {
    x->overflow = true;
    return previous;
  }
  x->last_event_id++;
  if (!x->facts.history)
    return x->last_event_id;
  r.time = x->now;
  r.id = x->last_event_id;
  r.previous = previous;
  r.state = f == NULL ? SF_NONE : f->state;
  r.visit = f == NULL ? 0 : f->entered_id;
  r.type = (uint16_t)type;
  r.way = 0;
  r.data = data;
  r.more = more;
  keep(x, &r);
  return r.id;
}

void sf_emit_way(sf_execution *x, uint32_t id, uint32_t way) {
  history *h = &x->events;
  history_record *last = h->count == 0 ? NULL : &h->items[h->count - 1];

  if (last != NULL && last->id == id && last->type >= H_STATE_EXITED &&
      last->type < H_STATE_EXITED + 8 && way <= UINT16_MAX)
    last->way = (uint16_t)way;
}

static void release_records(history_record *items, size_t count) {
  size_t i;

  for (i = 0; i < count; i++) {
    sf_release(items[i].data);
    sf_release(items[i].more);
  }
}

void sf_history_clear(history *h, const sf_alloc *mem) {
  release_records(h->items, h->count);
  sf_alloc_free(mem, h->items, h->capacity * sizeof *h->items);
  h->items = NULL;
  h->count = h->capacity = 0;
}

void sf_execution_history_drop(sf_execution *x, size_t index) {
  history *h = &x->events;

  if (index > h->count)
    index = h->count;
  release_records(h->items, index);
  memmove(h->items, h->items + index, (h->count - index) * sizeof *h->items);
  h->count -= index;
}

void sf_execution_keep_history(sf_execution *x, bool keep) {
  if (keep && !x->facts.history)
    sf_history_clear(&x->events, x->mem); /* their ids follow one another */
  x->facts.history = keep;
}

size_t sf_execution_history_count(const sf_execution *x) {
  return x->events.count;
}

/* The event is read later as its type has it: with a state, perhaps of a certain
** type, and its payload. */
bool sf_history_is_sound(const sf_execution *x, const history_record *r) {
  layout how = history_rows[r->type].layout;
  int type = r->state == SF_NONE ? -1 : (int)x->machine->states[r->state].type;

  switch (how) {
    case L_ENTERED: return type == (int)r->type - H_STATE_ENTERED;
    case L_EXITED: return type == (int)r->type - H_STATE_EXITED;
    case L_ITERATION: return type == SF_MAP && r->data.kind == SF_INTEGER;
    case L_REDRIVEN:
    case L_LENGTH: return r->data.kind == SF_INTEGER;
    case L_MAP_RUN: return r->data.kind == SF_STRING;
    case L_LAMBDA:
    case L_ACTIVITY:
    case L_SCHEDULED:
    case L_TASK:
    case L_TASK_OUTPUT:
    case L_TASK_ERROR: return type == SF_TASK;
    default: return true;
  }
}

/* --- reading --- */

/* An object under construction: any failure leaves it SF_ABSENT. */
typedef struct shape {
  const sf_alloc *mem;
  sf_value object;
} shape;

static shape new_shape(const sf_alloc *mem, size_t capacity) {
  shape s;

  s.mem = mem;
  s.object = sf_object_new(mem, capacity);
  return s;
}

static void spoil(shape *s) {
  sf_assign(&s->object, sf_absent());
}

/* Consumes 'v'; SF_ABSENT means no memory. */
static void add(shape *s, const char *key, sf_value v) {
  if (s->object.kind == SF_ABSENT)
    sf_release(v);
  else if (v.kind == SF_ABSENT || sf_object_put(&s->object, key, v) != SF_OK)
    spoil(s);
}

/* Members that may be missing; borrows 'v'. */
static void add_some(shape *s, const char *key, sf_value v) {
  if (v.kind != SF_ABSENT)
    add(s, key, sf_retain(v));
}

static void add_text(shape *s, const char *key, const char *text) {
  add(s, key, sf_string_from(s->mem, text));
}

/* A payload as JSON text, and the "...Details" beside it. */
static void add_payload(shape *s, const char *key, const char *details,
                        sf_value payload) {
  shape d;

  if (payload.kind == SF_ABSENT)
    return;
  add(s, key, sf_json_text(s->mem, payload));
  if (details == NULL)
    return;
  d = new_shape(s->mem, 1);
  add(&d, "truncated", sf_boolean(false));
  add(s, details, d.object);
}

static void add_assigned(shape *s, sf_value assigned) {
  shape texts, d;
  size_t i;

  if (assigned.kind != SF_OBJECT || sf_object_count(assigned) == 0)
    return;
  texts = new_shape(s->mem, sf_object_count(assigned));
  for (i = 0; i < sf_object_count(assigned); i++) {
    sf_value text = sf_json_text(s->mem, sf_object_value_at(assigned, i));
    if (texts.object.kind == SF_ABSENT)
      sf_release(text);
    else if (text.kind == SF_ABSENT ||
             sf_object_set(&texts.object,
                           sf_retain(sf_object_key_at(assigned, i)),
                           text) != SF_OK)
      spoil(&texts);
  }
  add(s, "assignedVariables", texts.object);
  d = new_shape(s->mem, 1);
  add(&d, "truncated", sf_boolean(false));
  add(s, "assignedVariablesDetails", d.object);
}

static void add_all(shape *s, sf_value object) {
  size_t i;

  if (object.kind != SF_OBJECT)
    return;
  for (i = 0; i < sf_object_count(object); i++)
    add(s, sf_string_text(sf_object_key_at(object, i)),
        sf_retain(sf_object_value_at(object, i)));
}

/* The fourth part of arn:aws:states:REGION:...; "us-east-1" without an ARN. */
static sf_value region(const sf_execution *x) {
  sf_value arn =
    x->facts.arn.kind == SF_STRING ? x->facts.arn : x->facts.machine_arn;
  const char *at, *end;
  int i;

  if (arn.kind == SF_STRING) {
    at = sf_string_text(arn);
    for (i = 0; i < 3 && at != NULL; i++) {
      at = strchr(at, ':');
      at = at == NULL ? NULL : at + 1;
    }
    end = at == NULL ? NULL : strchr(at, ':');
    if (end != NULL && end > at)
      return sf_string_new(x->mem, at, (size_t)(end - at));
  }
  return sf_string_from(x->mem, "us-east-1");
}

static void add_resource(shape *s, const sf_resource *r) {
  add(s, "resourceType", sf_retain(r->service));
  add(s, "resource", sf_retain(r->action));
}

static void add_error(shape *s, const history_record *r) {
  add_some(s, "error", r->data);
  add_some(s, "cause", r->more);
}

static void add_started(shape *s, const sf_execution *x,
                        const history_record *r) {
  add_payload(s, "input", "inputDetails", r->data);
  add_some(s, "roleArn", x->facts.role_arn);
  if (x->special != NULL) {
    add_some(s, "stateMachineAliasArn", x->special->alias_arn);
    add_some(s, "stateMachineVersionArn", x->special->version_arn);
  }
}

static void add_iteration(shape *s, const sf_state *st, sf_value index) {
  add(s, "name", sf_retain(st->name));
  add(s, "index", index);
}

static void add_details(shape *s, const sf_execution *x,
                        const history_record *r, layout how) {
  const sf_state *st =
    r->state == SF_NONE ? NULL : &x->machine->states[r->state];

  switch (how) {
    case L_NONE: break;
    case L_STARTED: add_started(s, x, r); break;
    case L_OUTPUT: add_payload(s, "output", "outputDetails", r->data); break;
    case L_ERROR: add_error(s, r); break;
    case L_ENTERED:
      add(s, "name", sf_retain(st->name));
      add_payload(s, "input", "inputDetails", r->data);
      break;
    case L_EXITED:
      add(s, "name", sf_retain(st->name));
      add_payload(s, "output", "outputDetails", r->data);
      add_assigned(s, r->more);
      break;
    case L_REDRIVEN: add(s, "redriveCount", sf_retain(r->data)); break;
    case L_LENGTH: add(s, "length", sf_retain(r->data)); break;
    case L_MAP_RUN: add(s, "mapRunArn", sf_retain(r->data)); break;
    case L_ITERATION: add_iteration(s, st, r->data); break;
    case L_LAMBDA:
    case L_ACTIVITY:
      add(s, "resource", sf_retain(st->u.task.resource.text));
      add_payload(s, "input", "inputDetails", r->data);
      add_all(s, r->more);
      break;
    case L_WORKER: add_some(s, "workerName", r->data); break;
    case L_SCHEDULED:
      add_resource(s, &st->u.task.resource);
      add(s, "region", region(x));
      add_payload(s, "parameters", NULL, r->data);
      add_all(s, r->more);
      break;
    case L_EVALUATION:
      add_text(s, "error", "States.QueryEvaluationError");
      add_some(s, "cause", r->data);
      add_some(s, "location", r->more);
      add(s, "state", sf_retain(st->name));
      break;
    case L_TASK: add_resource(s, &st->u.task.resource); break;
    case L_TASK_OUTPUT:
      add_resource(s, &st->u.task.resource);
      add_payload(s, "output", "outputDetails", r->data);
      break;
    case L_TASK_ERROR:
      add_resource(s, &st->u.task.resource);
      add_error(s, r);
      break;
  }
}

sf_value sf_execution_history_at(const sf_execution *x, size_t index) {
  const history_record *r = &x->events.items[index];
  const history_row *row = &history_rows[r->type];
  shape event = new_shape(x->mem, 5), details;

  add(&event, "timestamp", sf_number(sf_time_to_seconds(r->time)));
  add_text(&event, "type", row->type);
  add(&event, "id", sf_integer(r->id));
  add(&event, "previousEventId", sf_integer(r->previous));
  if (row->details != NULL) {
    details = new_shape(x->mem, 4);
    add_details(&details, x, r, row->layout);
    add(&event, row->details, details.object);
  }
  return event.object;
}
