/*
** snapshot_write.c - an execution to bytes: facts, fields, open attempts, the
** tree of frames in pre-order, effects, history.
*/
#include "run/snapshot_body.h"

typedef struct writer {
  const sf_execution *x;
  sf_packer *p;
  kept_values *kept;    /* NULL: values go into the bytes */
  sf_identities states; /* those named so far */
  sf_identities queued; /* frames, in the order of the queue */
} writer;

/* --- fields --- */

static void write_value(void *ud, sf_value v) {
  writer *w = ud;
  void *items;

  if (w->kept == NULL) {
    sf_pack_value(w->p, v);
    return;
  }
  items = w->kept->items;
  if (!sf_alloc_grow(w->x->mem, &items, &w->kept->capacity, w->kept->count + 1,
                     sizeof v)) {
    w->p->bytes.failed = true;
    return;
  }
  w->kept->items = items;
  w->kept->items[w->kept->count++] = sf_retain(v);
}

/* 0: none; 1: one not named so far, and its name; 2 + n: the n-th of those. */
static void write_state(void *ud, uint32_t index) {
  writer *w = ud;
  const sf_state *st;
  uint32_t number, next = w->states.count;

  if (index == SF_NONE || w->kept != NULL) {
    sf_pack_count(w->p, index == SF_NONE ? 0 : (uint64_t)index + 1);
    return;
  }
  st = &w->x->machine->states[index];
  number = sf_identities_put(&w->states, st, next);
  if (number == SF_UNKNOWN) {
    w->p->bytes.failed = true;
  } else if (number == next) {
    sf_pack_count(w->p, 1);
    sf_pack_count(w->p, sf_string_length(st->pointer));
    sf_pack_bytes(w->p, sf_string_text(st->pointer),
                  sf_string_length(st->pointer));
  } else {
    sf_pack_count(w->p, (uint64_t)number + 2);
  }
}

static void write_timer(void *ud, const timer *t) {
  writer *w = ud;

  if (t->position == TIMER_OFF) {
    sf_pack_byte(w->p, 0);
    return;
  }
  sf_pack_byte(w->p, (unsigned)t->kind + 1);
  sf_pack_integer(w->p, t->due);
  sf_pack_count(w->p, t->order);
}

static void write_items(writer *w, const item *row, const void *base) {
  item_sink sink = {w, w->x->machine, write_value, write_state, write_timer};

  sf_items_write(row, base, true, w->p, &sink);
}

/* --- frames --- */

/* The queue is written as each frame's place in it, from 1; 0: not queued. */
static void number_queue(writer *w) {
  const frame *f;

  for (f = w->x->queue_first; f != NULL; f = f->queue_next) {
    if (sf_identities_put(&w->queued, f, w->queued.count) == SF_UNKNOWN)
      w->p->bytes.failed = true;
  }
  sf_pack_count(w->p, w->queued.count);
}

/* Before the frames: a group names its Map Run by the id. */
static void write_map_runs(writer *w) {
  const struct map_runs *all = w->x->map_runs;
  const map_run *run;

  sf_pack_byte(w->p, all != NULL);
  if (all == NULL)
    return;
  sf_pack_count(w->p, all->last_id);
  sf_pack_count(w->p, all->last_child);
  for (run = all->first; run != NULL; run = run->next) {
    sf_pack_count(w->p, run->id);
    write_items(w, sf_items_map_run, run);
  }
  sf_pack_count(w->p, 0);
}

static void write_children(writer *w) {
  const struct map_runs *all = w->x->map_runs;
  size_t i;

  if (all == NULL)
    return;
  for (i = 0; i < all->count; i++) {
    const child *c = &all->children[i];
    if (c->run == NULL)
      continue;
    sf_pack_count(w->p, c->id);
    sf_pack_count(w->p, c->run->id);
    write_items(w, sf_items_child, c);
  }
  sf_pack_count(w->p, 0);
}

static void write_group(writer *w, const group *g) {
  sf_pack_byte(w->p, g != NULL);
  if (g == NULL)
    return;
  write_items(w, sf_items_group, g);
  sf_pack_count(w->p, g->run == NULL ? 0 : g->run->id);
}

static void write_frame(writer *w, const frame *f) {
  uint32_t i;

  write_items(w, sf_items_frame, f);
  sf_pack_count(w->p, f->queued ? 1 + sf_identities_find(&w->queued, f)
                                : UINT32_C(0));
  sf_pack_count(w->p, f->nretries);
  for (i = 0; i < f->nretries; i++)
    sf_pack_count(w->p, f->retries[i]);
  write_group(w, f->group);
}

/* In pre-order.  A flag behind a group says whether frames are in it; one behind
** a frame and all below it, whether another one follows in the same group. */
static void write_tree(writer *w) {
  const frame *f = &w->x->root;

  for (;;) {
    write_frame(w, f);
    if (f->group != NULL)
      sf_pack_byte(w->p, f->group->first != NULL);
    if (f->group != NULL && f->group->first != NULL) {
      f = f->group->first;
      continue;
    }
    for (; f->parent != NULL; f = f->parent) {
      sf_pack_byte(w->p, f->next != NULL);
      if (f->next != NULL)
        break;
    }
    if (f->parent == NULL)
      return;
    f = f->next;
  }
}

/* Ids of the open attempts, in order; their frames say which is whose. */
static void write_attempts(writer *w) {
  const sf_execution *x = w->x;
  size_t i, open = 0;

  for (i = 0; i < x->attempts_count; i++)
    open += x->attempts[i].frame != NULL;
  sf_pack_count(w->p, open);
  for (i = 0; i < x->attempts_count; i++) {
    if (x->attempts[i].frame != NULL)
      sf_pack_count(w->p, x->attempts[i].id);
  }
}

/* --- the rest --- */

static void write_outbox(writer *w) {
  const sf_execution *x = w->x;
  size_t i;

  sf_pack_count(w->p, x->outbox_count);
  for (i = 0; i < x->outbox_count; i++)
    write_items(w, sf_items_outbox, &x->outbox[x->outbox_first + i]);
}

static void write_history(writer *w, bool wanted) {
  const history *h = &w->x->events;
  size_t i, count = wanted ? h->count : 0;

  sf_pack_count(w->p, count);
  for (i = 0; i < count; i++)
    write_items(w, sf_items_history, &h->items[i]);
}

void sf_body_write(const sf_execution *x, bool with_history, sf_packer *p,
                   kept_values *kept) {
  writer w;

  w.x = x;
  w.p = p;
  w.kept = kept;
  sf_identities_init(&w.states, x->mem);
  sf_identities_init(&w.queued, x->mem);
  write_items(&w, sf_items_facts, &x->facts);
  sf_pack_byte(p, x->special != NULL);
  if (x->special != NULL)
    write_items(&w, sf_items_special, x->special);
  write_items(&w, sf_items_execution, x);
  number_queue(&w);
  write_attempts(&w);
  write_map_runs(&w);
  write_children(&w);
  write_tree(&w);
  write_outbox(&w);
  write_history(&w, with_history);
  if (x->redrive_count > 0)
    write_items(&w, sf_items_redrive, x);
  sf_identities_clear(&w.states);
  sf_identities_clear(&w.queued);
}
