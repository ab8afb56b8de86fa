/*
** arena.h - memory that lives as long as one evaluation, or as one compiled
** expression, and is given back at once.  The first bytes come from a block
** that the owner embeds, so that a small evaluation allocates nothing.
*/
#ifndef SF_QUERY_JSONATA_ARENA_H
#define SF_QUERY_JSONATA_ARENA_H

#include "base/value.h"

#define JN_ARENA_FIRST 2048 /* bytes of the embedded block */

typedef struct jn_chunk {
  struct jn_chunk *next;
  size_t size; /* of the whole chunk */
} jn_chunk;

typedef union jn_first {
  char bytes[JN_ARENA_FIRST];
  double number;
  void *pointer;
  int64_t integer;
} jn_first;

typedef struct jn_arena {
  const sf_alloc *mem;
  char *at, *end;
  jn_chunk *chunks; /* the newest first */
  size_t used;      /* bytes of all chunks */
  size_t used_max;  /* no chunk that would lead beyond */
  bool over;        /* used_max was reached */
} jn_arena;

/* 'first' may be NULL, then all memory is in chunks. */
void jn_arena_init(jn_arena *a, const sf_alloc *mem, jn_first *first,
                   size_t used_max);
void jn_arena_clear(jn_arena *a);

/* A point to go back to.  Rewinding gives back all that was taken since; the
** caller must know that nothing of it is in use. */
typedef struct jn_mark {
  char *at, *end;
  jn_chunk *chunk;
} jn_mark;

static inline jn_mark jn_arena_mark(const jn_arena *a) {
  jn_mark m;
  m.at = a->at;
  m.end = a->end;
  m.chunk = a->chunks;
  return m;
}

void jn_arena_rewind(jn_arena *a, const jn_mark *mark);

/* Was 'block' taken after the mark? */
bool jn_arena_is_newer(const jn_arena *a, const jn_mark *mark,
                       const void *block);

/* The slow half of jn_arena_new. */
void *jn_arena_grow(jn_arena *a, size_t size);

/* 'size' bytes, aligned for anything this module stores; NULL when there is no
** memory or the limit is reached. */
static inline void *jn_arena_new(jn_arena *a, size_t size) {
  char *at = a->at;
  size = (size + 7) & ~(size_t)7;
  if (size > (size_t)(a->end - at))
    return jn_arena_grow(a, size);
  a->at = at + size;
  return at;
}

/* The same, filled with zero bytes. */
void *jn_arena_zero(jn_arena *a, size_t size);

#endif
