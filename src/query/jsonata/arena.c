/*
** arena.c - see arena.h.  Chunks grow with what is used already.
*/
#include "query/jsonata/arena.h"

#include <string.h>

#define CHUNK_MIN 8192
#define CHUNK_MAX 1048576

void jn_arena_init(jn_arena *a, const sf_alloc *mem, jn_first *first,
                   size_t used_max) {
  a->mem = mem;
  a->at = first != NULL ? first->bytes : NULL;
  a->end = first != NULL ? first->bytes + sizeof first->bytes : NULL;
  a->chunks = NULL;
  a->used = 0;
  a->used_max = used_max;
  a->over = false;
}

void jn_arena_clear(jn_arena *a) {
  while (a->chunks != NULL) {
    jn_chunk *next = a->chunks->next;
    sf_alloc_free(a->mem, a->chunks, a->chunks->size);
    a->chunks = next;
  }
  a->at = a->end = NULL;
  a->used = 0;
}

void jn_arena_rewind(jn_arena *a, const jn_mark *mark) {
  while (a->chunks != mark->chunk) {
    jn_chunk *next = a->chunks->next;
    a->used -= a->chunks->size;
    sf_alloc_free(a->mem, a->chunks, a->chunks->size);
    a->chunks = next;
  }
  a->at = mark->at;
  a->end = mark->end;
}

bool jn_arena_is_newer(const jn_arena *a, const jn_mark *mark,
                       const void *block) {
  uintptr_t at = (uintptr_t)block;
  const jn_chunk *c;
  if (at >= (uintptr_t)mark->at && at < (uintptr_t)mark->end)
    return true;
  for (c = a->chunks; c != mark->chunk; c = c->next)
    if (at >= (uintptr_t)c && at < (uintptr_t)c + c->size)
      return true;
  return false;
}

void *jn_arena_grow(jn_arena *a, size_t size) {
  size_t head = (sizeof(jn_chunk) + 7) & ~(size_t)7;
  size_t want = a->used < CHUNK_MIN ? CHUNK_MIN : a->used;
  jn_chunk *chunk;
  if (want > CHUNK_MAX)
    want = CHUNK_MAX;
  if (size > SIZE_MAX - head)
    return NULL;
  if (want < size + head)
    want = size + head;
  if (want > a->used_max - a->used)
    want = size + head;
  if (want > a->used_max - a->used) {
    a->over = true;
    return NULL;
  }
  chunk = sf_alloc_new(a->mem, want);
  if (chunk == NULL)
    return NULL;
  chunk->next = a->chunks;
  chunk->size = want;
  a->chunks = chunk;
  a->used += want;
  if (want - head - size >= (size_t)(a->end - a->at)) {
    a->at = (char *)chunk + head + size;
    a->end = (char *)chunk + want;
  }
  return (char *)chunk + head;
}

void *jn_arena_zero(jn_arena *a, size_t size) {
  void *block = jn_arena_new(a, size);
  if (block != NULL)
    memset(block, 0, size);
  return block;
}
