/*
** budget.h - how much work an evaluation may do.  Every evaluator draws steps
** from the budget that its caller hands in, so that no path, template or
** expression can hang a host.
*/
#ifndef SF_QUERY_BUDGET_H
#define SF_QUERY_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sf_budget {
  uint64_t steps; /* left; one is about one node visited or one value made */
} sf_budget;

/* Take 'n' steps; false (and nothing left) when there are fewer. */
static inline bool sf_budget_take(sf_budget *b, uint64_t n) {
  if (b->steps < n) {
    b->steps = 0;
    return false;
  }
  b->steps -= n;
  return true;
}

#endif
