/*
** finish.c - the end of an execution: what is open is cancelled, the last event
** written, what nobody needs any more given back.  The tree of an unsuccessful
** execution stays for a redrive.
*/
#include "run/internal.h"

#define EVENTS_TEXT                                                            \
  "The execution reached the maximum number of history events (%lu)."

/* ORDER EXECUTION_STATUS; RUNNING has none */
static const history_type last_events[] = {
  H_COUNT, H_EXECUTION_SUCCEEDED, H_EXECUTION_FAILED, H_EXECUTION_TIMED_OUT,
  H_EXECUTION_ABORTED};

static sf_reason reason_of(sf_execution_status status) {
  switch (status) {
    case SF_ABORTED: return SF_REASON_STOPPED;
    case SF_TIMED_OUT: return SF_REASON_EXECUTION_TIMEOUT;
    default: return SF_REASON_SIBLING;
  }
}

static void last_event(sf_execution *x, sf_execution_status status,
                       sf_value output, sf_value error, sf_value cause) {
  history_type type = last_events[status];
  uint32_t previous = status == SF_ABORTED ? 0 : x->root.last_id;

  if (status == SF_SUCCEEDED)
    sf_emit(x, type, previous, NULL, output, sf_absent());
  else
    sf_emit(x, type, previous, NULL, error, cause);
}

void sf_finish(sf_execution *x, sf_execution_status status, sf_value output,
               sf_value error, sf_value cause) {
  output = sf_retain(output); /* the frame that lends it may be cleared */
  error = sf_cut(x, sf_retain(error), SF_LIMIT_ERROR);
  cause = sf_cut(x, sf_retain(cause), SF_LIMIT_CAUSE);
  sf_abort_all(x, reason_of(status));
  sf_timer_disarm(x, &x->deadline);
  last_event(x, status, output, error, cause);
  x->status = status;
  x->output = output;
  x->error = error;
  x->cause = cause;
  x->stop_date = x->now;
  x->finished_pending = true;
  x->more_pending = false;
  x->wake_pending = false;
  if (status == SF_SUCCEEDED)
    sf_frame_clear(x, &x->root);
}

void sf_finish_overflow(sf_execution *x) {
  sf_value error = sf_string_from(x->mem, "States.Runtime");
  sf_value cause = sf_string_format(x->mem, EVENTS_TEXT,
                                    (unsigned long)x->facts.limits.events);

  if (error.kind == SF_ABSENT || cause.kind == SF_ABSENT)
    x->broken = true;
  x->root.last_id = x->last_event_id;
  x->overflow = false; /* the last place is kept for this event */
  sf_finish(x, SF_FAILED, sf_absent(), error, cause);
  sf_release(error);
  sf_release(cause);
}
