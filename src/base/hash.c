/*
** hash.c - SipHash-1-3: see hash.h.  One round a word, three at the end.
*/
#include "base/hash.h"

#include <string.h>

typedef struct state {
  uint64_t a, b, c, d;
} state;

static inline uint64_t rotate(uint64_t x, int bits) {
  return (x << bits) | (x >> (64 - bits));
}

static inline void mix(state *s) {
  s->a += s->b;
  s->c += s->d;
  s->b = rotate(s->b, 13) ^ s->a;
  s->d = rotate(s->d, 16) ^ s->c;
  s->a = rotate(s->a, 32) + s->d;
  s->c += s->b;
  s->d = rotate(s->d, 21) ^ s->a;
  s->b = rotate(s->b, 17) ^ s->c;
  s->c = rotate(s->c, 32);
}

static inline void absorb(state *s, uint64_t word) {
  s->d ^= word;
  mix(s);
  s->a ^= word;
}

uint32_t sf_hash(uint64_t seed, const void *bytes, size_t len) {
  const unsigned char *at = bytes;
  uint64_t key = rotate(seed, 29) ^ UINT64_C(0x9e3779b97f4a7c15);
  uint64_t word, last = (uint64_t)len << 56;
  size_t left = len;
  uint32_t folded;
  state s;
  s.a = seed ^ UINT64_C(0x736f6d6570736575);
  s.b = key ^ UINT64_C(0x646f72616e646f6d);
  s.c = seed ^ UINT64_C(0x6c7967656e657261);
  s.d = key ^ UINT64_C(0x7465646279746573);
  for (; left >= 8; left -= 8, at += 8) {
    memcpy(&word, at, 8);
    absorb(&s, word);
  }
  for (; left > 0; left--)
    last |= (uint64_t)at[left - 1] << (8 * (left - 1));
  absorb(&s, last);
  s.c ^= 0xff;
  mix(&s);
  mix(&s);
  mix(&s);
  word = s.a ^ s.b ^ s.c ^ s.d;
  folded = (uint32_t)(word ^ (word >> 32));
  return folded != 0 ? folded : 1;
}
