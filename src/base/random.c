/*
** random.c - Philox4x32-10 and java.util.Random: see random.h.
*/
#include "base/random.h"

#include <stdio.h>

/* --- keyed --- */

#define ROUNDS 10

static void philox_round(uint32_t c[4], const uint32_t key[2]) {
  uint64_t a = UINT64_C(0xD2511F53) * c[0];
  uint64_t b = UINT64_C(0xCD9E8D57) * c[2];
  uint32_t c1 = c[1], c3 = c[3];
  c[0] = (uint32_t)(b >> 32) ^ c1 ^ key[0];
  c[1] = (uint32_t)b;
  c[2] = (uint32_t)(a >> 32) ^ c3 ^ key[1];
  c[3] = (uint32_t)a;
}

uint64_t sf_random_keyed(uint64_t seed, uint64_t event, uint32_t attempt,
                         uint32_t draw) {
  uint32_t key[2], c[4];
  int i;
  key[0] = (uint32_t)seed;
  key[1] = (uint32_t)(seed >> 32);
  c[0] = (uint32_t)event;
  c[1] = (uint32_t)(event >> 32);
  c[2] = attempt;
  c[3] = draw;
  for (i = 0; i < ROUNDS; i++) {
    philox_round(c, key);
    key[0] += UINT32_C(0x9E3779B9);
    key[1] += UINT32_C(0xBB67AE85);
  }
  return (uint64_t)c[1] << 32 | c[0];
}

double sf_random_unit(uint64_t bits) {
  return (double)(bits >> 11) / 9007199254740992.0; /* 2^53 */
}

void sf_random_uuid(uint64_t high, uint64_t low, char out[37]) {
  high = (high & ~UINT64_C(0xF000)) | UINT64_C(0x4000); /* version 4 */
  low = (low >> 2) | UINT64_C(0x8000000000000000);      /* variant 10 */
  snprintf(out, 37, "%08lx-%04lx-%04lx-%04lx-%012llx",
           (unsigned long)(high >> 32), (unsigned long)(high >> 16 & 0xFFFF),
           (unsigned long)(high & 0xFFFF), (unsigned long)(low >> 48),
           (unsigned long long)(low & UINT64_C(0xFFFFFFFFFFFF)));
}

/* --- Java's --- */

#define JAVA_MULTIPLIER UINT64_C(0x5DEECE66D)
#define JAVA_MASK       ((UINT64_C(1) << 48) - 1)

void sf_java_random_init(sf_java_random *r, int64_t seed) {
  r->state = ((uint64_t)seed ^ JAVA_MULTIPLIER) & JAVA_MASK;
}

/* The upper 'bits' (at most 31) of the next state. */
static int32_t java_next(sf_java_random *r, int bits) {
  r->state = (r->state * JAVA_MULTIPLIER + 0xB) & JAVA_MASK;
  return (int32_t)(r->state >> (48 - bits));
}

int32_t sf_java_random_int(sf_java_random *r, int32_t bound) {
  int64_t bits, value;
  if ((bound & (bound - 1)) == 0) /* a power of two takes the high bits */
    return (int32_t)(((int64_t)bound * java_next(r, 31)) >> 31);
  do {
    bits = java_next(r, 31);
    value = bits % bound;
  } while (bits - value + (bound - 1) > INT32_MAX); /* the last, partial run */
  return (int32_t)value;
}

double sf_java_random_double(sf_java_random *r) {
  int64_t high = java_next(r, 26);
  int64_t low = java_next(r, 27);
  return (double)((high << 27) + low) / 9007199254740992.0;
}
