/*
** hash.h - the keyed hash of keys.  Whoever sends documents does not know the
** seed and so can't make keys that collide.
*/
#ifndef SF_BASE_HASH_H
#define SF_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-1-3 (Aumasson and Bernstein, 2012) under a key made of 'seed',
** folded to 32 bits.  Never 0. */
uint32_t sf_hash(uint64_t seed, const void *bytes, size_t len);

#endif
