/*
** budget.h - how much work an evaluation may do.  Every evaluator draws steps
** from the budget that its caller hands in, so that no path, template or
** expression can hang a host.  A caller may give the steps bit by bit, and rest
** in between.
*/
#ifndef SF_QUERY_BUDGET_H
#define SF_QUERY_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sf_budget {
  uint64_t steps; /* left; one is about one node visited or one value made */
  uint64_t later; /* left beyond those, to be had from 'refill' */
  /* Move some of 'later' to 'steps', so that there are at least n (there are so
  ** many in all).  false: not now, and the evaluation is to end; its outcome
  ** means nothing.  May be NULL when 'later' is 0. */
  bool (*refill)(struct sf_budget *b, uint64_t n);
  void *host; /* for 'refill' */
} sf_budget;

/* All steps at once. */
static inline sf_budget sf_budget_of(uint64_t steps) {
  sf_budget b = {0, 0, NULL, NULL};
  b.steps = steps;
  return b;
}

/* The slow half of sf_budget_take: there are fewer than n at hand. */
bool sf_budget_more(sf_budget *b, uint64_t n);

/* Take 'n' steps; false (and nothing left) when there are fewer. */
static inline bool sf_budget_take(sf_budget *b, uint64_t n) {
  if (b->steps < n)
    return sf_budget_more(b, n);
  b->steps -= n;
  return true;
}

/* Let the time of 'n' steps pass, which do not count against the limit: for what is
** quick to do once but not a thousand times, such as walking over a long text. */
static inline bool sf_budget_spend(sf_budget *b, uint64_t n) {
  if (b->refill == NULL)
    return true;
  b->later += n;
  return sf_budget_take(b, n);
}

#endif
