/*
** snapshot_check.c - what the engine takes for granted about its own state,
** looked at once, after a snapshot was read: whoever made up the bytes may have
** got the checksum right.
*/
#include "run/snapshot_body.h"

#define BIT(type)  (1u << (type))
#define ALL_STATES 0xFFFFFFFFu
#define TASKS      BIT(SF_TASK)
#define GROUPS     (BIT(SF_PARALLEL) | BIT(SF_MAP))
#define RETRIED    (TASKS | GROUPS)

typedef enum wait_use { WAIT_OFF, WAIT_ON, WAIT_TIMEOUT } wait_use;
typedef enum group_use { GROUP_NONE, GROUP_SOME, GROUP_PERHAPS } group_use;

/* How a frame is while it is in a phase.  ORDER PHASE */
typedef struct phase_row {
  bool queued, attempt;
  wait_use wait;
  group_use group;
  unsigned states; /* types that its state may have */
} phase_row;

static const phase_row phase_rows[] = {
  {true, false, WAIT_OFF, GROUP_NONE, ALL_STATES},     /* ENTER */
  {true, false, WAIT_OFF, GROUP_NONE, ALL_STATES},     /* ACT */
  {true, true, WAIT_TIMEOUT, GROUP_NONE, TASKS},       /* STARTED */
  {false, true, WAIT_TIMEOUT, GROUP_NONE, TASKS},      /* TASK */
  {false, false, WAIT_ON, GROUP_NONE, BIT(SF_WAIT)},   /* WAIT */
  {false, false, WAIT_ON, GROUP_NONE, RETRIED},        /* RETRY */
  {false, false, WAIT_OFF, GROUP_SOME, GROUPS},        /* GROUP */
  {true, false, WAIT_OFF, GROUP_SOME, BIT(SF_MAP)},    /* LAUNCH */
  {true, false, WAIT_OFF, GROUP_SOME, BIT(SF_MAP)},    /* ITERATE */
  {true, false, WAIT_OFF, GROUP_NONE, RETRIED},        /* RESULT */
  {true, false, WAIT_OFF, GROUP_NONE, RETRIED},        /* CAUGHT */
  {true, false, WAIT_OFF, GROUP_NONE, BIT(SF_WAIT)},   /* LEAVE */
  {false, false, WAIT_OFF, GROUP_PERHAPS, ALL_STATES}, /* STOPPED */
};

/* --- timers --- */

static bool is_armed(const timer *t) {
  return t->position != TIMER_OFF;
}

/* Differences of 'due' and 'now' are taken: they must fit. */
static bool due_is_sound(const sf_execution *x, const timer *t) {
  return !is_armed(t) || x->now >= 0 || t->due <= INT64_MAX + x->now;
}

static bool timers_are_sound(const sf_execution *x, const frame *f,
                             const phase_row *row) {
  if (!due_is_sound(x, &f->wait) || !due_is_sound(x, &f->heartbeat))
    return false;
  if (is_armed(&f->heartbeat) &&
      (!row->attempt || f->heartbeat.kind != TIMER_HEARTBEAT))
    return false;
  switch (row->wait) {
    case WAIT_ON: return is_armed(&f->wait) && f->wait.kind == TIMER_WAIT;
    case WAIT_TIMEOUT:
      return !is_armed(&f->wait) || f->wait.kind == TIMER_TIMEOUT;
    default: return !is_armed(&f->wait);
  }
}

/* --- frames --- */

static bool counters_are_sound(const sf_execution *x, const frame *f) {
  return (f->nretries == 0 || f->nretries == sf_frame_state(x, f)->nretriers) &&
         f->heartbeat_seconds >= 0 && f->heartbeat_seconds <= SF_SECONDS_MAX;
}

/* Is 'effective' what its next step is about? */
static bool is_gone_on_with(const frame *f) {
  return f->phase == FRAME_ITERATE || f->phase == FRAME_RESULT ||
         f->phase == FRAME_CAUGHT || f->phase == FRAME_LEAVE;
}

/* What expressions and effects are going to see. */
static bool values_are_sound(const frame *f, const phase_row *row) {
  if (f->phase == FRAME_STOPPED)
    return true;
  if (f->input.kind == SF_ABSENT)
    return false;
  return (!row->attempt && f->phase != FRAME_WAIT && !is_gone_on_with(f)) ||
         f->effective.kind != SF_ABSENT;
}

/* Is it one of the frames that the state above can have? */
static bool place_is_sound(const sf_execution *x, const frame *f) {
  const sf_machine *m = x->machine;
  const sf_state *above;

  if (f->parent == NULL)
    return f->index == 0;
  above = sf_frame_state(x, f->parent);
  if (f->index >= f->parent->group->total)
    return false;
  if (above->type == SF_PARALLEL)
    return f->scope == above->u.parallel.branches[f->index];
  return m->scopes[f->scope].owner == f->parent->state;
}

/* A distributed Map: its children are elsewhere, and its results grow. */
static bool map_run_group_is_sound(const frame *f) {
  const group *g = f->group;
  bool is_running = f->phase != FRAME_STOPPED;

  return g->first == NULL && g->run->state == f->state && g->total == 0 &&
         g->results.kind == SF_ARRAY &&
         sf_array_count(g->results) ==
           (f->group->run->out_bucket.kind == SF_ABSENT ? g->begun : 0) &&
         is_running == (g->run->status == SF_RUNNING) &&
         (!is_running || f->effective.kind != SF_ABSENT);
}

static bool group_is_sound(const sf_execution *x, const frame *f) {
  const sf_state *st = sf_frame_state(x, f);
  const group *g = f->group;

  if (st->type == SF_MAP && st->u.map.distributed)
    return g->run != NULL && map_run_group_is_sound(f);
  if ((BIT(st->type) & GROUPS) == 0 || g->run != NULL || g->begun > g->total ||
      g->results.kind != SF_ARRAY || sf_array_count(g->results) != g->total)
    return false;
  if (st->type == SF_PARALLEL)
    return g->total == st->u.parallel.count && g->begun == g->total;
  return g->items.kind == SF_ARRAY && sf_array_count(g->items) == g->total &&
         (f->phase != FRAME_GROUP || f->effective.kind != SF_ABSENT);
}

static bool phase_is_sound(const sf_execution *x, const frame *f) {
  const group *g = f->group;

  switch ((frame_phase)f->phase) {
    case FRAME_LAUNCH: return g != NULL && g->run != NULL;
    case FRAME_ITERATE:
      return f->ahead && g != NULL && g->run == NULL && g->begun < g->total;
    case FRAME_CAUGHT:
      return f->ahead && f->catcher < sf_frame_state(x, f)->ncatchers;
    case FRAME_RESULT:
    case FRAME_LEAVE: return f->ahead;
    default: return f->queued || !f->ahead;
  }
}

static bool frame_is_sound(const sf_execution *x, const frame *f) {
  const phase_row *row = &phase_rows[f->phase];
  bool has_group = f->group != NULL;

  return phase_is_sound(x, f) && f->queued == row->queued &&
         (f->attempt != 0) == row->attempt &&
         (BIT(sf_frame_state(x, f)->type) & row->states) != 0 &&
         (row->group == GROUP_PERHAPS ||
          has_group == (row->group == GROUP_SOME)) &&
         (x->status == SF_RUNNING || f->phase == FRAME_STOPPED) &&
         timers_are_sound(x, f, row) && counters_are_sound(x, f) &&
         values_are_sound(f, row) && place_is_sound(x, f) &&
         (!has_group || group_is_sound(x, f));
}

/* --- Map Runs --- */

/* Is there something that items can come from, while it runs? */
static bool source_is_sound(const sf_execution *x, const map_run *run) {
  const sf_item_reader *rules = sf_map_run_rules(x, run);

  if (run->status != SF_RUNNING)
    return true;
  if (rules == NULL)
    return !run->waiting &&
           (run->source.kind == SF_ARRAY || run->source.kind == SF_OBJECT);
  return run->source.kind == SF_ABSENT && sf_reader_is_sound(x, run) &&
         (!run->waiting || (!run->ended && run->frame->phase == FRAME_GROUP));
}

static bool map_run_is_sound(const sf_execution *x, const map_run *run) {
  const sf_state *st;

  if (run->state == SF_NONE)
    return false;
  st = &x->machine->states[run->state];
  return st->type == SF_MAP && st->u.map.distributed &&
         run->arn.kind == SF_STRING && run->label.kind == SF_STRING &&
         (run->frame != NULL || run->status != SF_RUNNING) &&
         source_is_sound(x, run) && sf_writer_is_sound(x, run);
}

static bool child_is_sound(const child *c) {
  return c->run != NULL && c->run->status == SF_RUNNING &&
         c->index < c->run->frame->group->begun && c->input.kind != SF_ABSENT;
}

static bool map_runs_are_sound(const sf_execution *x) {
  const struct map_runs *all = x->map_runs;
  const map_run *run;
  size_t i;

  if (all == NULL)
    return true;
  for (run = all->first; run != NULL; run = run->next) {
    if (!map_run_is_sound(x, run))
      return false;
  }
  for (i = 0; i < all->count; i++) {
    if (!child_is_sound(&all->children[i]))
      return false;
  }
  return true;
}

/* --- the rest --- */

static bool attempts_are_sound(const sf_execution *x) {
  size_t i;

  for (i = 0; i < x->attempts_count; i++) {
    if (x->attempts[i].frame == NULL)
      return false; /* no frame came for it */
  }
  return true;
}

static bool history_is_sound(const sf_execution *x) {
  const history_record *r = x->events.items;
  size_t i;

  for (i = 0; i < x->events.count; i++, r++) {
    if (r->id == 0 || r->id > x->last_event_id ||
        (i > 0 && r->id - 1 != r[-1].id) || !sf_history_is_sound(x, r))
      return false;
  }
  /* the next one follows the last */
  return x->events.count == 0 || r[-1].id == x->last_event_id;
}

/* Those that go ahead are at the beginning, and only there a step is put off. */
static bool queue_is_sound(const sf_execution *x) {
  const frame *f = x->queue_first;

  if (x->put_off_at != SF_TIME_NEVER &&
      (f == NULL || !f->ahead || x->put_off_at > x->now))
    return false;
  for (; f != NULL; f = f->queue_next) {
    if (f->ahead && f->queue_previous != NULL && !f->queue_previous->ahead)
      return false;
  }
  return true;
}

static bool fields_are_sound(const sf_execution *x) {
  return (x->status == SF_RUNNING) == is_armed(&x->deadline) &&
         (!is_armed(&x->deadline) || x->deadline.kind == TIMER_EXECUTION) &&
         due_is_sound(x, &x->deadline) && x->input.kind != SF_ABSENT &&
         (x->status != SF_SUCCEEDED || x->output.kind != SF_ABSENT) &&
         x->facts.slice > 0;
}

bool sf_body_is_sound(const sf_execution *x) {
  const frame *f;

  if (!fields_are_sound(x) || !queue_is_sound(x))
    return false;
  for (f = &x->root; f != NULL; f = sf_frame_after(f)) {
    if (!frame_is_sound(x, f))
      return false;
  }
  return attempts_are_sound(x) && map_runs_are_sound(x) && history_is_sound(x);
}
