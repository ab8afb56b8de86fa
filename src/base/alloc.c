/*
** alloc.c - the gate for memory: see alloc.h.
*/
#include "base/alloc.h"

#include <assert.h>
#include <string.h>

#define CAPACITY_MIN 8

void *sf_alloc_new(const sf_alloc *mem, size_t size) {
  assert(size > 0);
  return mem->fn(mem->ud, NULL, 0, size);
}

void *sf_alloc_zero(const sf_alloc *mem, size_t size) {
  void *ptr = sf_alloc_new(mem, size);
  if (ptr != NULL)
    memset(ptr, 0, size);
  return ptr;
}

void *sf_alloc_array(const sf_alloc *mem, size_t count, size_t size) {
  if (count == 0)
    count = 1;
  if (count > SIZE_MAX / size)
    return NULL;
  return sf_alloc_new(mem, count * size);
}

void *sf_alloc_resize(const sf_alloc *mem, void *ptr, size_t osize,
                      size_t nsize) {
  assert(nsize > 0);
  return mem->fn(mem->ud, ptr, ptr == NULL ? 0 : osize, nsize);
}

void sf_alloc_free(const sf_alloc *mem, void *ptr, size_t size) {
  if (ptr != NULL)
    mem->fn(mem->ud, ptr, size, 0);
}

int sf_alloc_grow(const sf_alloc *mem, void **items, size_t *capacity,
                  size_t need, size_t size) {
  size_t target = *capacity < CAPACITY_MIN ? CAPACITY_MIN : *capacity;
  void *grown;
  if (need <= *capacity)
    return 1;
  if (need > SIZE_MAX / 2 / size)
    return 0;
  while (target < need)
    target *= 2;
  grown = sf_alloc_resize(mem, *items, *capacity * size, target * size);
  if (grown == NULL)
    return 0;
  *items = grown;
  *capacity = target;
  return 1;
}
