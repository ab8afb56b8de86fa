/*
** snapshot_read.c - bytes to an execution: snapshot_write.c in reverse.  The
** bytes are not trusted: what does not fit ends the reading.
*/
#include <string.h>

#include "run/snapshot_body.h"

typedef struct reader {
  sf_execution *x;
  sf_unpacker *u;
  kept_values *kept; /* NULL: values are in the bytes */
  size_t next_kept;
  uint32_t *states; /* indices of those named so far */
  size_t states_count, states_capacity;
  frame **queue; /* by place */
  size_t queue_length;
} reader;

static void fail(reader *r) {
  sf_unpack_fail(r->u, SF_ERR_SYNTAX);
}

static void fail_memory(reader *r) {
  sf_unpack_fail(r->u, SF_ERR_NOMEM);
}

static bool is_well(const reader *r) {
  return r->u->status == SF_OK;
}

/* A count that is at most 'most'. */
static uint32_t read_count(reader *r, uint32_t most) {
  uint64_t n = sf_unpack_count(r->u);

  if (n <= most)
    return (uint32_t)n;
  fail(r);
  return 0;
}

static bool read_flag(reader *r) {
  return read_count(r, 1) != 0;
}

/* --- states --- */

/* The state of that pointer.  They mostly come in order: the search begins
** behind the last one. */
static uint32_t find_state(const reader *r, const char *text, size_t len) {
  const sf_machine *m = r->x->machine;
  uint32_t from = r->states_count == 0 ? 0 : r->states[r->states_count - 1] + 1;
  uint32_t i;

  for (i = 0; i < m->nstates; i++) {
    uint32_t at = (from + i) % m->nstates;
    sf_value pointer = m->states[at].pointer;
    if (sf_string_length(pointer) == len &&
        memcmp(sf_string_text(pointer), text, len) == 0)
      return at;
  }
  return SF_NONE;
}

static uint32_t read_new_state(reader *r) {
  void *states = r->states;
  size_t len = sf_unpack_length(r->u);
  const char *text = (const char *)sf_unpack_bytes(r->u, len);
  uint32_t index = SF_NONE;

  if (text != NULL && r->states_count < r->x->machine->nstates)
    index = find_state(r, text, len);
  if (index == SF_NONE) {
    fail(r);
  } else if (!sf_alloc_grow(r->x->mem, &states, &r->states_capacity,
                            r->states_count + 1, sizeof *r->states)) {
    fail_memory(r);
  } else {
    r->states = states;
    r->states[r->states_count++] = index;
  }
  return index;
}

static uint32_t read_state(reader *r) {
  uint64_t n = sf_unpack_count(r->u);

  if (n == 0)
    return SF_NONE;
  if (r->kept != NULL)
    return (uint32_t)n - 1;
  if (n == 1)
    return read_new_state(r);
  if (n - 2 < r->states_count)
    return r->states[n - 2];
  fail(r);
  return SF_NONE;
}

/* Named by the Map state around it. */
static uint32_t read_scope(reader *r) {
  const sf_machine *m = r->x->machine;
  uint32_t owner = read_state(r);

  if (owner == SF_NONE)
    return 0;
  if (m->states[owner].type != SF_MAP) {
    fail(r);
    return 0;
  }
  return m->states[owner].u.map.processor;
}

/* --- fields --- */

/* ORDER: from ITEM_VALUE to ITEM_OBJECT */
static const sf_kind value_kinds[] = {SF_ABSENT, SF_STRING, SF_ARRAY,
                                      SF_OBJECT};

static void read_value(reader *r, item_type type, sf_value *out) {
  sf_kind wanted = value_kinds[type - ITEM_VALUE];
  sf_value v;

  if (r->kept != NULL) {
    v = r->kept->items[r->next_kept];
    r->kept->items[r->next_kept++] = sf_absent();
  } else {
    v = sf_unpack_value(r->u);
  }
  if (wanted != SF_ABSENT && v.kind != SF_ABSENT && v.kind != wanted)
    fail(r);
  sf_assign(out, v);
}

static void read_timer(reader *r, timer *t) {
  uint32_t kind = read_count(r, TIMER_EXECUTION + 1);

  if (kind == 0)
    return;
  t->kind = (timer_kind)(kind - 1);
  t->due = sf_unpack_integer(r->u);
  t->order = sf_unpack_count(r->u);
  if (t->order >= r->x->timers.created)
    fail(r);
  if (is_well(r))
    sf_timer_restore(r->x, t);
  if (r->x->broken)
    fail_memory(r);
}

static void read_secret(reader *r, unsigned char *out) {
  const unsigned char *bytes = sf_unpack_bytes(r->u, SF_SHA256_SIZE);

  if (bytes != NULL)
    memcpy(out, bytes, SF_SHA256_SIZE);
}

static void read_item(reader *r, const item *row, void *at) {
  uint32_t n;
  uint16_t s;

  switch (row->type) {
    case ITEM_BYTE:
      *(unsigned char *)at = (unsigned char)read_count(r, row->most);
      break;
    case ITEM_SHORT:
      s = (uint16_t)read_count(r, row->most);
      memcpy(at, &s, sizeof s);
      break;
    case ITEM_NAME:
      n = read_count(r, row->most);
      memcpy(at, &n, sizeof n);
      break;
    case ITEM_COUNT: *(uint32_t *)at = read_count(r, UINT32_MAX); break;
    case ITEM_BIG: *(uint64_t *)at = sf_unpack_count(r->u); break;
    case ITEM_TIME: *(sf_time *)at = sf_unpack_integer(r->u); break;
    case ITEM_NUMBER: *(double *)at = sf_unpack_double(r->u); break;
    case ITEM_STATE: *(uint32_t *)at = read_state(r); break;
    case ITEM_SCOPE: *(uint32_t *)at = read_scope(r); break;
    case ITEM_VALUE:
    case ITEM_TEXT:
    case ITEM_ARRAY:
    case ITEM_OBJECT: read_value(r, row->type, at); break;
    case ITEM_SECRET: read_secret(r, at); break;
    case ITEM_TIMER: read_timer(r, at); break;
    case ITEM_END: break;
  }
}

static void read_items(reader *r, const item *row, void *base) {
  for (; row->type != ITEM_END && is_well(r); row++)
    read_item(r, row, (char *)base + row->offset);
}

/* --- frames --- */

static void read_queue(reader *r) {
  r->queue_length = sf_unpack_length(r->u);
  if (r->queue_length == 0)
    return;
  r->queue = sf_alloc_zero(r->x->mem, r->queue_length * sizeof *r->queue);
  if (r->queue == NULL) {
    r->queue_length = 0;
    fail_memory(r);
  }
}

/* Slots without frames, which read_frame fills. */
static void read_attempts(reader *r) {
  sf_execution *x = r->x;
  size_t i, count = sf_unpack_length(r->u);
  uint32_t last = 0;

  if (count == 0)
    return;
  x->attempts = sf_alloc_zero(x->mem, count * sizeof *x->attempts);
  if (x->attempts == NULL) {
    fail_memory(r);
    return;
  }
  x->attempts_capacity = count;
  for (i = 0; i < count && is_well(r); i++) {
    uint32_t id = read_count(r, x->last_attempt);
    if (id <= last)
      fail(r);
    x->attempts[x->attempts_count++].id = last = id;
  }
}

/* A new Map Run at the end of the list. */
static map_run *add_run(reader *r, map_run ***last, uint32_t id) {
  map_run *run = sf_alloc_zero(r->x->mem, sizeof *run);

  if (run == NULL) {
    fail_memory(r);
    return NULL;
  }
  run->id = id;
  **last = run;
  *last = &run->next;
  return run;
}

static void read_map_runs(reader *r) {
  struct map_runs *all = sf_alloc_zero(r->x->mem, sizeof *all);
  map_run **last, *run;
  uint32_t id, before = 0;

  if (all == NULL) {
    fail_memory(r);
    return;
  }
  r->x->map_runs = all;
  all->last_id = read_count(r, UINT32_MAX);
  all->last_child = read_count(r, UINT32_MAX);
  for (last = &all->first; (id = read_count(r, all->last_id)) != 0;) {
    if (id <= before)
      fail(r);
    before = id;
    run = is_well(r) ? add_run(r, &last, id) : NULL;
    if (run != NULL)
      read_items(r, sf_items_map_run, run);
  }
}

static void read_child(reader *r, struct map_runs *all, uint32_t id) {
  void *items = all->children;
  child *c;

  if (all->count > 0 && id <= all->children[all->count - 1].id)
    fail(r);
  if (!sf_alloc_grow(r->x->mem, &items, &all->capacity, all->count + 1,
                     sizeof *all->children)) {
    fail_memory(r);
    return;
  }
  all->children = items;
  c = &all->children[all->count++];
  memset(c, 0, sizeof *c);
  c->id = id;
  c->run = sf_map_run_find(r->x, read_count(r, UINT32_MAX));
  if (c->run == NULL)
    fail(r);
  read_items(r, sf_items_child, c);
}

static void read_children(reader *r) {
  struct map_runs *all = r->x->map_runs;
  uint32_t id;

  while ((id = read_count(r, all->last_child)) != 0)
    read_child(r, all, id);
}

static void read_place(reader *r, frame *f) {
  uint64_t place = sf_unpack_count(r->u);

  if (place == 0)
    return;
  if (place > r->queue_length || r->queue[place - 1] != NULL)
    fail(r);
  else
    r->queue[place - 1] = f;
}

static void read_retries(reader *r, frame *f) {
  uint32_t i, count = (uint32_t)sf_unpack_length(r->u);

  if (count == 0)
    return;
  f->retries = sf_alloc_zero(r->x->mem, count * sizeof *f->retries);
  if (f->retries == NULL) {
    fail_memory(r);
    return;
  }
  f->nretries = count;
  for (i = 0; i < count; i++)
    f->retries[i] = read_count(r, UINT32_MAX);
}

static void read_group(reader *r, frame *f) {
  uint32_t id;
  map_run *run;

  if (!read_flag(r))
    return;
  f->group = sf_alloc_zero(r->x->mem, sizeof *f->group);
  if (f->group == NULL) {
    fail_memory(r);
    return;
  }
  read_items(r, sf_items_group, f->group);
  id = read_count(r, UINT32_MAX);
  if (id == 0)
    return;
  run = sf_map_run_find(r->x, id);
  if (run == NULL || run->frame != NULL) {
    fail(r);
    return;
  }
  f->group->run = run;
  run->frame = f;
}

static void read_frame(reader *r, frame *f) {
  sf_execution *x = r->x;

  read_items(r, sf_items_frame, f);
  if (f->state == SF_NONE)
    fail(r);
  if (!is_well(r))
    return;
  f->scope = x->machine->states[f->state].scope;
  if (f->attempt != 0 && !sf_attempt_restore(x, f))
    fail(r);
  if (f->variables.kind != SF_ABSENT)
    x->variables_bytes += sf_json_length(f->variables);
  read_place(r, f);
  read_retries(r, f);
  read_group(r, f);
}

/* A frame more below 'parent'.  NULL: no memory. */
static frame *read_below(reader *r, frame *parent) {
  frame *f = sf_frame_new(r->x, parent, 0, 0, sf_absent());

  if (f == NULL)
    fail_memory(r);
  else
    read_frame(r, f);
  return f;
}

/* The flags say where the next frame belongs; a failure makes them all false,
** which leads to the root. */
static void read_tree(reader *r) {
  frame *at = &r->x->root;

  read_frame(r, at);
  for (;;) {
    frame *parent = at->group != NULL && read_flag(r) ? at : NULL;
    while (parent == NULL && at->parent != NULL) {
      if (read_flag(r))
        parent = at->parent;
      at = at->parent;
    }
    if (parent == NULL || !is_well(r))
      return;
    at = read_below(r, parent);
    if (at == NULL)
      return;
  }
}

static void place_queue(reader *r) {
  size_t i;

  for (i = 0; i < r->queue_length && is_well(r); i++) {
    if (r->queue[i] == NULL)
      fail(r);
    else
      sf_queue_push(r->x, r->queue[i]);
  }
}

/* --- the rest --- */

static void read_special(reader *r) {
  sf_execution *x = r->x;

  if (!read_flag(r))
    return;
  x->special = sf_alloc_new(x->mem, sizeof *x->special);
  if (x->special == NULL) {
    fail_memory(r);
    return;
  }
  sf_special_facts_init(x->special);
  read_items(r, sf_items_special, x->special);
}

static void read_outbox(reader *r) {
  sf_execution *x = r->x;
  size_t count = sf_unpack_length(r->u);

  if (count == 0)
    return;
  x->outbox = sf_alloc_zero(x->mem, count * sizeof *x->outbox);
  if (x->outbox == NULL) {
    fail_memory(r);
    return;
  }
  x->outbox_capacity = count;
  while (x->outbox_count < count && is_well(r))
    read_items(r, sf_items_outbox, &x->outbox[x->outbox_count++]);
}

static void read_history(reader *r) {
  history *h = &r->x->events;
  size_t count = sf_unpack_length(r->u);

  if (count == 0)
    return;
  if (count <= SIZE_MAX / sizeof *h->items)
    h->items = sf_alloc_zero(r->x->mem, count * sizeof *h->items);
  if (h->items == NULL) {
    fail_memory(r);
    return;
  }
  h->capacity = count;
  while (h->count < count && is_well(r))
    read_items(r, sf_items_history, &h->items[h->count++]);
}

void sf_body_read(sf_execution *x, sf_unpacker *u, kept_values *kept) {
  reader r;

  memset(&r, 0, sizeof r);
  r.x = x;
  r.u = u;
  r.kept = kept;
  read_items(&r, sf_items_facts, &x->facts);
  read_special(&r);
  read_items(&r, sf_items_execution, x);
  read_queue(&r);
  read_attempts(&r);
  if (read_flag(&r)) {
    read_map_runs(&r);
    if (is_well(&r))
      read_children(&r);
  }
  read_tree(&r);
  place_queue(&r);
  read_outbox(&r);
  read_history(&r);
  if (is_well(&r) && u->at != u->end)
    read_items(&r, sf_items_redrive, x);
  if (u->at != u->end)
    fail(&r);
  sf_alloc_free(x->mem, r.queue, r.queue_length * sizeof *r.queue);
  sf_alloc_free(x->mem, r.states, r.states_capacity * sizeof *r.states);
}
