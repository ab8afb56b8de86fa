/*
** queue.c - the one FIFO queue of frames.  It decides the order of everything,
** and with it the history.
*/
#include <assert.h>

#include "run/internal.h"

void sf_queue_push(sf_execution *x, frame *f) {
  assert(!f->queued);
  f->queued = true;
  f->queue_next = NULL;
  f->queue_previous = x->queue_last;
  if (x->queue_last != NULL)
    x->queue_last->queue_next = f;
  else
    x->queue_first = f;
  x->queue_last = f;
}

void sf_queue_remove(sf_execution *x, frame *f) {
  if (!f->queued)
    return;
  if (f->queue_previous != NULL)
    f->queue_previous->queue_next = f->queue_next;
  else
    x->queue_first = f->queue_next;
  if (f->queue_next != NULL)
    f->queue_next->queue_previous = f->queue_previous;
  else
    x->queue_last = f->queue_previous;
  f->queue_previous = f->queue_next = NULL;
  f->queued = false;
}

frame *sf_queue_pop(sf_execution *x) {
  frame *f = x->queue_first;

  if (f != NULL)
    sf_queue_remove(x, f);
  return f;
}
