/*
** history.h - the events of an execution, as AWS has them.  An event is kept
** as a small record that shares its payloads with the execution; its JSON shape
** is made when somebody reads it.
*/
#ifndef SF_RUN_HISTORY_H
#define SF_RUN_HISTORY_H

#include "asl/machine.h"

/* ORDER HISTORY: history_rows in history.c.  Entered and Exited stand in the
** order of sf_state_type, so that type + state type finds the event. */
typedef enum history_type {
  H_EXECUTION_STARTED,
  H_EXECUTION_SUCCEEDED,
  H_EXECUTION_FAILED,
  H_EXECUTION_TIMED_OUT,
  H_EXECUTION_ABORTED,
  H_STATE_ENTERED, /* TaskStateEntered .. MapStateEntered */
  H_STATE_EXITED = H_STATE_ENTERED + 8,
  H_TASK_STATE_ABORTED = H_STATE_EXITED + 8,
  H_WAIT_STATE_ABORTED,
  H_PARALLEL_STARTED,
  H_PARALLEL_SUCCEEDED,
  H_PARALLEL_FAILED,
  H_PARALLEL_ABORTED,
  H_MAP_STARTED,
  H_MAP_SUCCEEDED,
  H_MAP_FAILED,
  H_MAP_ABORTED,
  H_MAP_RUN_STARTED,
  H_MAP_RUN_SUCCEEDED,
  H_MAP_RUN_FAILED,
  H_MAP_RUN_ABORTED,
  H_ITERATION_STARTED,
  H_ITERATION_SUCCEEDED,
  H_ITERATION_FAILED,
  H_ITERATION_ABORTED,
  H_LAMBDA_SCHEDULED, /* the families stand in the order of 'stage' below */
  H_LAMBDA_SCHEDULE_FAILED,
  H_LAMBDA_STARTED,
  H_LAMBDA_START_FAILED,
  H_LAMBDA_SUCCEEDED,
  H_LAMBDA_FAILED,
  H_LAMBDA_TIMED_OUT,
  H_TASK_SCHEDULED,
  H_TASK_STARTED,
  H_TASK_START_FAILED,
  H_TASK_SUBMITTED,
  H_TASK_SUBMIT_FAILED,
  H_TASK_SUCCEEDED,
  H_TASK_FAILED,
  H_TASK_TIMED_OUT,
  H_ACTIVITY_SCHEDULED,
  H_ACTIVITY_SCHEDULE_FAILED,
  H_ACTIVITY_STARTED,
  H_ACTIVITY_SUCCEEDED,
  H_ACTIVITY_FAILED,
  H_ACTIVITY_TIMED_OUT,
  H_EVALUATION_FAILED,
  H_EXECUTION_REDRIVEN,
  H_COUNT
} history_type;

typedef struct history_record {
  sf_time time;
  uint32_t id, previous;
  uint32_t state; /* index of the state concerned, or SF_NONE */
  uint32_t visit; /* id of the Entered event of that state's visit */
  uint16_t type;
  uint16_t way; /* Exited: 1 + the rule or catcher that led on, 0 for neither */
  sf_value data; /* see the layouts in history.c */
  sf_value more;
} history_record;

typedef struct history {
  history_record *items;
  size_t count, capacity;
} history;

void sf_history_clear(history *h, const sf_alloc *mem);

#endif
