/*
** harness.h - what every fuzz target has: a heap that counts what is alive and can
** fail at a given allocation, and checks that end the program.
*/
#ifndef SF_SPEC_FUZZ_HARNESS_H
#define SF_SPEC_FUZZ_HARNESS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct heap {
  size_t live;
  long left; /* allocations that succeed; negative: all do */
} heap;

static void check(int condition, const char *what) {
  if (condition)
    return;
  fprintf(stderr, "broken: %s\n", what);
  abort();
}

/* The function of an sf_alloc whose 'ud' is a heap. */
static void *allocate(void *ud, void *block, size_t osize, size_t nsize) {
  heap *h = ud;
  void *got = NULL;
  if (nsize == 0) {
    free(block);
    h->live -= block != NULL ? osize : 0;
    return NULL;
  }
  if (h->left == 0)
    return NULL;
  h->left -= h->left > 0;
  got = realloc(block, nsize);
  if (got != NULL)
    h->live += nsize - (block != NULL ? osize : 0);
  return got;
}

/* An input in two parts: a text, a line break, the rest ("null" without one). */
typedef struct parts {
  const char *text, *rest;
  size_t len, rest_len;
} parts;

static parts parts_of(const uint8_t *data, size_t size) {
  const char *line = memchr(data, '\n', size);
  parts p = {(const char *)data, "null", size, 4};
  if (line != NULL) {
    p.len = (size_t)(line - p.text);
    p.rest = line + 1;
    p.rest_len = size - p.len - 1;
  }
  return p;
}

#endif
