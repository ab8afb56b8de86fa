/*
** internal.h - the inside of an execution, shared by the files of src/run and
** by nobody else.
**
** An execution is a tree of frames on the heap.  A frame walks the states of
** one scope: the machine itself, a branch, an iteration.  While its state is a
** Parallel or a Map, the frame has a group, which holds the frames below it.
** One FIFO queue of frames is all the scheduling there is.
**
** Memory: whoever runs out of it sets x->broken and goes on without harm;
** sf_execution_feed looks at it once, at the end.
**
** A field that outlives a feed has a row in snapshot_item.c.
*/
#ifndef SF_RUN_INTERNAL_H
#define SF_RUN_INTERNAL_H

#include <stdarg.h>

#include "base/fiber.h"
#include "run/execution.h"
#include "run/history.h"

/* --- timers --- */

typedef enum timer_kind {
  TIMER_WAIT,      /* a Wait state, a retry's delay */
  TIMER_TIMEOUT,   /* of a task attempt */
  TIMER_HEARTBEAT, /* of a task attempt */
  TIMER_EXECUTION  /* TimeoutSeconds of the machine, or the built-in maximum */
} timer_kind;

#define TIMER_OFF UINT32_MAX

typedef struct timer {
  sf_time due;
  uint64_t order;    /* of creation: decides between equal dues */
  uint32_t position; /* in the heap, TIMER_OFF when not armed */
  timer_kind kind;
  struct frame *frame; /* NULL: the execution's own */
} timer;

typedef struct timer_heap {
  timer **items; /* 'few' until there are more */
  timer *few[2];
  uint32_t count, capacity;
  uint64_t created;
} timer_heap;

/* --- frames --- */

typedef enum frame_phase {
  FRAME_ENTER,   /* queued: 'state' is to be entered */
  FRAME_ACT,     /* queued: entered before, does its work (again) */
  FRAME_STARTED, /* queued: the task's ...Started event is next */
  FRAME_TASK,    /* waits for the end of a task attempt */
  FRAME_WAIT,    /* waits for TIMER_WAIT: a Wait state */
  FRAME_RETRY,   /* waits for TIMER_WAIT: the delay before another attempt */
  FRAME_GROUP,   /* waits for its group */
  FRAME_LAUNCH,  /* queued: its Map Run can begin another child */
  FRAME_ITERATE, /* queued ahead: its Map begins the next iteration */
  FRAME_RESULT,  /* queued ahead: its work has the result 'effective' */
  FRAME_CAUGHT,  /* queued ahead: 'catcher' takes the error 'effective' */
  FRAME_LEAVE,   /* queued ahead: its Wait is over */
  FRAME_STOPPED  /* failed or aborted: kept for a redrive */
} frame_phase;

typedef struct frame {
  struct frame *parent;          /* whose group this frame is in, or NULL */
  struct frame *previous, *next; /* in that group, in order of index */
  struct frame *queue_previous, *queue_next;
  struct group *group; /* of the Parallel or Map it is in, or NULL */
  uint32_t scope, state;
  uint32_t index;            /* branch or iteration */
  uint32_t entered_id;       /* event that entered the state; 0 in a frame that
                                was stopped before it */
  uint32_t entered_previous; /* what that event points at */
  uint32_t last_id; /* event that the next one of this frame points at */
  sf_time entered_at;
  uint8_t phase; /* frame_phase */
  bool queued;
  bool ahead;         /* queued, before all that only wait for their turn */
  sf_value input;     /* the state's raw input */
  sf_value effective; /* Task: what the attempt was sent; Map: what $ is in its
                         ItemSelector; see also frame_phase */
  sf_value variables; /* of this scope: an object, or SF_ABSENT */
  uint32_t *retries;  /* one counter a retrier of the state, or NULL */
  uint32_t nretries;
  uint32_t retry_count; /* all of them together */
  uint32_t catcher;     /* FRAME_CAUGHT: its index */

  /* the open attempt of a Task */
  uint32_t attempt;
  uint32_t scheduled_id;
  uint8_t attempt_status; /* sf_attempt_status */
  bool scheduled;         /* its ...Scheduled event exists */
  bool told;              /* its `task` effect has been drained */
  double heartbeat_seconds;
  sf_value credentials;
  timer wait;      /* TIMER_WAIT or TIMER_TIMEOUT */
  timer heartbeat; /* TIMER_HEARTBEAT */
} frame;

/* A running Parallel or Map. */
typedef struct group {
  frame *first, *last; /* its frames, in order of index */
  uint32_t total;      /* branches or items */
  uint32_t begun;      /* frames made so far */
  uint32_t done;       /* finished with success */
  uint32_t running;
  uint32_t concurrency; /* at most so many at once */
  uint32_t started_id;  /* the ...Started event */
  uint32_t previous_id; /* Map: what the next iteration's event points at */
  sf_value items;       /* Map: the array */
  sf_value results;     /* array; null where none is yet */
  sf_value context;     /* '$$' as the last ItemSelector saw it: the next one
                           changes the item in it */
  struct map_run *run;  /* of a distributed Map, or NULL */
} group;

/* --- outbox --- */

typedef struct outbox_item {
  uint32_t id;  /* of the attempt, the child, the Map Run */
  uint8_t type; /* sf_effect_type */
  uint8_t reason;
  bool submitted;
} outbox_item;

/* An open attempt; the array of them is in order of ids. */
typedef struct attempt_slot {
  uint32_t id;
  frame *frame; /* NULL: over */
} attempt_slot;

struct sf_execution {
  const sf_alloc *mem;
  sf_machine *machine;
  sf_facts facts;            /* its values are retained */
  sf_special_facts *special; /* owned copy, or NULL */
  sf_value input;

  sf_machine_type type;      /* of the machine, or of a Map's children */
  struct map_runs *map_runs; /* NULL: never had any */

  sf_execution_status status;
  sf_value output, error, cause;
  sf_time now, stop_date;
  uint32_t failed_state; /* index, or SF_NONE */
  bool broken;           /* memory ran out */
  bool overflow;         /* the history is full */
  bool started;          /* ExecutionStarted is written */
  bool finished_pending, more_pending, wake_pending; /* effects */
  sf_time wake_told; /* what the last `wake` said; ~ of it: implicitly */

  frame root;
  frame *queue_first, *queue_last;
  frame *spare; /* frames to be used again, by 'next' */
  timer_heap timers;
  timer deadline;

  outbox_item *outbox;
  size_t outbox_first, outbox_count, outbox_capacity;
  attempt_slot *attempts;
  size_t attempts_count, attempts_capacity;
  uint32_t last_attempt;

  uint32_t last_event_id;
  history events;

  struct context_parts *parts; /* of '$$'; NULL while nothing has asked */
  uint64_t slice_left;
  sf_time step_now; /* the time that the step under way sees */
  sf_time
    put_off_at;     /* the same, when the first in the queue is in the midst of
                         a step that is too much for one slice; else
                         SF_TIME_NEVER */
  frame *stepping;  /* whose step is being run, or NULL */
  sf_fiber *fiber;  /* on which the step that was put off waits, or NULL */
  bool putting_off; /* the step at hand ends without an outcome */
  uint64_t variables_bytes;
  uint64_t payload_largest; /* of the usage */
  uint64_t variables_largest, assign_largest;
  uint32_t payload_state, assign_state;
  uint32_t redrive_count;
  sf_time redrive_time; /* the last one, when there was one */
};

/* --- how an execution or a state fails --- */

typedef enum reach {
  REACH_ALL,  /* any matcher that fits */
  REACH_NAME, /* only a matcher that names the error */
  REACH_NONE  /* nothing catches it */
} reach;

typedef struct failure {
  sf_value error, cause; /* texts or SF_ABSENT; owned */
  reach reach;
  bool heartbeat;  /* also answers to States.HeartbeatTimeout */
  bool evaluation; /* an EvaluationFailed event tells of it */
} failure;

/* execution.c: without input, facts, timers; everything else at its beginning.
** NULL: no memory. */
sf_execution *sf_execution_blank(const sf_alloc *mem, sf_machine *machine);
/* identity.c: make name and ARN, if they were left to the seed. */
void sf_identify(sf_execution *x);
/* SF_ERR_STATE when memory has run out in it. */
sf_status sf_execution_check(const sf_execution *x, sf_error *err);

/* queue.c, timer.c, outbox.c */
void sf_queue_push(sf_execution *x, frame *f);
/* Ahead of those that only wait for their turn: what a step leads to comes first
** of all, what an event leads to behind the others that go ahead. */
void sf_queue_push_ahead(sf_execution *x, frame *f);
frame *sf_queue_pop(sf_execution *x);
/* A step of 'f' that was put off is given up. */
void sf_queue_remove(sf_execution *x, frame *f);

/* step.c: steps of frames, sliced */
#define SF_TRANSITION_COST                                                     \
  16u /* of a step of a frame, in steps of expressions */
/* One step of a frame that was taken from the queue.  Where it evaluates more
** than a slice allows, it is put off: 'f' is first in the queue again and the
** next call goes on with it. */
void sf_step(sf_execution *x, frame *f);
/* Forget the step that was put off, if there is one. */
void sf_step_give_up(sf_execution *x);
/* So much of the slice is spent. */
void sf_step_charge(sf_execution *x, uint64_t work);

void sf_timer_init(timer *t, timer_kind kind, frame *f);
void sf_timer_arm(sf_execution *x, timer *t, timer_kind kind, sf_time due);
/* Arm it again as it was before: with its own kind, due and order. */
void sf_timer_restore(sf_execution *x, timer *t);
void sf_timer_disarm(sf_execution *x, timer *t);
timer *sf_timer_due(sf_execution *x, sf_time now);
void sf_timers_clear(sf_execution *x);

frame *sf_attempt_find(const sf_execution *x, uint32_t id);
void sf_attempt_open(sf_execution *x, frame *f);
/* Put 'f' in the free slot of its attempt's id; false: there is none. */
bool sf_attempt_restore(sf_execution *x, frame *f);
void sf_attempt_close(sf_execution *x, frame *f);
void sf_outbox_task(sf_execution *x, frame *f);
void sf_outbox_cancel(sf_execution *x, frame *f, sf_reason reason);
void sf_outbox_push(sf_execution *x, sf_effect_type type, uint32_t id,
                    sf_reason reason);
void sf_outbox_clear(sf_execution *x);

/* frame.c: frames and groups as memory */
frame *sf_frame_new(sf_execution *x, frame *parent, uint32_t scope,
                    uint32_t index, sf_value input /* consumes */);
void sf_frame_init(frame *f);
void sf_frame_clear(sf_execution *x, frame *f); /* and all below it */
void sf_frame_free(sf_execution *x, frame *f);
void sf_group_free(sf_execution *x, frame *f);
const sf_state *sf_frame_state(const sf_execution *x, const frame *f);
/* The frame behind 'f' in pre-order of the whole tree, NULL behind the last. */
const frame *sf_frame_after(const frame *f);

/* context.c: what expressions see */
typedef struct sight {
  sf_execution *x;
  frame *frame;
  sf_value context;  /* built when asked for; owned */
  sf_value map_item; /* while an ItemSelector is evaluated: Map.Item; owned */
  struct group *iterates; /* an inline Map in its stead: see group.context */
  sf_value item;          /* ... the item; borrowed */
  uint32_t item_index;
  sf_value result, error_output; /* members of $states: borrowed */
  sf_value states;               /* built when asked for; owned */
  bool states_whole;             /* with its context */
  uint32_t attempt;              /* whose token '$$' shows; 0: none */
  uint32_t item_number;          /* of an ItemSelector, from 1; 0: no item */
  uint32_t draws;                /* the next random number */
  sf_budget budget;
  uint64_t granted; /* what 'budget' had when it was filled last */
} sight;

/* What random numbers of the frame are drawn from, beside its visit. */
uint32_t sf_draw_attempt(const sf_execution *x, const frame *f);

/* An evaluation through it may end without an outcome: then x->putting_off is
** true, and whoever evaluates returns as after a failure, with nothing written
** and nothing changed that a second try would mind. */
/* Forget the parts that were made once: they have changed, or are over. */
void sf_context_forget(sf_execution *x);

void sf_sight_init(sight *s, sf_execution *x, frame *f);
/* $$.Map.Item.Source of items that are from the state's own input. */
#define SF_SOURCE_STATE "STATE_DATA"

/* From here on '$$.Map.Item' is 'item' (consumed), number 'number' from 1;
** SF_ABSENT and 0: there is none.  What was built for another one is forgotten.
** All else of a sight is set before something looks through it. */
void sf_sight_item(sight *s, sf_value item, uint32_t number);
void sf_sight_clear(sight *s); /* charges what was used to the slice */
/* step.c: give the sight its steps, charge what is used of them. */
void sf_step_grant(sight *s, uint64_t steps_max);
void sf_step_settle(sight *s);
/* The environment in which '$' is 'input' (borrowed). */
sf_env sf_sight_env(sight *s, sf_value input);

/* road.c: the data road of a state, stage by stage.  Each returns false after it
** has put a failure into *fail; otherwise *out is owned by the caller. */
/* InputPath, OutputPath, ItemsPath: what of 'input' goes on; null gives {}. */
bool sf_road_select(sight *s, const sf_selection *path, sf_value input,
                    sf_stage_name stage, sf_value *out, failure *fail);
/* Parameters, ResultSelector, ItemSelector, Credentials; NULL: 'input'. */
bool sf_road_template(sight *s, const sf_template *t, sf_value input,
                      sf_stage_name stage, sf_value *out, failure *fail);
/* ResultPath: 'result' put into 'input'. */
bool sf_road_result_path(sight *s, const sf_selection *path, sf_value input,
                         sf_value result, sf_value *out, failure *fail);
/* Assign: an object of new variables; SF_ABSENT without the field. */
bool sf_road_assign(sight *s, const sf_template *assign, sf_value input,
                    sf_value *out, failure *fail);
/* A constant, or what a ...Path names; SF_ABSENT without the field.  Only the
** status comes back: the places word it differently. */
sf_status sf_road_operand(sight *s, const sf_operand *operand, sf_value input,
                          sf_value *out, sf_error *err);
/* The same, worded as InputPath is; in JSONata 'field' is named, without its
** "Path". */
bool sf_road_setting(sight *s, const sf_operand *operand, const char *field,
                     sf_value input, sf_value *out, failure *fail);
/* A whole number of 64 bits, also as text ("12"), as AWS takes it. */
bool sf_road_whole(sf_value v, int64_t *out);
/* How a value stands in an error text: a string bare, others as JSON.  Owned. */
sf_value sf_road_shown(sf_execution *x, sf_value v);
/* Is 'v' within the payload limit?  'who' (text) is named when it is not. */
bool sf_road_size(sight *s, sf_value v, sf_value who, failure *fail);
/* "The JSONPath '$.x' specified for the field 'f' could not be found ..." */
bool sf_fail_field(sight *s, const sf_expr *e, const char *field,
                   sf_value input, const sf_error *err, failure *fail);

/* failure.c */
/* Any error; consumes 'error' and 'cause', and cuts them to their limits. */
void sf_failure_set(sf_execution *x, failure *fail, sf_value error,
                    sf_value cause, reach how_far);
/* A text (consumed; SF_ABSENT: none) of so many characters at most. */
sf_value sf_cut(sf_execution *x, sf_value text, size_t characters_max);
/* States.Runtime, with AWS's prefix; REACH_NONE.  Always returns false. */
bool sf_fail_runtime(sight *s, failure *fail, const char *format, ...)
  SF_PRINTF(3, 4);
/* An error by another name with the same prefix; REACH_ALL. */
bool sf_fail_state(sight *s, failure *fail, const char *error,
                   const char *format, ...) SF_PRINTF(4, 5);
bool sf_fail_state_arguments(sight *s, failure *fail, const char *error,
                             const char *format, va_list args);
/* An error by name; consumes 'cause'.  Always returns false. */
bool sf_fail_named(sf_execution *x, failure *fail, const char *error,
                   sf_value cause, reach how_far);
/* The state that 'f' is in failed: retry, catch, or pass it to the frame
** above, up to the execution.  Consumes the values of *fail. */
void sf_raise(sf_execution *x, frame *f, failure *fail);
/* The same for a failure of what the state has begun: the state's own ...Failed
** event comes with it. */
void sf_raise_group(sf_execution *x, frame *f, failure *fail);
/* The step of FRAME_CAUGHT. */
void sf_catch_step(sf_execution *x, frame *f);
/* The whole tree, without events. */
void sf_abort_all(sf_execution *x, sf_reason reason);

/* query.c: failures of JSONata.  All return false. */
/* States.QueryEvaluationError, and its EvaluationFailed event.  'location'
** (borrowed) may be SF_ABSENT. */
bool sf_fail_query(sight *s, failure *fail, sf_value location,
                   const char *format, ...) SF_PRINTF(4, 5);
/* An expression failed with 'err'.  'path' (borrowed): where in the field. */
bool sf_fail_expression(sight *s, const sf_expr *e, const char *field,
                        sf_value path, const sf_error *err, failure *fail);
/* Its result 'v' is not what the field wants: "number", "string" ... */
bool sf_fail_result(sight *s, const sf_expr *e, const char *field,
                    const char *expected, sf_value v, failure *fail);
/* "The SecondsPath field cannot be parsed as an integer: 1.6" */
bool sf_fail_parse(sight *s, const char *field, const char *kind, sf_value v,
                   failure *fail);
bool sf_is_jsonata(const sf_operand *operand);

/* state.c, state_wait.c, state_leave.c: entering, acting, leaving */
/* One step of a frame, as its phase wants it; for step.c. */
void sf_frame_run(sf_execution *x, frame *f);
/* The time of a Wait state has come. */
void sf_wait_over(sf_execution *x, frame *f);
/* The state's work has the result 'result' (borrowed): the rest of the road is
** its next step. */
void sf_state_result(sf_execution *x, frame *f, sf_value result);
/* Write the Exited event, assign, go to 'next' (SF_NONE: the frame ends).  'way'
** is that of sf_emit_way, 0 for none.  Consumes 'output' and 'assigned'
** (SF_ABSENT: nothing). */
void sf_state_leave(sf_execution *x, frame *f, uint32_t next, uint32_t way,
                    sf_value output, sf_value assigned);

/* task.c */
void sf_task_act(sf_execution *x, frame *f);
void sf_task_started(sf_execution *x, frame *f);
sf_answer sf_task_event(sf_execution *x, const sf_event *event);
void sf_task_timeout(sf_execution *x, frame *f, timer_kind kind);
void sf_task_effect(sf_execution *x, frame *f, sf_effect *effect);

/* integration.c: fields that the service adds to the parameters of a call, and
** what it checks in them. */
bool sf_integration_prepare(sight *s, const sf_resource *r, sf_value *sent,
                            failure *fail);
/* Is the answer a success?  false: *fail, which any matcher may take. */
bool sf_integration_accept(sf_execution *x, const sf_resource *r,
                           sf_value answer, failure *fail);

/* group.c */
void sf_parallel_act(sight *s, frame *f);
void sf_map_act(sight *s, frame *f);
/* The group of an inline Map goes on after a redrive: perhaps there is room for
** more iterations, whose first event points at 'previous'. */
void sf_map_go_on(sf_execution *x, frame *f, uint32_t previous);
/* The step of FRAME_ITERATE. */
void sf_map_iterate(sf_execution *x, frame *f);
/* A frame of a group came to its end with 'output' (borrowed). */
void sf_group_child_done(sf_execution *x, frame *child, sf_value output);

/* How many may run at once, at most 'most'. */
bool sf_map_concurrency(sight *s, const sf_map *map, sf_value input,
                        uint32_t most, uint32_t *out, failure *fail);
/* A setting that is no number of its kind ("integer", "float"). */
bool sf_fail_setting(sight *s, const sf_operand *operand, const char *field,
                     const char *kind, sf_value v, failure *fail);
/* What a Map goes over: an array, with 'members' also an object.  Owned. */
bool sf_map_items(sight *s, const sf_state *st, sf_value input, bool members,
                  sf_value *items, failure *fail);
group *sf_group_new(sf_execution *x, frame *f, uint32_t total);

/* maprun.c: distributed Maps */
void sf_map_run_act(sight *s, frame *f);
void sf_map_run_step(sf_execution *x, frame *f);
/* The frame's state ends from outside; with 'events' the event that says so. */
void sf_map_run_abort(sf_execution *x, frame *f, sf_reason reason,
                      uint32_t cause_id, bool events);
/* The frame's group is freed. */
void sf_map_run_leave(sf_execution *x, struct map_run *run);
/* Events: children, readers, writers. */
sf_answer sf_map_run_event(sf_execution *x, const sf_event *event);
/* Effects; false: there is nothing to tell any more. */
bool sf_map_run_told(sf_execution *x, uint32_t id, sf_effect *effect);
bool sf_child_effect(sf_execution *x, uint32_t id, sf_effect *effect);
bool sf_reader_effect(sf_execution *x, uint32_t id, sf_effect *effect);
bool sf_writer_effect(sf_execution *x, uint32_t id, sf_effect *effect);
/* At the first feed after a snapshot was read: what readers had asked for is asked
** for again.  They begin anew and pass over what had been taken. */
void sf_map_runs_resume(sf_execution *x);
void sf_map_runs_clear(sf_execution *x);

/* execution.c: its own time limit begins now */
void sf_deadline_arm(sf_execution *x);

/* redrive.c */
sf_answer sf_redrive(sf_execution *x, const sf_event *e);

/* finish.c: the end of the execution */
void sf_finish(sf_execution *x, sf_execution_status status, sf_value output,
               sf_value error, sf_value cause); /* borrows all */
void sf_finish_overflow(sf_execution *x);

/* token.c */
sf_value sf_token_make(sf_execution *x, uint32_t attempt);
sf_answer sf_token_read(sf_execution *x, sf_value token, uint32_t *attempt);

/* history.c */
/* Write one event; returns its id, 0 when the history is full.  'data' and
** 'more' are borrowed. */
uint32_t sf_emit(sf_execution *x, history_type type, uint32_t previous,
                 const frame *f, sf_value data, sf_value more);

/* The Exited event 'id' was written just now: by which way the state was left, 1 +
** the index of a Choice's rule or of a catcher. */
void sf_emit_way(sf_execution *x, uint32_t id, uint32_t way);

/* May a record with these fields stand in the history? */
bool sf_history_is_sound(const sf_execution *x, const history_record *r);

#endif
