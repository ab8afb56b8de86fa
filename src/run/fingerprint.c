/*
** fingerprint.c - what decides the future of an execution, folded into a few
** bytes.  A value counts by its content, whoever shares it: a long one stands
** for itself by its digest, and each shared block is digested once.
*/
#include <string.h>

#include "run/snapshot.h"
#include "run/snapshot_item.h"

#define INLINE_MAX 64 /* a longer text or structure is replaced by its digest */

/* What stands for a block. */
typedef struct print {
  unsigned char length, bytes[INLINE_MAX];
} print;

/* An array or object under way. */
typedef struct level {
  sf_value branch;    /* borrowed */
  size_t next, start; /* element; where its bytes begin */
} level;

typedef struct folder {
  const sf_execution *x;
  sf_packer p;         /* the bytes to be digested */
  sf_identities known; /* shared blocks that were folded */
  print *prints;       /* by their numbers */
  size_t prints_count, prints_capacity;
  level *levels;
  size_t depth, levels_capacity;
  sf_identities timers; /* those armed, in order */
  sf_identities queued, frames;
  sf_status status;
} folder;

static void fail(folder *f, sf_status status) {
  if (f->status == SF_OK)
    f->status = status;
}

static void number(folder *f, sf_identities *ids, const void *block) {
  if (sf_identities_put(ids, block, ids->count) == SF_UNKNOWN)
    fail(f, SF_ERR_NOMEM);
}

/* --- values --- */

static void put_digest(folder *f, size_t start) {
  sf_buffer *b = &f->p.bytes;
  unsigned char digest[SF_SHA256_SIZE];

  fail(f, sf_sha256(b->bytes + start, b->length - start, digest));
  b->length = start;
  sf_pack_byte(&f->p, SF_PACK_AGAIN);
  sf_pack_bytes(&f->p, digest, sizeof digest);
}

static void remember(folder *f, sf_value v, size_t start) {
  const sf_buffer *b = &f->p.bytes;
  void *prints = f->prints;
  print *p;

  if (!sf_alloc_grow(f->x->mem, &prints, &f->prints_capacity,
                     f->prints_count + 1, sizeof *p)) {
    fail(f, SF_ERR_NOMEM);
    return;
  }
  f->prints = prints;
  p = &f->prints[f->prints_count++];
  p->length = (unsigned char)(b->length - start);
  memcpy(p->bytes, b->bytes + start, p->length);
  number(f, &f->known, sf_identity(v));
}

/* The bytes of 'v' from 'start' on are complete. */
static void close_print(folder *f, sf_value v, size_t start) {
  if (!f->p.bytes.failed && f->p.bytes.length - start > INLINE_MAX)
    put_digest(f, start);
  if (!f->p.bytes.failed && sf_is_shared(v))
    remember(f, v, start);
}

static void open_level(folder *f, sf_value v, size_t count) {
  void *levels = f->levels;
  size_t start = f->p.bytes.length;

  sf_pack_byte(&f->p, v.kind == SF_ARRAY ? SF_PACK_ARRAY : SF_PACK_OBJECT);
  sf_pack_count(&f->p, count);
  if (!sf_alloc_grow(f->x->mem, &levels, &f->levels_capacity, f->depth + 1,
                     sizeof *f->levels)) {
    fail(f, SF_ERR_NOMEM);
    return;
  }
  f->levels = levels;
  f->levels[f->depth].branch = v;
  f->levels[f->depth].next = 0;
  f->levels[f->depth++].start = start;
}

static void fold_one(folder *f, sf_value v) {
  size_t start = f->p.bytes.length;
  uint32_t at = SF_UNKNOWN;

  if (sf_is_shared(v))
    at = sf_identities_find(&f->known, sf_identity(v));
  if (at != SF_UNKNOWN) {
    sf_pack_bytes(&f->p, f->prints[at].bytes, f->prints[at].length);
  } else if (v.kind == SF_ARRAY) {
    open_level(f, v, sf_array_count(v));
  } else if (v.kind == SF_OBJECT) {
    open_level(f, v, sf_object_count(v));
  } else if (v.kind == SF_STRING || v.kind == SF_BIGNUM) {
    sf_pack_byte(&f->p, v.kind == SF_STRING ? SF_PACK_STRING : SF_PACK_BIGNUM);
    sf_pack_count(&f->p, sf_string_length(v));
    sf_pack_bytes(&f->p, sf_string_text(v), sf_string_length(v));
    close_print(f, v, start);
  } else {
    sf_pack_value(&f->p, v);
  }
}

static void fold_value(void *ud, sf_value v) {
  folder *f = ud;

  fold_one(f, v);
  while (f->depth > 0 && f->status == SF_OK) {
    level *l = &f->levels[f->depth - 1];
    size_t at = l->next++, start = l->start;
    v = l->branch;
    if (v.kind == SF_ARRAY && at < sf_array_count(v)) {
      fold_one(f, sf_array_at(v, at));
    } else if (v.kind == SF_OBJECT && at < sf_object_count(v)) {
      fold_one(f, sf_object_key_at(v, at));
      fold_one(f, sf_object_value_at(v, at));
    } else {
      f->depth--;
      close_print(f, v, start);
    }
  }
  f->depth = 0;
}

/* --- timers: their order counts --- */

static bool is_later(const timer *a, const timer *b) {
  return a->due != b->due ? a->due > b->due : a->order > b->order;
}

/* Let items[root] sink in the heap items[0..count), the latest on top. */
static void sift(const timer **items, uint32_t root, uint32_t count) {
  const timer *t = items[root];
  uint32_t below;

  for (; (below = 2 * root + 1) < count; root = below) {
    if (below + 1 < count && is_later(items[below + 1], items[below]))
      below++;
    if (!is_later(items[below], t))
      break;
    items[root] = items[below];
  }
  items[root] = t;
}

static void sort(const timer **items, uint32_t count) {
  uint32_t i;

  for (i = count / 2; i-- > 0;)
    sift(items, i, count);
  for (i = count; i-- > 1;) {
    const timer *last = items[0];
    items[0] = items[i];
    items[i] = last;
    sift(items, 0, i);
  }
}

static void number_timers(folder *f) {
  const timer_heap *h = &f->x->timers;
  const timer **items = sf_alloc_array(f->x->mem, h->count, sizeof *items);
  uint32_t i;

  if (items == NULL) {
    fail(f, SF_ERR_NOMEM);
    return;
  }
  for (i = 0; i < h->count; i++)
    items[i] = h->items[i];
  sort(items, h->count);
  for (i = 0; i < h->count; i++)
    number(f, &f->timers, items[i]);
  sf_alloc_free(f->x->mem, items,
                (h->count == 0 ? 1 : h->count) * sizeof *items);
}

static void fold_timer(void *ud, const timer *t) {
  folder *f = ud;

  if (t->position == TIMER_OFF) {
    sf_pack_byte(&f->p, 0);
    return;
  }
  sf_pack_byte(&f->p, (unsigned)t->kind + 1);
  sf_pack_count(&f->p, sf_identities_find(&f->timers, t));
}

/* --- the rest --- */

static void fold_state(void *ud, uint32_t index) {
  folder *f = ud;

  sf_pack_count(&f->p, (uint64_t)index + 1);
}

static void fold_items(folder *f, const item *row, const void *base) {
  item_sink sink = {f, f->x->machine, fold_value, fold_state, fold_timer};

  sf_items_write(row, base, false, &f->p, &sink);
}

static unsigned depth_of(const frame *at) {
  unsigned depth = 0;

  for (; at->parent != NULL; at = at->parent)
    depth++;
  return depth;
}

static void fold_map_run(folder *f, const map_run *run) {
  const struct map_runs *all = f->x->map_runs;
  size_t i;

  fold_items(f, sf_items_map_run, run);
  for (i = 0; i < all->count; i++) {
    if (all->children[i].run == run)
      fold_items(f, sf_items_child, &all->children[i]);
  }
}

static void fold_group(folder *f, const group *g) {
  fold_items(f, sf_items_group, g);
  if (g->run != NULL)
    fold_map_run(f, g->run);
}

static void fold_frame(folder *f, const frame *at) {
  uint32_t i;

  number(f, &f->frames, at);
  sf_pack_count(&f->p, depth_of(at));
  fold_items(f, sf_items_frame, at);
  sf_pack_count(&f->p, at->queued ? 1 + sf_identities_find(&f->queued, at)
                                  : UINT32_C(0));
  for (i = 0; i < at->nretries; i++)
    sf_pack_count(&f->p, at->retries[i]);
  if (at->group != NULL)
    fold_group(f, at->group);
}

static void fold_outbox(folder *f) {
  const sf_execution *x = f->x;
  size_t i;

  for (i = 0; i < x->outbox_count; i++) {
    const outbox_item *it = &x->outbox[x->outbox_first + i];
    const frame *whose =
      it->type == SF_EFFECT_TASK ? sf_attempt_find(x, it->id) : NULL;
    fold_items(f, sf_items_outbox, it);
    if (whose != NULL)
      sf_pack_count(&f->p, sf_identities_find(&f->frames, whose));
  }
}

static void fold(folder *f) {
  const sf_execution *x = f->x;
  unsigned char machine[SF_SHA256_SIZE];
  const frame *at;

  fail(f, sf_machine_digest(x->machine, machine));
  sf_pack_bytes(&f->p, machine, sizeof machine);
  number_timers(f);
  for (at = x->queue_first; at != NULL; at = at->queue_next)
    number(f, &f->queued, at);
  fold_items(f, sf_items_execution, x);
  fold_items(f, sf_items_redrive, x);
  for (at = &x->root; at != NULL && f->status == SF_OK; at = sf_frame_after(at))
    fold_frame(f, at);
  fold_outbox(f);
  if (f->p.bytes.failed)
    fail(f, SF_ERR_NOMEM);
}

static void folder_init(folder *f, const sf_execution *x) {
  memset(f, 0, sizeof *f);
  f->x = x;
  sf_packer_init(&f->p, x->mem);
  sf_identities_init(&f->known, x->mem);
  sf_identities_init(&f->timers, x->mem);
  sf_identities_init(&f->queued, x->mem);
  sf_identities_init(&f->frames, x->mem);
}

static void folder_clear(folder *f) {
  const sf_alloc *mem = f->x->mem;

  sf_packer_clear(&f->p);
  sf_identities_clear(&f->known);
  sf_identities_clear(&f->timers);
  sf_identities_clear(&f->queued);
  sf_identities_clear(&f->frames);
  sf_alloc_free(mem, f->prints, f->prints_capacity * sizeof *f->prints);
  sf_alloc_free(mem, f->levels, f->levels_capacity * sizeof *f->levels);
}

sf_status sf_execution_fingerprint(const sf_execution *x,
                                   unsigned char out[SF_FINGERPRINT_SIZE],
                                   sf_error *err) {
  unsigned char whole[SF_SHA256_SIZE];
  folder f;

  if (sf_execution_check(x, err) != SF_OK)
    return SF_ERR_STATE;
  folder_init(&f, x);
  fold(&f);
  if (f.status == SF_OK)
    f.status = sf_sha256(f.p.bytes.bytes, f.p.bytes.length, whole);
  if (f.status == SF_OK)
    memcpy(out, whole, SF_FINGERPRINT_SIZE);
  folder_clear(&f);
  return f.status == SF_OK ? SF_OK : sf_error_of(err, f.status);
}
