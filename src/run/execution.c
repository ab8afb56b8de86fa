/*
** execution.c - the door: an execution made, fed, asked, freed.
*/
#include "run/execution.h"

#include <string.h>

#include "run/internal.h"

/* Work of one feed, in steps of expressions: a millisecond or two. */
#define SLICE_STEPS 50000u

#define STANDARD_SECONDS_MAX 31536000 /* a year */
#define EXPRESS_SECONDS_MAX  300

const char *const sf_answer_names[] = {"",
                                       "TaskDoesNotExist",
                                       "TaskTimedOut",
                                       "InvalidToken",
                                       "InvalidOutput",
                                       "ExecutionFinished",
                                       "NotExpected",
                                       "ResourceNotFound",
                                       "ValidationException",
                                       "ExecutionNotRedrivable",
                                       NULL};

void sf_special_facts_init(sf_special_facts *special) {
  memset(special, 0, sizeof *special);
  special->start_at = SF_NONE;
}

void sf_facts_init(sf_facts *facts) {
  memset(facts, 0, sizeof *facts);
  facts->limits.payload = SF_LIMIT_PAYLOAD;
  facts->limits.events = SF_LIMIT_EVENTS;
  facts->limits.variables = SF_LIMIT_VARIABLES;
  facts->limits.map_concurrency = SF_LIMIT_MAP_CONCURRENCY;
  facts->history = true;
}

/* --- making and freeing --- */

static void each_fact(sf_execution *x, void (*act)(sf_value *v)) {
  sf_facts *facts = &x->facts;
  sf_special_facts *special = x->special;

  act(&facts->name);
  act(&facts->arn);
  act(&facts->machine_arn);
  act(&facts->machine_name);
  act(&facts->role_arn);
  if (special == NULL)
    return;
  act(&special->version_arn);
  act(&special->alias_arn);
  act(&special->map_run_arn);
  act(&special->variables);
  act(&special->context);
}

static void retain_fact(sf_value *v) {
  sf_retain(*v);
}

static void release_fact(sf_value *v) {
  sf_assign(v, sf_absent());
}

/* Copy what the execution may know.  false: no memory. */
static bool take_facts(sf_execution *x, const sf_facts *facts) {
  if (facts->special != NULL) {
    x->special = sf_alloc_new(x->mem, sizeof *x->special);
    if (x->special == NULL)
      return false;
    *x->special = *facts->special;
  }
  x->facts = *facts;
  x->facts.special = NULL;
  each_fact(x, retain_fact);
  if (x->facts.machine_name.kind == SF_ABSENT)
    x->facts.machine_name = sf_retain(x->machine->name);
  if (x->facts.slice == 0)
    x->facts.slice = SLICE_STEPS;
  return true;
}

static double own_timeout(const sf_execution *x) {
  return x->root.scope == 0 ? x->machine->timeout_seconds : 0;
}

/* The execution's own time limit: that of the machine, or the built-in one. */
static sf_time time_limit(const sf_execution *x) {
  sf_time most =
    x->type == SF_EXPRESS ? EXPRESS_SECONDS_MAX : STANDARD_SECONDS_MAX;
  sf_time own = sf_time_from_seconds(own_timeout(x));

  most *= SF_NANOSECONDS;
  return own > 0 && own < most ? own : most;
}

void sf_deadline_arm(sf_execution *x) {
  sf_timer_arm(x, &x->deadline, TIMER_EXECUTION,
               sf_time_add(x->now, time_limit(x)));
}

static bool deadline_is_implicit(const sf_execution *x) {
  double own = own_timeout(x);

  return own <= 0 || sf_time_from_seconds(own) > time_limit(x);
}

static void begin_specially(sf_execution *x, frame *f) {
  const sf_special_facts *special = x->special;

  if (special->scope != 0) {
    x->type = special->type;
    f->state = x->machine->scopes[special->scope].start;
  }
  if (special->start_at != SF_NONE)
    f->state = special->start_at;
  f->retry_count = special->retry_count;
  f->variables = sf_retain(special->variables);
  if (f->variables.kind != SF_ABSENT)
    x->variables_bytes = sf_json_length(f->variables);
}

static void place_root(sf_execution *x) {
  frame *f = &x->root;

  x->type = x->machine->type;
  f->input = sf_retain(x->input);
  f->state = x->machine->scopes[0].start;
  if (x->special != NULL)
    begin_specially(x, f);
  if (x->type == SF_EXPRESS && x->facts.limits.events == SF_LIMIT_EVENTS)
    x->facts.limits.events = 0;
  f->scope = x->machine->states[f->state].scope;
  sf_queue_push(x, f);
}

sf_execution *sf_execution_blank(const sf_alloc *mem, sf_machine *machine) {
  sf_execution *x = sf_alloc_zero(mem, sizeof *x);

  if (x == NULL)
    return NULL;
  x->mem = mem;
  x->machine = sf_machine_retain(machine);
  x->stop_date = SF_TIME_NEVER;
  x->failed_state = SF_NONE;
  x->wake_told = SF_TIME_NEVER;
  x->payload_state = x->assign_state = SF_NONE;
  x->put_off_at = SF_TIME_NEVER;
  sf_frame_init(&x->root);
  sf_timer_init(&x->deadline, TIMER_EXECUTION, NULL);
  return x;
}

sf_status sf_execution_new(const sf_alloc *mem, sf_machine *machine,
                           sf_value input, const sf_facts *facts,
                           sf_execution **out, sf_error *err) {
  sf_execution *x = sf_execution_blank(mem, machine);

  *out = NULL;
  if (x == NULL || !take_facts(x, facts)) {
    sf_execution_free(x);
    return sf_error_nomem(err);
  }
  x->input = sf_retain(input);
  x->now = facts->start_time;
  place_root(x);
  sf_deadline_arm(x);
  *out = x;
  return SF_OK;
}

sf_status sf_execution_new_child(const sf_execution *parent,
                                 const sf_effect *effect, sf_time now,
                                 bool keep_history, sf_execution **out,
                                 sf_error *err) {
  sf_facts facts = parent->facts;
  sf_special_facts special;

  sf_special_facts_init(&special);
  special.map_run_arn = effect->map_run_arn;
  special.scope = effect->scope;
  special.type = effect->child_type;
  facts.special = &special;
  facts.name = effect->name;
  facts.arn = effect->arn;
  facts.machine_arn = effect->machine_arn;
  facts.machine_name = effect->machine_name;
  facts.seed = effect->seed;
  facts.start_time = now;
  facts.history = keep_history;
  facts.synchronous = facts.arn_is_prefix = false;
  return sf_execution_new(parent->mem, parent->machine, effect->input, &facts,
                          out, err);
}

static void free_spares(sf_execution *x) {
  while (x->spare != NULL) {
    frame *f = x->spare;
    x->spare = f->next;
    sf_alloc_free(x->mem, f, sizeof *f);
  }
}

void sf_execution_free(sf_execution *x) {
  if (x == NULL)
    return;
  sf_step_give_up(x);
  sf_frame_clear(x, &x->root);
  free_spares(x);
  sf_timers_clear(x);
  sf_map_runs_clear(x);
  sf_outbox_clear(x);
  sf_history_clear(&x->events, x->mem);
  sf_context_forget(x);
  sf_release(x->input);
  sf_release(x->output);
  sf_release(x->error);
  sf_release(x->cause);
  each_fact(x, release_fact);
  sf_alloc_free(x->mem, x->special, sizeof *x->special);
  sf_machine_release(x->machine);
  sf_alloc_free(x->mem, x, sizeof *x);
}

/* --- feeding --- */

static void fire(sf_execution *x, const timer *t) {
  frame *f = t->frame;
  sf_value error;

  switch (t->kind) {
    case TIMER_EXECUTION:
      error = sf_string_from(x->mem, "States.Timeout");
      if (error.kind == SF_ABSENT)
        x->broken = true;
      sf_finish(x, SF_TIMED_OUT, sf_absent(), error, sf_absent());
      sf_release(error);
      break;
    case TIMER_TIMEOUT:
    case TIMER_HEARTBEAT: sf_task_timeout(x, f, t->kind); break;
    case TIMER_WAIT:
      if (f->phase == FRAME_RETRY) {
        f->phase = FRAME_ACT;
        sf_queue_push(x, f);
      } else {
        sf_wait_over(x, f);
      }
      break;
  }
}

static bool can_go_on(const sf_execution *x) {
  return x->status == SF_RUNNING && !x->broken && !x->overflow;
}

static bool is_ahead(const sf_execution *x) {
  return x->queue_first != NULL && x->queue_first->ahead;
}

/* Run frames until none can move (with 'ahead': of those that go ahead) or the
** slice is spent. */
static void run_queue(sf_execution *x, bool ahead) {
  while (can_go_on(x) && x->slice_left > 0 && x->queue_first != NULL &&
         (!ahead || is_ahead(x))) {
    sf_step_charge(x, SF_TRANSITION_COST);
    sf_step(x, sf_queue_pop(x));
  }
}

/* What a timer leads to comes before the next timer; where the slice is too short
** for that, the other timers wait, unless they are 'urgent'. */
static void fire_due(sf_execution *x, bool urgent) {
  timer *t;

  while (can_go_on(x) && (urgent || !is_ahead(x)) &&
         (t = sf_timer_due(x, x->now)) != NULL) {
    fire(x, t);
    run_queue(x, true);
  }
}

static void run(sf_execution *x) {
  for (;;) {
    run_queue(x, false);
    if (!can_go_on(x) || x->slice_left == 0 || x->timers.count == 0 ||
        x->timers.items[0]->due > x->now)
      return;
    fire_due(x, false);
  }
}

/* Must timers fire that are due, though a step is still to be gone on with?  Not
** for a slice that only follows another. */
static bool is_urgent(const sf_execution *x, const sf_event *e) {
  return (e->type != SF_EVENT_TIME && e->type != SF_EVENT_CONTINUE) ||
         (e->now > x->now && is_ahead(x));
}

static void begin(sf_execution *x) {
  if (x->started)
    return;
  x->started = true;
  sf_emit(x, H_EXECUTION_STARTED, 0, NULL, x->input, sf_absent());
}

static sf_answer apply(sf_execution *x, const sf_event *e) {
  if (e->type == SF_EVENT_TIME || e->type == SF_EVENT_CONTINUE)
    return SF_ACCEPTED;
  if (e->type == SF_EVENT_STOP) {
    if (x->status != SF_RUNNING)
      return SF_EXECUTION_FINISHED;
    sf_finish(x, SF_ABORTED, sf_absent(), e->error, e->cause);
    return SF_ACCEPTED;
  }
  if (e->type == SF_EVENT_REDRIVE)
    return sf_redrive(x, e);
  if (e->type < SF_EVENT_STOP)
    return sf_task_event(x, e);
  return sf_map_run_event(x, e);
}

static void settle(sf_execution *x) {
  if (x->overflow && !x->broken)
    sf_finish_overflow(x);
  if (x->status != SF_RUNNING)
    return;
  x->more_pending = sf_execution_has_more(x);
  x->wake_pending = true;
}

sf_status sf_execution_check(const sf_execution *x, sf_error *err) {
  if (x->broken)
    return sf_error_set(err, SF_ERR_STATE,
                        "the execution ran out of memory before and can only "
                        "be read and closed");
  return SF_OK;
}

sf_status sf_execution_feed(sf_execution *x, const sf_event *e,
                            sf_answer *answer, sf_error *err) {
  bool urgent = is_urgent(x, e);

  *answer = SF_ACCEPTED;
  if (sf_execution_check(x, err) != SF_OK)
    return SF_ERR_STATE;
  if (e->now > x->now && x->status == SF_RUNNING)
    x->now = e->now;
  x->slice_left = x->facts.slice;
  if (x->status == SF_RUNNING) {
    begin(x);
    if (x->map_runs != NULL)
      sf_map_runs_resume(x);
    if (!urgent)
      run_queue(x, true);
    fire_due(x, urgent);
  }
  *answer = apply(x, e);
  run(x);
  settle(x);
  return x->broken ? sf_error_nomem(err) : SF_OK;
}

/* --- queries --- */

const sf_machine *sf_execution_machine(const sf_execution *x) {
  return x->machine;
}

const sf_facts *sf_execution_facts(sf_execution *x) {
  sf_identify(x);
  return &x->facts;
}

sf_execution_status sf_execution_status_of(const sf_execution *x) {
  return x->status;
}

sf_value sf_execution_input(const sf_execution *x) {
  return x->input;
}

sf_value sf_execution_output(const sf_execution *x) {
  return x->output;
}

/* A timed-out execution has its error in the history alone, as on AWS. */
sf_value sf_execution_error(const sf_execution *x) {
  return x->status == SF_TIMED_OUT ? sf_absent() : x->error;
}

sf_value sf_execution_cause(const sf_execution *x) {
  return x->cause;
}

sf_time sf_execution_now(const sf_execution *x) {
  return x->now;
}

uint32_t sf_execution_failed_state(const sf_execution *x) {
  return x->failed_state;
}

sf_time sf_execution_stop_date(const sf_execution *x) {
  return x->stop_date;
}

uint32_t sf_execution_redrives(const sf_execution *x, sf_time *last) {
  *last = x->redrive_count == 0 ? SF_TIME_NEVER : x->redrive_time;
  return x->redrive_count;
}

bool sf_execution_has_more(const sf_execution *x) {
  return x->status == SF_RUNNING && !x->broken &&
         (x->queue_first != NULL ||
          (x->timers.count > 0 && x->timers.items[0]->due <= x->now));
}

sf_time sf_execution_next_wake(const sf_execution *x, bool *implicit) {
  *implicit = false;
  if (x->timers.count == 0 || x->status != SF_RUNNING)
    return SF_TIME_NEVER;
  if (x->timers.items[0] == &x->deadline) /* and nothing is due behind it? */
    *implicit = x->timers.count == 1 && deadline_is_implicit(x);
  return x->timers.items[0]->due;
}

bool sf_execution_pending(const sf_execution *x, size_t index,
                          sf_pending *pending) {
  const sf_resource *r;
  const frame *f = NULL;
  size_t i;

  for (i = 0; i < x->attempts_count; i++) {
    f = x->attempts[i].frame;
    if (f != NULL && index-- == 0)
      break;
  }
  if (i == x->attempts_count)
    return false;
  r = &sf_frame_state(x, f)->u.task.resource;
  pending->task = f->attempt;
  pending->status = (sf_attempt_status)f->attempt_status;
  pending->told = f->told;
  pending->timeout_at =
    f->wait.position == TIMER_OFF ? SF_TIME_NEVER : f->wait.due;
  pending->heartbeat_at =
    f->heartbeat.position == TIMER_OFF ? SF_TIME_NEVER : f->heartbeat.due;
  pending->state_index = f->state;
  pending->attempt = f->retry_count;
  pending->pattern = r->pattern;
  pending->kind = r->kind;
  pending->input = f->effective;
  return true;
}

sf_value sf_execution_token(sf_execution *x, uint32_t task) {
  if (sf_attempt_find(x, task) == NULL)
    return sf_absent();
  return sf_token_make(x, task);
}

void sf_execution_usage(const sf_execution *x, sf_usage *usage) {
  usage->events = x->last_event_id;
  usage->payload = x->payload_largest;
  usage->payload_state = x->payload_state;
  usage->variables = x->variables_largest;
  usage->assign = x->assign_largest;
  usage->assign_state = x->assign_state;
  usage->limits = x->facts.limits;
}
