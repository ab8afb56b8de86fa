/*
** l_pool.c - free lists over chunks (l_pool.h).
*/
#include "binding/l_pool.h"

#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_POOLED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_POOLED 0
#endif
#endif
#if !defined(IS_POOLED)
#define IS_POOLED 1
#endif

void l_pool_init(l_pool *pool, lua_Alloc fn, void *ud) {
  memset(pool, 0, sizeof *pool);
  pool->fn = fn;
  pool->ud = ud;
}

static int is_small(size_t size) {
  return IS_POOLED && size <= L_POOL_BLOCK;
}

static size_t class_of(size_t size) {
  return (size - 1) / L_POOL_GRAIN;
}

/* Blocks and chunks are linked through their first word. */
static void *link_of(const void *block) {
  void *next;

  memcpy(&next, block, sizeof next);
  return next;
}

static void set_link(void *block, void *next) {
  memcpy(block, &next, sizeof next);
}

static int add_chunk(l_pool *pool) {
  char *chunk = pool->fn(pool->ud, NULL, 0, L_POOL_CHUNK);

  if (chunk == NULL)
    return 0;
  set_link(chunk, pool->chunks);
  pool->chunks = chunk;
  pool->next = chunk + L_POOL_GRAIN;
  pool->end = chunk + L_POOL_CHUNK;
  return 1;
}

static void *take(l_pool *pool, size_t size) {
  size_t class = class_of(size), bytes = (class + 1) * L_POOL_GRAIN;
  void *block = pool->free[class];

  if (block != NULL) {
    pool->free[class] = link_of(block);
  } else {
    if ((size_t)(pool->end - pool->next) < bytes && !add_chunk(pool))
      return NULL;
    block = pool->next;
    pool->next += bytes;
  }
  pool->in_use++;
  return block;
}

static void free_chunks(l_pool *pool) {
  while (pool->chunks != NULL) {
    void *chunk = pool->chunks;
    pool->chunks = link_of(chunk);
    pool->fn(pool->ud, chunk, L_POOL_CHUNK, 0);
  }
  memset(pool->free, 0, sizeof pool->free);
  pool->next = pool->end = NULL;
}

static void give(l_pool *pool, void *block, size_t size) {
  size_t class = class_of(size);

  set_link(block, pool->free[class]);
  pool->free[class] = block;
  if (--pool->in_use == 0 && pool->is_closing)
    free_chunks(pool);
}

/* A new size of another kind or class. */
static void *move(l_pool *pool, void *ptr, size_t osize, size_t nsize) {
  void *block = l_pool_alloc(pool, NULL, 0, nsize);

  if (block != NULL) {
    memcpy(block, ptr, osize < nsize ? osize : nsize);
    l_pool_alloc(pool, ptr, osize, 0);
  }
  return block;
}

void *l_pool_alloc(l_pool *pool, void *ptr, size_t osize, size_t nsize) {
  if (ptr == NULL)
    return is_small(nsize) ? take(pool, nsize)
                           : pool->fn(pool->ud, NULL, 0, nsize);
  if (!is_small(osize) && (nsize == 0 || !is_small(nsize)))
    return pool->fn(pool->ud, ptr, osize, nsize);
  if (nsize == 0) {
    give(pool, ptr, osize);
    return NULL;
  }
  if (is_small(osize) && is_small(nsize) && class_of(osize) == class_of(nsize))
    return ptr;
  return move(pool, ptr, osize, nsize);
}

void l_pool_close(l_pool *pool) {
  pool->is_closing = 1;
  if (pool->in_use == 0)
    free_chunks(pool);
}
