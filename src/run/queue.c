/*
** queue.c - the one FIFO queue of frames.  It decides the order of everything,
** and with it the history.  What goes on at once (a result's road, the next
** iteration) goes ahead of the others.
*/
#include <assert.h>

#include "run/internal.h"

/* Put it in before 'next'; NULL: at the end. */
static void insert(sf_execution *x, frame *f, frame *next) {
  frame *previous = next == NULL ? x->queue_last : next->queue_previous;

  assert(!f->queued);
  f->queued = true;
  f->queue_next = next;
  f->queue_previous = previous;
  if (previous != NULL)
    previous->queue_next = f;
  else
    x->queue_first = f;
  if (next != NULL)
    next->queue_previous = f;
  else
    x->queue_last = f;
}

void sf_queue_push(sf_execution *x, frame *f) {
  insert(x, f, NULL);
}

void sf_queue_push_ahead(sf_execution *x, frame *f) {
  frame *next = x->queue_first;

  while (x->stepping == NULL && next != NULL && next->ahead)
    next = next->queue_next;
  insert(x, f, next);
  f->ahead = true;
}

static void take_out(sf_execution *x, frame *f) {
  if (f->queue_previous != NULL)
    f->queue_previous->queue_next = f->queue_next;
  else
    x->queue_first = f->queue_next;
  if (f->queue_next != NULL)
    f->queue_next->queue_previous = f->queue_previous;
  else
    x->queue_last = f->queue_previous;
  f->queue_previous = f->queue_next = NULL;
  f->queued = f->ahead = false;
}

void sf_queue_remove(sf_execution *x, frame *f) {
  if (!f->queued)
    return;
  if (f == x->queue_first && x->stepping == NULL)
    sf_step_give_up(x);
  take_out(x, f);
}

frame *sf_queue_pop(sf_execution *x) {
  frame *f = x->queue_first;

  if (f != NULL)
    take_out(x, f);
  return f;
}
