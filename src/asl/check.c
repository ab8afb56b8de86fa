/*
** check.c - calls the checks for what is doubtful.
*/
#include "asl/check.h"

void sf_check_doubts(sf_loader *l) {
  static sf_check *const checks[] = {sf_check_able, sf_check_errors,
                                     sf_check_choice, sf_check_result};
  uint32_t i;
  size_t k;
  for (i = 0; i < l->machine->nstates && l->status == SF_OK; i++)
    for (k = 0; k < sizeof checks / sizeof checks[0]; k++)
      if (l->machine->states[i].waits.kind == SF_ABSENT)
        checks[k](l, &l->machine->states[i]);
  if (l->status == SF_OK)
    sf_check_loops(l);
  if (l->status == SF_OK)
    sf_check_paths(l);
  if (l->status == SF_OK)
    sf_check_names(l);
}
