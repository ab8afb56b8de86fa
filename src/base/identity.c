/*
** identity.c - open addressing on addresses, at most half full.
*/
#include "base/identity.h"

#define SIZE_MIN 16

typedef struct sf_identity {
  const void *block; /* NULL: a free slot */
  uint32_t number;
} sf_identity;

void sf_identities_init(sf_identities *ids, const sf_alloc *mem) {
  ids->mem = mem;
  ids->slots = NULL;
  ids->size = 0;
  ids->count = 0;
}

void sf_identities_clear(sf_identities *ids) {
  sf_alloc_free(ids->mem, ids->slots, ids->size * sizeof *ids->slots);
  sf_identities_init(ids, ids->mem);
}

/* Blocks are aligned: the low bits say nothing.  (Fibonacci hashing.) */
static size_t place(const void *block, size_t size) {
  uint64_t bits = (uint64_t)(uintptr_t)block >> 4;

  return (size_t)(bits * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (size - 1);
}

/* Its slot, or the free one where it would go. */
static sf_identity *slot_of(const sf_identities *ids, const void *block) {
  size_t at = place(block, ids->size);

  while (ids->slots[at].block != NULL && ids->slots[at].block != block)
    at = (at + 1) & (ids->size - 1);
  return &ids->slots[at];
}

static bool grow(sf_identities *ids) {
  sf_identities larger = *ids;
  size_t i;

  larger.size = ids->size == 0 ? SIZE_MIN : ids->size * 2;
  if (larger.size > SIZE_MAX / 2 / sizeof *ids->slots)
    return false;
  larger.slots = sf_alloc_zero(ids->mem, larger.size * sizeof *ids->slots);
  if (larger.slots == NULL)
    return false;
  for (i = 0; i < ids->size; i++) {
    if (ids->slots[i].block != NULL)
      *slot_of(&larger, ids->slots[i].block) = ids->slots[i];
  }
  sf_alloc_free(ids->mem, ids->slots, ids->size * sizeof *ids->slots);
  *ids = larger;
  return true;
}

uint32_t sf_identities_put(sf_identities *ids, const void *block,
                           uint32_t number) {
  sf_identity *slot;

  if (ids->count >= ids->size / 2 && !grow(ids))
    return SF_UNKNOWN;
  slot = slot_of(ids, block);
  if (slot->block == NULL) {
    slot->block = block;
    slot->number = number;
    ids->count++;
  }
  return slot->number;
}

uint32_t sf_identities_find(const sf_identities *ids, const void *block) {
  const sf_identity *slot;

  if (ids->size == 0)
    return SF_UNKNOWN;
  slot = slot_of(ids, block);
  return slot->block == NULL ? SF_UNKNOWN : slot->number;
}
