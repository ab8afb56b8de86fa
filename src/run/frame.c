/*
** frame.c - frames and groups as memory: made, cleared, used again.  A frame
** that ended is kept for the next one: a Map of many items needs no more frames
** than run at once.
*/
#include <assert.h>
#include <string.h>

#include "run/internal.h"

void sf_frame_init(frame *f) {
  memset(f, 0, sizeof *f);
  f->state = SF_NONE;
  sf_timer_init(&f->wait, TIMER_WAIT, f);
  sf_timer_init(&f->heartbeat, TIMER_HEARTBEAT, f);
}

const sf_state *sf_frame_state(const sf_execution *x, const frame *f) {
  return &x->machine->states[f->state];
}

const frame *sf_frame_after(const frame *f) {
  if (f->group != NULL && f->group->first != NULL)
    return f->group->first;
  while (f != NULL && f->next == NULL)
    f = f->parent;
  return f == NULL ? NULL : f->next;
}

frame *sf_frame_new(sf_execution *x, frame *parent, uint32_t scope,
                    uint32_t index, sf_value input) {
  frame *f = x->spare;
  group *g = parent->group;

  if (f != NULL)
    x->spare = f->next;
  else
    f = sf_alloc_new(x->mem, sizeof *f);
  if (f == NULL) {
    sf_release(input);
    x->broken = true;
    return NULL;
  }
  sf_frame_init(f);
  f->parent = parent;
  f->scope = scope;
  f->index = index;
  f->input = input;
  f->state = x->machine->scopes[scope].start;
  f->previous = g->last;
  if (g->last != NULL)
    g->last->next = f;
  else
    g->first = f;
  g->last = f;
  return f;
}

static void unlink_from_group(frame *f) {
  group *g = f->parent->group;

  if (f->previous != NULL)
    f->previous->next = f->next;
  else
    g->first = f->next;
  if (f->next != NULL)
    f->next->previous = f->previous;
  else
    g->last = f->previous;
  f->previous = f->next = NULL;
}

/* Release what the frame itself holds; it has no group any more. */
static void clear_one(sf_execution *x, frame *f) {
  assert(f->group == NULL);
  sf_attempt_close(x, f);
  sf_timer_disarm(x, &f->wait);
  sf_timer_disarm(x, &f->heartbeat);       /* a made-up frame may have it, */
  sf_assign(&f->credentials, sf_absent()); /* and these, without an attempt */
  sf_queue_remove(x, f);
  if (f->variables.kind != SF_ABSENT)
    x->variables_bytes -= sf_json_length(f->variables);
  sf_assign(&f->input, sf_absent());
  sf_assign(&f->effective, sf_absent());
  sf_assign(&f->variables, sf_absent());
  sf_alloc_free(x->mem, f->retries, f->nretries * sizeof *f->retries);
  f->retries = NULL;
  f->nretries = 0;
}

static void free_group(sf_execution *x, frame *f) {
  group *g = f->group;

  assert(g->first == NULL);
  if (g->run != NULL)
    sf_map_run_leave(x, g->run);
  sf_release(g->items);
  sf_release(g->results);
  sf_release(g->context);
  sf_alloc_free(x->mem, g, sizeof *g);
  f->group = NULL;
}

static void recycle(sf_execution *x, frame *f) {
  unlink_from_group(f);
  f->next = x->spare;
  x->spare = f;
}

/* The tree below 'f', leaves first, without recursion. */
void sf_group_free(sf_execution *x, frame *f) {
  frame *at = f;

  if (f->group == NULL)
    return;
  for (;;) {
    while (at->group != NULL && at->group->last != NULL)
      at = at->group->last;
    if (at->group != NULL)
      free_group(x, at);
    if (at == f)
      return;
    {
      frame *parent = at->parent;
      clear_one(x, at);
      recycle(x, at);
      at = parent;
    }
  }
}

void sf_frame_clear(sf_execution *x, frame *f) {
  sf_group_free(x, f);
  clear_one(x, f);
}

void sf_frame_free(sf_execution *x, frame *f) {
  sf_frame_clear(x, f);
  recycle(x, f);
}
