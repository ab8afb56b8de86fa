/*
** alloc.h - the single gate for memory.  Every byte that the core uses comes
** from one sf_alloc, which the host passes in.  The function has the shape of
** lua_Alloc: one function allocates, resizes and frees, and is told sizes.
**
** Not through this gate: cJSON's short-lived trees (its hooks are
** process-wide, so they are left alone).  PCRE2 uses it by a general context.
*/
#ifndef SF_BASE_ALLOC_H
#define SF_BASE_ALLOC_H

#include <stddef.h>
#include <stdint.h>

typedef struct sf_alloc {
  /* nsize == 0 frees 'ptr' and returns NULL; otherwise returns a block of
  ** 'nsize' bytes with the first min(osize, nsize) bytes of 'ptr', or NULL
  ** when there is no memory ('ptr' stays valid). */
  void *(*fn)(void *ud, void *ptr, size_t osize, size_t nsize);
  void *ud;
  uint64_t hash_seed; /* for hash tables: unknown to whoever sends documents */
} sf_alloc;

/* A new block of 'size' (> 0) bytes, or NULL.  The caller owns it. */
void *sf_alloc_new(const sf_alloc *mem, size_t size);

/* The same, filled with zero bytes. */
void *sf_alloc_zero(const sf_alloc *mem, size_t size);

/* A block for 'count' elements of 'size' bytes; NULL also when the product
** does not fit.  'count' may be 0: then the block holds one element. */
void *sf_alloc_array(const sf_alloc *mem, size_t count, size_t size);

/* Grow or shrink.  On failure NULL comes back and 'ptr' is still valid. */
void *sf_alloc_resize(const sf_alloc *mem, void *ptr, size_t osize,
                      size_t nsize);

/* Give 'ptr' back; 'size' is the one it was allocated with.  NULL is fine. */
void sf_alloc_free(const sf_alloc *mem, void *ptr, size_t size);

/* Grow the array '*items' of '*capacity' elements of 'size' bytes so that it
** holds at least 'need'.  Returns 0 when there is no memory; nothing has
** changed then. */
int sf_alloc_grow(const sf_alloc *mem, void **items, size_t *capacity,
                  size_t need, size_t size);

#endif
