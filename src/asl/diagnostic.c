/*
** diagnostic.c - the list of diagnostics.
*/
#include "asl/diagnostic.h"

#include <string.h>

void sf_diagnostics_init(sf_diagnostics *d, const sf_alloc *mem) {
  memset(d, 0, sizeof *d);
  d->mem = mem;
}

void sf_diagnostics_clear(sf_diagnostics *d) {
  size_t i;
  for (i = 0; i < d->count; i++) {
    sf_release(d->items[i].message);
    sf_release(d->items[i].location);
    sf_release(d->items[i].pointer);
    sf_release(d->items[i].hint);
  }
  sf_alloc_free(d->mem, d->items, d->capacity * sizeof *d->items);
  sf_diagnostics_init(d, d->mem);
}

sf_status sf_diagnostics_add(sf_diagnostics *d, sf_diagnostic item) {
  bool complete =
    item.message.kind != SF_ABSENT && item.pointer.kind != SF_ABSENT;
  void *items = d->items;
  if (!complete || !sf_alloc_grow(d->mem, &items, &d->capacity, d->count + 1,
                                  sizeof *d->items)) {
    sf_release(item.message);
    sf_release(item.location);
    sf_release(item.pointer);
    sf_release(item.hint);
    return SF_ERR_NOMEM;
  }
  d->items = items;
  d->items[d->count++] = item;
  if (item.severity == SF_SEVERITY_ERROR)
    d->errors++;
  return SF_OK;
}

static bool stands_before(const sf_diagnostic *a, const sf_diagnostic *b) {
  if (a->phase != b->phase)
    return a->phase < b->phase;
  return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* By insertion: the list is short and nearly in order. */
void sf_diagnostics_sort(sf_diagnostics *d) {
  size_t i, j;
  for (i = 1; i < d->count; i++) {
    sf_diagnostic item = d->items[i];
    for (j = i; j > 0 && stands_before(&item, &d->items[j - 1]); j--)
      d->items[j] = d->items[j - 1];
    d->items[j] = item;
  }
}
