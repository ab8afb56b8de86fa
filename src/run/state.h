/*
** state.h - what the files of a state's visit share.  Private to src/run.
*/
#ifndef SF_RUN_STATE_H
#define SF_RUN_STATE_H

#include "run/internal.h"

/* --- state_leave.c --- */

/* The stages behind the state's own act.  false: *fail; else *output and
** *assigned (SF_ABSENT: nothing) are owned by the caller. */
bool sf_state_road(sight *s, const sf_state *st, sf_value result,
                   sf_value *output, sf_value *assigned, failure *fail);

/* The step of FRAME_RESULT. */
void sf_result_step(sf_execution *x, frame *f);

/* Where a Choice, Wait or Succeed goes on, and what it says on the way. */
typedef struct departure {
  uint32_t next;
  uint32_t rule; /* 1 + the index of a Choice's; 0 for none */
  const sf_template *assign;
  const sf_template *output; /* JSONata */
} departure;

/* The way that the state itself describes. */
departure sf_state_way(const sf_state *st);

/* Choice, Wait and Succeed end so: their output is their effective input.
** Consumes 'input'. */
void sf_state_leave_with(sight *s, frame *f, sf_value input, departure way);

/* --- the acts of state_NAME.c --- */

void sf_choice_act(sight *s, frame *f, const sf_state *st);
void sf_wait_act(sight *s, frame *f, const sf_state *st);
/* The step of FRAME_LEAVE. */
void sf_wait_step(sf_execution *x, frame *f);
void sf_fail_act(sight *s, frame *f, const sf_state *st);

#endif
