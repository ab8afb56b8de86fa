/*
** budget.c - what happens when the steps at hand are spent.
*/
#include "query/budget.h"

bool sf_budget_more(sf_budget *b, uint64_t n) {
  if (n - b->steps > b->later) {
    b->steps = b->later = 0;
    return false;
  }
  if (!b->refill(b, n)) {
    b->steps = 0;
    return false;
  }
  b->steps -= n;
  return true;
}
