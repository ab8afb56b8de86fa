/*
** outbox.c - effects that wait to be drained, and the open attempts they speak
** of.  A `task` effect is made when it is drained, from the frame that wants
** it; one whose attempt is cancelled before that vanishes together with its
** cancellation: nobody has begun the work.
*/
#include <string.h>

#include "run/internal.h"

/* --- attempts: an array in order of ids, with holes --- */

static size_t find_slot(const sf_execution *x, uint32_t id) {
  size_t low = 0, high = x->attempts_count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (x->attempts[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

frame *sf_attempt_find(const sf_execution *x, uint32_t id) {
  size_t at = find_slot(x, id);

  if (at == x->attempts_count || x->attempts[at].id != id)
    return NULL;
  return x->attempts[at].frame;
}

static void compact(sf_execution *x) {
  size_t from, to = 0;

  for (from = 0; from < x->attempts_count; from++) {
    if (x->attempts[from].frame != NULL)
      x->attempts[to++] = x->attempts[from];
  }
  x->attempts_count = to;
}

/* Give 'f' its next attempt. */
void sf_attempt_open(sf_execution *x, frame *f) {
  void *items = x->attempts;

  if (x->attempts_count == x->attempts_capacity)
    compact(x);
  if (x->attempts_count > x->attempts_capacity / 2 || x->attempts == NULL) {
    if (!sf_alloc_grow(x->mem, &items, &x->attempts_capacity,
                       x->attempts_count + 1, sizeof *x->attempts)) {
      x->broken = true;
      return;
    }
    x->attempts = items;
  }
  f->attempt = ++x->last_attempt;
  x->attempts[x->attempts_count].id = f->attempt;
  x->attempts[x->attempts_count++].frame = f;
}

bool sf_attempt_restore(sf_execution *x, frame *f) {
  size_t at = find_slot(x, f->attempt);

  if (at == x->attempts_count || x->attempts[at].id != f->attempt ||
      x->attempts[at].frame != NULL)
    return false;
  x->attempts[at].frame = f;
  return true;
}

void sf_attempt_close(sf_execution *x, frame *f) {
  size_t at;

  if (f->attempt == 0)
    return;
  at = find_slot(x, f->attempt);
  if (at < x->attempts_count && x->attempts[at].id == f->attempt)
    x->attempts[at].frame = NULL;
  while (x->attempts_count > 0 &&
         x->attempts[x->attempts_count - 1].frame == NULL)
    x->attempts_count--;
  f->attempt = 0;
  f->attempt_status = SF_ATTEMPT_RUNNING;
  f->heartbeat_seconds = 0;
  f->scheduled = false;
  f->told = false;
  sf_assign(&f->credentials, sf_absent());
  sf_timer_disarm(x, &f->wait);
  sf_timer_disarm(x, &f->heartbeat);
}

/* --- the queue of effects --- */

static void push(sf_execution *x, outbox_item item) {
  void *items = x->outbox;

  if (x->outbox_first > 0 &&
      x->outbox_first + x->outbox_count == x->outbox_capacity) {
    memmove(x->outbox, x->outbox + x->outbox_first,
            x->outbox_count * sizeof *x->outbox);
    x->outbox_first = 0;
  }
  if (!sf_alloc_grow(x->mem, &items, &x->outbox_capacity,
                     x->outbox_first + x->outbox_count + 1,
                     sizeof *x->outbox)) {
    x->broken = true;
    return;
  }
  x->outbox = items;
  x->outbox[x->outbox_first + x->outbox_count++] = item;
}

void sf_outbox_push(sf_execution *x, sf_effect_type type, uint32_t id,
                    sf_reason reason) {
  outbox_item item = {0, 0, 0, false};

  item.id = id;
  item.type = (uint8_t)type;
  item.reason = (uint8_t)reason;
  push(x, item);
}

void sf_outbox_task(sf_execution *x, frame *f) {
  sf_outbox_push(x, SF_EFFECT_TASK, f->attempt, (sf_reason)0);
}

void sf_outbox_cancel(sf_execution *x, frame *f, sf_reason reason) {
  outbox_item item = {0, SF_EFFECT_CANCEL, 0, false};

  if (!f->told)
    return; /* its `task` is skipped when its turn comes */
  item.id = f->attempt;
  item.submitted = f->attempt_status == SF_ATTEMPT_SUBMITTED;
  item.reason = (uint8_t)reason;
  push(x, item);
}

bool sf_execution_retell(sf_execution *x, uint32_t task) {
  frame *f = sf_attempt_find(x, task);

  if (f != NULL && f->told) {
    f->told = false;
    sf_outbox_task(x, f);
  }
  return f != NULL;
}

static bool take(sf_execution *x, outbox_item *item) {
  if (x->outbox_count == 0)
    return false;
  *item = x->outbox[x->outbox_first++];
  if (--x->outbox_count == 0)
    x->outbox_first = 0;
  return true;
}

static bool make_task(sf_execution *x, uint32_t id, sf_effect *effect) {
  frame *f = sf_attempt_find(x, id);

  if (f == NULL)
    return false;
  f->told = true;
  effect->task = id;
  sf_task_effect(x, f, effect);
  return true;
}

/* Make the effect that an item stands for; false: nobody wants it any more. */
static bool make(sf_execution *x, const outbox_item *item, sf_effect *effect) {
  effect->type = (sf_effect_type)item->type;
  effect->reason = (sf_reason)item->reason;
  effect->submitted = item->submitted;
  switch (effect->type) {
    case SF_EFFECT_TASK: return make_task(x, item->id, effect);
    case SF_EFFECT_CANCEL: effect->task = item->id; return true;
    case SF_EFFECT_CHILD: return sf_child_effect(x, item->id, effect);
    case SF_EFFECT_CHILD_STOP: effect->child = item->id; return true;
    case SF_EFFECT_READ: return sf_reader_effect(x, item->id, effect);
    case SF_EFFECT_WRITE: return sf_writer_effect(x, item->id, effect);
    case SF_EFFECT_READ_CLOSE: effect->reader = item->id; return true;
    case SF_EFFECT_MAP_RUN: return sf_map_run_told(x, item->id, effect);
    default: return false;
  }
}

static bool next_item(sf_execution *x, sf_effect *effect) {
  outbox_item item;

  while (take(x, &item))
    if (make(x, &item, effect))
      return true;
  return false;
}

static void make_finished(const sf_execution *x, sf_effect *effect) {
  effect->type = SF_EFFECT_FINISHED;
  effect->status = x->status;
  effect->output = sf_retain(x->output);
  effect->error = sf_retain(x->error);
  effect->cause = sf_retain(x->cause);
  effect->stop_date = x->stop_date;
}

/* The pending `wake`, if what it would say is still so and new. */
static bool next_wake(sf_execution *x, sf_effect *effect) {
  sf_time says;

  x->wake_pending = false;
  effect->at = sf_execution_next_wake(x, &effect->implicit);
  says = effect->implicit ? ~effect->at : effect->at;
  if (says == x->wake_told || effect->at == SF_TIME_NEVER)
    return false;
  x->wake_told = says;
  effect->type = SF_EFFECT_WAKE;
  return true;
}

bool sf_execution_next_effect(sf_execution *x, sf_effect *effect) {
  memset(effect, 0, sizeof *effect);
  effect->timeout_at = SF_TIME_NEVER;
  if (next_item(x, effect))
    return true;
  if (x->more_pending) {
    x->more_pending = false;
    effect->type = SF_EFFECT_MORE;
    return true;
  }
  if (x->wake_pending && next_wake(x, effect))
    return true;
  if (x->finished_pending) {
    x->finished_pending = false;
    make_finished(x, effect);
    return true;
  }
  return false;
}

void sf_outbox_clear(sf_execution *x) {
  sf_alloc_free(x->mem, x->outbox, x->outbox_capacity * sizeof *x->outbox);
  sf_alloc_free(x->mem, x->attempts,
                x->attempts_capacity * sizeof *x->attempts);
  x->outbox = NULL;
  x->attempts = NULL;
  x->outbox_first = x->outbox_count = x->outbox_capacity = 0;
  x->attempts_count = x->attempts_capacity = 0;
}
