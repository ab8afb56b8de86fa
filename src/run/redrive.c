/*
** redrive.c - an execution that ended without success goes on: at the states that
** failed or were stopped, and at no others; what the rest has given is still there.
** A state that had been entered is not entered again: it does its work again.
*/
#include "run/internal.h"

#define EVENTS_MAX 24999 /* a history with more has no room to go on */
#define DAYS_MAX   14    /* after its end */

/* Can the frame go on?  (What a Map Run had is not kept.) */
static bool frame_is_kept(const frame *f) {
  return f->phase == FRAME_STOPPED && f->input.kind != SF_ABSENT &&
         (f->group == NULL || f->group->run == NULL);
}

static bool is_redrivable(const sf_execution *x, sf_time now) {
  const frame *f;

  if (x->type == SF_EXPRESS || x->status == SF_RUNNING ||
      x->status == SF_SUCCEEDED || x->last_event_id >= EVENTS_MAX ||
      now - x->stop_date > (sf_time)DAYS_MAX * 86400 * SF_NANOSECONDS)
    return false;
  for (f = &x->root; f != NULL; f = sf_frame_after(f))
    if (!frame_is_kept(f))
      return false;
  return true;
}

/* The frames of its group go on, or there are more to come; those that are done
** have given their results. */
static bool goes_on_below(const sf_execution *x, const frame *f) {
  const group *g = f->group;

  if (g == NULL)
    return false;
  if (sf_frame_state(x, f)->type != SF_MAP)
    return g->first != NULL;
  return f->effective.kind != SF_ABSENT &&
         (g->first != NULL || g->begun < g->total);
}

/* The next frame of the tree, from above to below. */
static frame *after(frame *f) {
  if (f->group != NULL && f->group->first != NULL)
    return f->group->first;
  while (f != NULL && f->next == NULL)
    f = f->parent;
  return f == NULL ? NULL : f->next;
}

static uint32_t count_frames(const group *g) {
  const frame *f;
  uint32_t n = 0;

  for (f = g->first; f != NULL; f = f->next)
    n++;
  return n;
}

static void go_on(sf_execution *x, frame *f, uint32_t event) {
  group *g = f->group;

  sf_alloc_free(x->mem, f->retries, f->nretries * sizeof *f->retries);
  f->retries = NULL;
  f->nretries = f->retry_count = 0;
  f->last_id = event;
  if (goes_on_below(x, f)) {
    g->running = count_frames(g);
    g->done = g->begun > g->running ? g->begun - g->running : 0;
    if (sf_frame_state(x, f)->type == SF_MAP)
      sf_map_go_on(x, f, event);
    else
      f->phase = FRAME_GROUP;
    return;
  }
  sf_group_free(x, f);
  sf_assign(&f->effective, sf_absent());
  f->phase = f->entered_id == 0 ? FRAME_ENTER : FRAME_ACT;
  sf_queue_push(x, f);
}

static void open_again(sf_execution *x, sf_time now) {
  sf_value *ended[] = {&x->output, &x->error, &x->cause};
  size_t i;

  for (i = 0; i < sizeof ended / sizeof ended[0]; i++)
    sf_assign(ended[i], sf_absent());
  sf_context_forget(x);
  x->status = SF_RUNNING;
  x->now = now;
  x->stop_date = SF_TIME_NEVER;
  x->failed_state = SF_NONE;
  x->finished_pending = false;
  x->redrive_count++;
  x->redrive_time = now;
  sf_deadline_arm(x);
}

sf_answer sf_redrive(sf_execution *x, const sf_event *e) {
  sf_time now = e->now > x->now ? e->now : x->now;
  frame *f;
  uint32_t event;

  if (!is_redrivable(x, now))
    return SF_NOT_REDRIVABLE;
  open_again(x, now);
  event = sf_emit(x, H_EXECUTION_REDRIVEN, x->last_event_id, NULL,
                  sf_integer(x->redrive_count), sf_absent());
  for (f = &x->root; f != NULL; f = after(f))
    go_on(x, f, event);
  return SF_ACCEPTED;
}
