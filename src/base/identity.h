/*
** identity.h - numbers for addresses: for whoever writes what is shared only
** once.
*/
#ifndef SF_BASE_IDENTITY_H
#define SF_BASE_IDENTITY_H

#include <stdbool.h>

#include "base/alloc.h"

#define SF_UNKNOWN UINT32_MAX /* no such block; or no memory for it */

typedef struct sf_identities {
  const sf_alloc *mem;
  struct sf_identity *slots; /* owned; NULL while empty */
  size_t size;               /* a power of two */
  uint32_t count;
} sf_identities;

void sf_identities_init(sf_identities *ids, const sf_alloc *mem);
void sf_identities_clear(sf_identities *ids);

/* The number that 'block' (not NULL) has; a new one gets 'number' (below
** SF_UNKNOWN).  SF_UNKNOWN: no memory. */
uint32_t sf_identities_put(sf_identities *ids, const void *block,
                           uint32_t number);

/* The number that it has, or SF_UNKNOWN. */
uint32_t sf_identities_find(const sf_identities *ids, const void *block);

#endif
