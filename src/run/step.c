/*
** step.c - steps of frames, sliced.  A step is tried on the host's stack, with a
** slice of work.  Where that is not enough (one huge expression), the try is
** abandoned and the step is put off: it begins once more on a stack of its own,
** where it rests whenever a slice is spent.
**
** What is evaluated is pure, and a step changes nothing before all it evaluates
** is there; so a step may begin again at any time, also after a snapshot, which
** knows nothing of what was done of it.
*/
#include <assert.h>

#include "run/internal.h"

/* Expressions and values nest up to limits: many times what that needs, since
** there is no guard page; untouched pages cost nothing. */
#define STACK_BYTES (SF_FIBER_FRAMES * (1u << 20))

void sf_step_charge(sf_execution *x, uint64_t work) {
  x->slice_left = work < x->slice_left ? x->slice_left - work : 0;
}

/* --- the steps of evaluations --- */

static void grant(sight *s, uint64_t steps) {
  sf_budget *b = &s->budget;

  if (steps > b->later)
    steps = b->later;
  b->later -= steps;
  b->steps += steps;
  s->granted = b->steps;
}

void sf_step_settle(sight *s) {
  sf_step_charge(s->x, s->granted - s->budget.steps);
  s->granted = s->budget.steps;
}

/* Can what is evaluated now be put off? */
static bool is_sliced(const sf_execution *x) {
  return SF_HAS_FIBERS && x->stepping != NULL;
}

/* The slice is spent: rest until the next one, if that is possible here. */
static bool refill(sf_budget *b, uint64_t n) {
  sight *s = b->host;
  sf_execution *x = s->x;

  sf_step_settle(s);
  if (!is_sliced(x)) {
    grant(s, b->later);
    return true;
  }
  if (x->fiber == NULL)
    x->putting_off = true;
  while (!x->putting_off && b->steps < n) {
    sf_fiber_pause(x->fiber);
    grant(s, x->facts.slice);
  }
  return !x->putting_off;
}

/* Evaluations have one slice, whatever is left of the one at hand: so only what
** is more than a slice is ever begun twice. */
void sf_step_grant(sight *s, uint64_t steps_max) {
  s->budget = sf_budget_of(0);
  s->budget.later = steps_max;
  s->budget.refill = refill;
  s->budget.host = s;
  grant(s, is_sliced(s->x) ? s->x->facts.slice : steps_max);
}

/* --- steps --- */

static void on_fiber(void *ud) {
  sf_execution *x = ud;

  sf_frame_run(x, x->stepping);
}

static void end_fiber(sf_execution *x) {
  sf_fiber_free(x->fiber);
  x->fiber = NULL;
  x->put_off_at = SF_TIME_NEVER;
}

/* Begin what was put off, or go on with it. */
static void go_on(sf_execution *x, frame *f) {
  if (x->fiber == NULL)
    x->fiber = sf_fiber_new(x->mem, STACK_BYTES, on_fiber, x);
  if (x->fiber == NULL)
    x->broken = true;
  else if (sf_fiber_resume(x->fiber))
    end_fiber(x);
  else
    sf_queue_push_ahead(x, f);
}

void sf_step(sf_execution *x, frame *f) {
  x->stepping = f;
  if (x->put_off_at != SF_TIME_NEVER) {
    x->step_now = x->put_off_at;
    go_on(x, f);
  } else {
    x->step_now = x->now;
    sf_frame_run(x, f);
    if (x->putting_off) {
      x->putting_off = false;
      x->put_off_at = x->step_now;
      sf_queue_push_ahead(x, f);
    }
  }
  x->stepping = NULL;
}

void sf_step_give_up(sf_execution *x) {
  bool ended;

  if (x->fiber != NULL) {
    x->putting_off = true;
    ended = sf_fiber_resume(x->fiber);
    assert(ended);
    (void)ended;
    x->putting_off = false;
  }
  end_fiber(x);
}
