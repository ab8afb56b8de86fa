/*
** timer.c - what is due when: a binary heap of timers that live inside frames,
** in order of (due, creation).
*/
#include <assert.h>

#include "run/internal.h"

#define FEW (sizeof((timer_heap *)0)->few / sizeof(timer *))

static bool earlier(const timer *a, const timer *b) {
  return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void put(timer_heap *h, uint32_t at, timer *t) {
  h->items[at] = t;
  t->position = at;
}

static void sift_up(timer_heap *h, uint32_t at, timer *t) {
  while (at > 0) {
    uint32_t above = (at - 1) / 2;
    if (!earlier(t, h->items[above]))
      break;
    put(h, at, h->items[above]);
    at = above;
  }
  put(h, at, t);
}

static void sift_down(timer_heap *h, uint32_t at, timer *t) {
  for (;;) {
    uint32_t below = 2 * at + 1;
    if (below >= h->count)
      break;
    if (below + 1 < h->count && earlier(h->items[below + 1], h->items[below]))
      below++;
    if (!earlier(h->items[below], t))
      break;
    put(h, at, h->items[below]);
    at = below;
  }
  put(h, at, t);
}

static bool make_room(sf_execution *x) {
  timer_heap *h = &x->timers;
  uint32_t capacity;
  timer **items;
  uint32_t i;

  if (h->items == NULL) {
    h->items = h->few;
    h->capacity = FEW;
  }
  if (h->count < h->capacity)
    return true;
  capacity = h->capacity * 2;
  items = sf_alloc_array(x->mem, capacity, sizeof *items);
  if (items == NULL)
    return false;
  for (i = 0; i < h->count; i++)
    items[i] = h->items[i];
  if (h->items != h->few)
    sf_alloc_free(x->mem, h->items, h->capacity * sizeof *items);
  h->items = items;
  h->capacity = capacity;
  return true;
}

void sf_timer_init(timer *t, timer_kind kind, frame *f) {
  t->due = SF_TIME_NEVER;
  t->order = 0;
  t->position = TIMER_OFF;
  t->kind = kind;
  t->frame = f;
}

void sf_timer_arm(sf_execution *x, timer *t, timer_kind kind, sf_time due) {
  sf_timer_disarm(x, t);
  t->kind = kind;
  t->due = due;
  t->order = x->timers.created++;
  sf_timer_restore(x, t);
}

void sf_timer_restore(sf_execution *x, timer *t) {
  assert(t->position == TIMER_OFF);
  if (make_room(x))
    sift_up(&x->timers, x->timers.count++, t);
  else
    x->broken = true;
}

void sf_timer_disarm(sf_execution *x, timer *t) {
  timer_heap *h = &x->timers;
  uint32_t at = t->position;
  timer *last;

  if (at == TIMER_OFF)
    return;
  assert(at < h->count && h->items[at] == t);
  t->position = TIMER_OFF;
  last = h->items[--h->count];
  if (last == t)
    return;
  if (at > 0 && earlier(last, h->items[(at - 1) / 2]))
    sift_up(h, at, last);
  else
    sift_down(h, at, last);
}

/* The next timer that is due at 'now', disarmed, or NULL. */
timer *sf_timer_due(sf_execution *x, sf_time now) {
  timer *t;

  if (x->timers.count == 0 || x->timers.items[0]->due > now)
    return NULL;
  t = x->timers.items[0];
  sf_timer_disarm(x, t);
  return t;
}

void sf_timers_clear(sf_execution *x) {
  timer_heap *h = &x->timers;

  while (h->count > 0)
    sf_timer_disarm(x, h->items[h->count - 1]);
  if (h->items != h->few)
    sf_alloc_free(x->mem, h->items, h->capacity * sizeof *h->items);
  h->items = NULL;
  h->capacity = 0;
}
