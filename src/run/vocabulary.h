/*
** vocabulary.h - the closed list of what goes into an execution (events) and
** what comes out of it (effects).  One table of rows each (vocabulary.c), every
** row naming its fields, so that a binding, a journal or a debugger handles all
** of them by reading the table.
**
** Events and effects are plain structs: a row says which members count.
** Values in an event are borrowed by the call that takes it; values in an
** effect are owned by whoever drained it (sf_effect_clear).
*/
#ifndef SF_RUN_VOCABULARY_H
#define SF_RUN_VOCABULARY_H

#include "asl/machine.h"

/* ORDER EVENT: sf_event_rows */
typedef enum sf_event_type {
  SF_EVENT_TIME,     /* time is now T */
  SF_EVENT_CONTINUE, /* go on after a 'more' */
  SF_EVENT_TASK_SCHEDULED,
  SF_EVENT_TASK_STARTED,
  SF_EVENT_TASK_SUBMITTED,
  SF_EVENT_TASK_SUCCEEDED,
  SF_EVENT_TASK_FAILED,
  SF_EVENT_TASK_HEARTBEAT,
  SF_EVENT_TASK_LOST,
  SF_EVENT_STOP,
  SF_EVENT_CHILD_STARTED,
  SF_EVENT_CHILD_FINISHED,
  SF_EVENT_READ,        /* what a `read` effect asked for */
  SF_EVENT_READ_FAILED, /* it can't be had */
  SF_EVENT_WRITTEN,     /* the bytes of a `write` effect are stored */
  SF_EVENT_WRITE_FAILED,
  SF_EVENT_UPDATE_MAP_RUN, /* other settings for a running Map Run */
  SF_EVENT_REDRIVE,        /* go on after an end without success */
  SF_EVENT_COUNT
} sf_event_type;

/* How far a task attempt had come when it failed.  ORDER STAGE */
typedef enum sf_stage {
  SF_STAGE_RUN = 0, /* the default: it ran and failed */
  SF_STAGE_RESOLVE, /* what the Resource names does not exist */
  SF_STAGE_SCHEDULE,
  SF_STAGE_START,
  SF_STAGE_SUBMIT
} sf_stage;

/* ORDER EXECUTION_STATUS */
typedef enum sf_execution_status {
  SF_RUNNING,
  SF_SUCCEEDED,
  SF_FAILED,
  SF_TIMED_OUT,
  SF_ABORTED
} sf_execution_status;

/* Any bytes, borrowed; text == NULL: not there. */
typedef struct sf_bytes {
  const char *text;
  size_t length;
} sf_bytes;

typedef struct sf_event {
  sf_event_type type;
  sf_time now;     /* every event has it; a smaller one counts as the last */
  uint32_t task;   /* the attempt; 0: see token */
  sf_value token;  /* text, or SF_ABSENT */
  sf_value output; /* task_succeeded, task_submitted */
  sf_value error;  /* text or SF_ABSENT: task_failed, stop */
  sf_value cause;  /* the same */
  sf_value worker; /* text or SF_ABSENT: task_started */
  sf_stage stage;  /* task_failed */

  uint32_t child;                /* child_started, child_finished */
  sf_execution_status status;    /* child_finished; with output, error, cause */
  sf_time start_date, stop_date; /* SF_TIME_NEVER: when the event came */

  uint32_t reader; /* read, read_failed (with error, cause) */
  sf_bytes bytes;  /* read: of an object */
  sf_value items;  /* read: a page of a list of objects */
  sf_value cursor; /* any value: where the next read goes on */
  sf_value etag;   /* text or SF_ABSENT */
  bool end;        /* nothing comes after this */

  uint32_t writer; /* written, write_failed (with error, cause) */

  uint32_t map_run; /* update_map_run; numbers, or SF_ABSENT: as before */
  sf_value max_concurrency, tolerated_count, tolerated_percentage;
} sf_event;

/* No values; dates SF_TIME_NEVER. */
void sf_event_init(sf_event *e);

/* ORDER EFFECT: sf_effect_rows */
typedef enum sf_effect_type {
  SF_EFFECT_TASK,
  SF_EFFECT_CANCEL,
  SF_EFFECT_WAKE,
  SF_EFFECT_MORE,
  SF_EFFECT_FINISHED,
  SF_EFFECT_CHILD,      /* start an execution, see sf_execution_new_child */
  SF_EFFECT_CHILD_STOP, /* stop it; its end is not waited for */
  SF_EFFECT_READ,       /* get the next bytes or the next page */
  SF_EFFECT_READ_CLOSE, /* no more of that is wanted */
  SF_EFFECT_WRITE,      /* store bytes behind those stored before */
  SF_EFFECT_MAP_RUN,    /* a Map Run has begun, changed or ended */
  SF_EFFECT_COUNT
} sf_effect_type;

/* Why an attempt is cancelled.  ORDER REASON */
typedef enum sf_reason {
  SF_REASON_TIMEOUT,
  SF_REASON_HEARTBEAT,
  SF_REASON_SIBLING, /* another branch or iteration failed */
  SF_REASON_STOPPED,
  SF_REASON_EXECUTION_TIMEOUT
} sf_reason;

typedef struct sf_effect {
  sf_effect_type type;
  uint32_t task; /* task, cancel: the attempt */

  /* task */
  sf_value token; /* text; SF_ABSENT for patterns without one */
  sf_resource_kind kind;
  sf_pattern pattern;
  sf_value resource; /* text, as written */
  sf_value service;  /* text; integrations only */
  sf_value action;   /* text; integrations only */
  sf_value input;
  sf_value credentials;     /* object or SF_ABSENT */
  sf_value state;           /* text: its name */
  uint32_t state_index;     /* in the machine */
  sf_value path;            /* array: of the Parallel and Map states around it,
                             name and branch or iteration index in turn; made
                             by sf_execution_effect_path */
  uint32_t attempt;         /* retries made before, 0 for the first */
  uint32_t event_id;        /* of the ...Scheduled event */
  sf_time timeout_at;       /* SF_TIME_NEVER: none set */
  double heartbeat_seconds; /* 0: none set */

  /* cancel */
  sf_reason reason;
  bool submitted; /* the call had been answered (sync, token patterns) */

  /* wake */
  sf_time at;
  bool implicit; /* only a built-in maximum is due: nobody sleeps for it */

  /* finished */
  sf_execution_status status;
  sf_value output;
  sf_value error; /* text or SF_ABSENT */
  sf_value cause; /* text or SF_ABSENT */
  sf_time stop_date;

  /* child: also input; child_stop: child and reason */
  uint32_t child, map_run;
  sf_value name, arn, machine_arn, machine_name, map_run_arn; /* texts */
  sf_value processor; /* text: JSON pointer of the ItemProcessor's owner */
  uint32_t scope;     /* of the machine: where it starts */
  sf_machine_type child_type;
  uint64_t seed;

  /* read, read_close; write */
  uint32_t reader, writer;
  sf_value operation; /* text: getObject, listObjectsV2 */
  sf_value bucket, key;
  sf_value prefix; /* listObjectsV2; text or SF_ABSENT */
  sf_value cursor; /* what the last `read` said; SF_ABSENT: from the start */
  uint32_t max_bytes;
  sf_value bytes;  /* write: text */
  sf_value offset; /* write: where in the object; an integer */
  bool last;       /* write: the object is complete */

  /* map_run: id, status, and */
  sf_value run; /* object in the shape of AWS DescribeMapRun */
} sf_effect;

void sf_effect_clear(sf_effect *e); /* releases its values */

/* --- the tables --- */

typedef enum sf_slot_type {
  SF_SLOT_VALUE,   /* sf_value, any JSON; SF_ABSENT: not there */
  SF_SLOT_TEXT,    /* sf_value, string; SF_ABSENT: not there */
  SF_SLOT_COUNT,   /* uint32_t */
  SF_SLOT_ID,      /* uint32_t; 0: not there */
  SF_SLOT_TIME,    /* sf_time; SF_TIME_NEVER: not there */
  SF_SLOT_SECONDS, /* double; 0: not there */
  SF_SLOT_FLAG,    /* bool */
  SF_SLOT_BYTES,   /* sf_bytes; only in events */
  SF_SLOT_NAME     /* an enum; 'names' are its texts */
} sf_slot_type;

/* A field of an event or effect (those of definitions: asl/fields.h). */
typedef struct sf_slot {
  const char *name;
  sf_slot_type type;
  size_t offset;            /* in sf_event or sf_effect */
  const char *const *names; /* SF_SLOT_NAME only, NULL at the end */
} sf_slot;

typedef struct sf_row {
  const char *name;      /* "task_succeeded" */
  bool journaled;        /* events: is it written to the journal (STANDARD)? */
  const sf_slot *fields; /* name == NULL at the end; 'now' is not listed */
} sf_row;

extern const sf_row sf_event_rows[SF_EVENT_COUNT];
extern const sf_row sf_effect_rows[SF_EFFECT_COUNT];

extern const char *const sf_status_names[]; /* "RUNNING" ... */
extern const char *const sf_machine_type_names[];
extern const char *const sf_resource_kind_names[];
extern const char *const sf_pattern_names[];
extern const char *const sf_stage_names[];
extern const char *const sf_reason_names[];

#endif
