/*
** execution.h - a running state machine: events in, effects out.
**
** Pure and deterministic: no clock, no sleep, no thread, no I/O, no randomness
** of its own, no call into the host.  Whoever drives it does the work that an
** effect asks for and feeds the outcome back as the next event.  The same events
** give the same effects and the same history, always.
**
** Ownership: an execution has one owner and retains its machine.  Memory: when
** sf_alloc gives nothing in the middle of a call, SF_ERR_NOMEM comes back, and
** the execution takes no more events (SF_ERR_STATE); it can still be read and
** must be freed.
*/
#ifndef SF_RUN_EXECUTION_H
#define SF_RUN_EXECUTION_H

#include "run/vocabulary.h"

typedef struct sf_limits {
  uint64_t payload;         /* bytes of JSON text; 0: no limit, as below */
  uint64_t events;          /* of the history */
  uint64_t variables;       /* bytes of all variables together */
  uint32_t map_concurrency; /* iterations of one inline Map at once */
} sf_limits;

#define SF_LIMIT_PAYLOAD         262144
#define SF_LIMIT_EVENTS          25000 /* EXPRESS: lifted, as it has no history */
#define SF_LIMIT_VARIABLES       10485760
#define SF_LIMIT_ASSIGN          262144 /* bytes of one Assign; goes with the above */
#define SF_LIMIT_ERROR           256 /* characters; what is longer is cut */
#define SF_LIMIT_CAUSE           32768
#define SF_LIMIT_MAP_CONCURRENCY 40

/* The data road of a state, as TestState names its stages.  ORDER STAGE_NAME */
typedef enum sf_stage_name {
  SF_STAGE_INPUT,
  SF_STAGE_AFTER_INPUT_PATH,
  SF_STAGE_AFTER_PARAMETERS,
  SF_STAGE_AFTER_ITEMS_PATH,
  SF_STAGE_AFTER_ITEM_SELECTOR,
  SF_STAGE_RESULT,
  SF_STAGE_AFTER_RESULT_SELECTOR,
  SF_STAGE_AFTER_RESULT_PATH,
  SF_STAGE_AFTER_OUTPUT_PATH,
  SF_STAGE_VARIABLES,
  SF_STAGE_CREDENTIALS
} sf_stage_name;

/* "input", "afterInputPath" ... */
extern const char *const sf_stage_name_texts[];

/* Is shown each stage's value as it is reached.  'v' is borrowed; retain it to
** keep it.  It must not call into the execution. */
typedef struct sf_recorder {
  void (*record)(void *ud, uint32_t state_index, sf_stage_name stage,
                 sf_value v);
  void *ud;
} sf_recorder;

/* What only some executions have: a version or alias they were started by, a Map
** Run above them; for tests of one state, a beginning of its own. */
typedef struct sf_special_facts {
  sf_value version_arn, alias_arn, map_run_arn; /* texts or SF_ABSENT */
  sf_value variables;   /* object of the first scope, or SF_ABSENT */
  sf_value context;     /* object merged over the context object */
  uint32_t start_at;    /* state index, or SF_NONE: the scope's StartAt */
  uint32_t scope;       /* of the machine, with no scope around it; 0 is the
                           machine itself, others are Maps' processors */
  sf_machine_type type; /* when the scope is not 0 */
  uint32_t retry_count; /* retries already made at the first state */
  bool stop_after;      /* finish when the first state is left */
  const sf_recorder *recorder; /* outlives the execution; NULL: none */
} sf_special_facts;

/* What an execution may know of the world.  Texts are borrowed; SF_ABSENT where
** there is none. */
typedef struct sf_facts {
  sf_value name;
  sf_value arn; /* with arn_is_prefix: what comes before the name in it */
  sf_value machine_arn;
  sf_value machine_name; /* SF_ABSENT: that of the machine */
  sf_value role_arn;
  const sf_special_facts *special; /* borrowed and copied; NULL: none */
  sf_time start_time;
  uint64_t seed;
  unsigned char secret[SF_SHA256_SIZE]; /* for task tokens */
  sf_limits limits;
  uint32_t slice;     /* work of one feed before 'more'; 0: the usual amount */
  bool history;       /* keep the events (they are counted anyway) */
  bool synchronous;   /* the caller waits for its end, as with
                       StartSyncExecution: there is no redrive */
  bool arn_is_prefix; /* the ARN is made when something asks for it, and the
                         name, where there is none, of the seed */
} sf_facts;

/* All absent, start_at SF_NONE. */
void sf_special_facts_init(sf_special_facts *special);

/* All absent or zero, the limits of AWS, history on. */
void sf_facts_init(sf_facts *facts);

typedef struct sf_execution sf_execution;

/* The `start` event: an execution at its beginning; nothing has run.  'input'
** is borrowed.  On SF_OK the caller owns *out. */
sf_status sf_execution_new(const sf_alloc *mem, sf_machine *machine,
                           sf_value input, const sf_facts *facts,
                           sf_execution **out, sf_error *err);
void sf_execution_free(sf_execution *x); /* NULL is fine */

/* The execution that a `child` effect of 'parent' asks for, begun at 'now'; it
** keeps nothing of its parent.  On SF_OK the caller owns *out. */
sf_status sf_execution_new_child(const sf_execution *parent,
                                 const sf_effect *effect, sf_time now,
                                 bool keep_history, sf_execution **out,
                                 sf_error *err);

/* What became of an event.  ORDER ANSWER: sf_answer_names */
typedef enum sf_answer {
  SF_ACCEPTED,
  SF_TASK_DOES_NOT_EXIST, /* no such attempt, or a token of other origin */
  SF_TASK_TIMED_OUT, /* the attempt is over: a late answer changes nothing */
  SF_INVALID_TOKEN,  /* not a token, or a forged one */
  SF_INVALID_OUTPUT,
  SF_EXECUTION_FINISHED,
  SF_NOT_EXPECTED, /* nothing here waits for an event of this kind */
  SF_NO_MAP_RUN,   /* no such Map Run, or it is over */
  SF_INVALID_SETTING,
  SF_NOT_REDRIVABLE /* it runs, succeeded, is too old or too long; or a Map Run
                       would have to go on */
} sf_answer;

/* "" , "TaskDoesNotExist", "TaskTimedOut" ... */
extern const char *const sf_answer_names[];

/* Take the event in, then run until nothing can move or the slice is spent.
** What is due at or before event->now fires first: a deadline wins over a
** result of the same instant.  May be called at any time. */
sf_status sf_execution_feed(sf_execution *x, const sf_event *event,
                            sf_answer *answer, sf_error *err);

/* Take the next effect out of the outbox; false when it is empty.  Never
** advances anything. */
bool sf_execution_next_effect(sf_execution *x, sf_effect *effect);

/* Fill the 'path' of a `task` effect that was just drained, for a host that asks
** for it.  There is none where the attempt is over. */
void sf_execution_effect_path(sf_execution *x, sf_effect *effect);

/* --- queries; values borrowed --- */

const sf_machine *sf_execution_machine(const sf_execution *x);
/* 'special' is not among them.  Name and ARN are there from here on, unless there
** is no memory for them. */
const sf_facts *sf_execution_facts(sf_execution *x);
sf_execution_status sf_execution_status_of(const sf_execution *x);
sf_value sf_execution_input(const sf_execution *x);
sf_value sf_execution_output(const sf_execution *x);
sf_value sf_execution_error(const sf_execution *x); /* text or SF_ABSENT */
sf_value sf_execution_cause(const sf_execution *x); /* text or SF_ABSENT */
sf_time sf_execution_now(const sf_execution *x);
sf_time sf_execution_stop_date(const sf_execution *x); /* SF_TIME_NEVER */
/* The state whose error ended it, the innermost one; SF_NONE: none did. */
uint32_t sf_execution_failed_state(const sf_execution *x);

/* How often it was redriven; *last: when, for the last time. */
uint32_t sf_execution_redrives(const sf_execution *x, sf_time *last);

/* Is there work for a `continue` event (a spent slice)? */
bool sf_execution_has_more(const sf_execution *x);

/* When the next timer is due; SF_TIME_NEVER when none is.  *implicit: only a
** built-in maximum. */
sf_time sf_execution_next_wake(const sf_execution *x, bool *implicit);

/* Where an open attempt stands. */
typedef enum sf_attempt_status {
  SF_ATTEMPT_RUNNING,   /* running here: lost in a crash */
  SF_ATTEMPT_SUBMITTED, /* the call was answered; an end will be reported */
  SF_ATTEMPT_WAITING    /* an activity that nobody has taken yet */
} sf_attempt_status;

typedef struct sf_pending {
  uint32_t task;
  sf_attempt_status status;
  bool told;                        /* its `task` effect has been drained */
  sf_time timeout_at, heartbeat_at; /* SF_TIME_NEVER: none */
  uint32_t state_index;
  uint32_t attempt;
  sf_pattern pattern;
  sf_resource_kind kind;
  sf_value input; /* borrowed */
} sf_pending;

/* The index-th open attempt, in order of their ids; false past the last. */
bool sf_execution_pending(const sf_execution *x, size_t index,
                          sf_pending *pending);

/* Give out the `task` effect of an open attempt once more: for a host that has
** lost the work and may do it again.  false: no such attempt. */
bool sf_execution_retell(sf_execution *x, uint32_t task);

/* The token of an open attempt, owned.  SF_ABSENT: no such attempt, or no
** memory. */
sf_value sf_execution_token(sf_execution *x, uint32_t task);

/* How near the limits it came. */
typedef struct sf_usage {
  uint64_t events;
  uint64_t payload;       /* largest, in bytes */
  uint32_t payload_state; /* where, or SF_NONE */
  uint64_t variables;     /* largest sum, in bytes */
  uint64_t assign;        /* largest of one Assign, in bytes */
  uint32_t assign_state;  /* where, or SF_NONE */
  sf_limits limits;
} sf_usage;

void sf_execution_usage(const sf_execution *x, sf_usage *usage);

/* --- Map Runs --- */

/* A child that has not ended, as far as this execution knows. */
typedef struct sf_open_child {
  uint32_t child, map_run;
  bool told;    /* its `child` effect has been drained */
  bool started; /* the host said so */
} sf_open_child;

/* The index-th of them, in order of their ids; false past the last. */
bool sf_execution_child(const sf_execution *x, size_t index,
                        sf_open_child *out);

/* Give out its `child` effect once more: for a host that has lost it.  false:
** there is no such child. */
bool sf_execution_retell_child(sf_execution *x, uint32_t child);

size_t sf_execution_map_run_count(const sf_execution *x);

/* The index-th Map Run that is still here (one that has ended and whose
** `map_run` effect is drained may be gone), in the shape of AWS DescribeMapRun.
** Owned; SF_ABSENT past the last, or without memory. */
sf_value sf_execution_map_run(const sf_execution *x, size_t index);

/* Give out the `write` effects that were drained and not answered once more: for
** a host that has lost them.  The same bytes go to the same place. */
void sf_execution_retell_writes(sf_execution *x);

/* --- history --- */

/* Keep the events from now on, or don't.  Those that are there stay, unless a
** gap would follow them. */
void sf_execution_keep_history(sf_execution *x, bool keep);

/* Events kept so far. */
size_t sf_execution_history_count(const sf_execution *x);

/* The index-th (from 0) as an object in the shape of AWS GetExecutionHistory:
** id, previousEventId, timestamp (seconds, a double), type and the detail
** object of that type; payloads as JSON text.  Owned; SF_ABSENT: no memory. */
sf_value sf_execution_history_at(const sf_execution *x, size_t index);

/* The state visits as an array of objects: state, type, input, output, error,
** cause, attempts, entered, exited (seconds), path; ended, for exited, of a visit
** that failed or was stopped; rule or catcher, from 1, by which it was left.
** Needs the history.  Owned; SF_ABSENT: no memory. */
sf_value sf_execution_trace(const sf_execution *x);

/* Forget the events before 'index' (a driver that has passed them on). */
void sf_execution_history_drop(sf_execution *x, size_t index);

#endif
