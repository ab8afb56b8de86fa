/*
** random.h - randomness without a source of randomness.
**
** Keyed: a counter-based generator.  A number is a pure function of the
** execution's seed and of where it is drawn (entered event id, attempt,
** ordinal of the draw), so that branches do not disturb one another and a
** replay draws the same.
**
** Java: java.util.Random, which is what AWS's seeded functions are.
*/
#ifndef SF_BASE_RANDOM_H
#define SF_BASE_RANDOM_H

#include <stdint.h>

/* Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
** 2011) with the key 'seed' and the counter (event, attempt, draw). */
uint64_t sf_random_keyed(uint64_t seed, uint64_t event, uint32_t attempt,
                         uint32_t draw);

/* 53 random bits as a double in [0, 1). */
double sf_random_unit(uint64_t bits);

/* A version 4 UUID (RFC 9562) of 128 random bits: 36 characters and '\0'. */
void sf_random_uuid(uint64_t high, uint64_t low, char out[37]);

typedef struct sf_java_random {
  uint64_t state;
} sf_java_random;

void sf_java_random_init(sf_java_random *r, int64_t seed);
int32_t sf_java_random_int(sf_java_random *r, int32_t bound); /* bound > 0 */
double sf_java_random_double(sf_java_random *r);

#endif
