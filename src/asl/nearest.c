/*
** nearest.c - edit distance, row by row, given up when it grows too large.
*/
#include "asl/nearest.h"

#include <string.h>

#define FAR 1000u

/* The last three rows of the table. */
typedef struct rows {
  unsigned char before[SF_NEAREST_BYTES_MAX + 1];
  unsigned char above[SF_NEAREST_BYTES_MAX + 1];
  unsigned char here[SF_NEAREST_BYTES_MAX + 1];
} rows;

static int folded(char c) {
  return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool swapped(const char *a, const char *b, size_t i, size_t j) {
  return i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
         folded(a[i - 2]) == folded(b[j - 1]);
}

static unsigned least(unsigned a, unsigned b) {
  return a < b ? a : b;
}

/* Fills r->here, row 'i'; returns its smallest number. */
static unsigned fill_row(rows *r, const char *a, size_t i, const char *b,
                         size_t blen) {
  unsigned smallest = (unsigned)i;
  size_t j;
  r->here[0] = (unsigned char)i;
  for (j = 1; j <= blen; j++) {
    unsigned d = r->above[j - 1] + (folded(a[i - 1]) != folded(b[j - 1]));
    d = least(d, least(r->above[j], r->here[j - 1]) + 1u);
    if (swapped(a, b, i, j))
      d = least(d, r->before[j - 2] + 1u);
    r->here[j] = (unsigned char)d;
    smallest = least(smallest, d);
  }
  return smallest;
}

static unsigned distance(const char *a, size_t alen, const char *b, size_t blen,
                         unsigned limit) {
  rows r;
  size_t i;
  for (i = 0; i <= blen; i++)
    r.above[i] = (unsigned char)i;
  for (i = 1; i <= alen; i++) {
    if (fill_row(&r, a, i, b, blen) > limit + 1)
      return FAR;
    memcpy(r.before, r.above, blen + 1);
    memcpy(r.above, r.here, blen + 1);
  }
  return r.above[blen];
}

void sf_nearest_init(sf_nearest *n, const char *wanted, size_t length) {
  memset(n, 0, sizeof *n);
  n->wanted = wanted;
  n->wanted_length = length;
  n->distance = FAR;
}

void sf_nearest_try(sf_nearest *n, const char *name, size_t length) {
  size_t wanted = n->wanted_length;
  size_t longer = length > wanted ? length : wanted;
  unsigned limit = (unsigned)(longer / 3), d;
  if (longer > SF_NEAREST_BYTES_MAX || n->tried == SF_NEAREST_NAMES_MAX ||
      longer - (length < wanted ? length : wanted) > limit)
    return;
  n->tried++;
  d = distance(n->wanted, wanted, name, length, limit);
  if (d > limit || d >= n->distance)
    return;
  n->name = name;
  n->length = length;
  n->distance = d;
}
