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
  /* rows whose features come later: an execution answers SF_NOT_EXPECTED */
  SF_EVENT_CHILD_STARTED,
  SF_EVENT_CHILD_FINISHED,
  SF_EVENT_READ,
  SF_EVENT_READ_FAILED,
  SF_EVENT_WRITTEN,
  SF_EVENT_WRITE_FAILED,
  SF_EVENT_REDRIVE,
  SF_EVENT_UPDATE_MAP_RUN,
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
} sf_event;

/* ORDER EFFECT: sf_effect_rows */
typedef enum sf_effect_type {
  SF_EFFECT_TASK,
  SF_EFFECT_CANCEL,
  SF_EFFECT_WAKE,
  SF_EFFECT_MORE,
  SF_EFFECT_FINISHED,
  /* rows whose features come later */
  SF_EFFECT_CHILD,
  SF_EFFECT_CHILD_STOP,
  SF_EFFECT_READ,
  SF_EFFECT_READ_CLOSE,
  SF_EFFECT_WRITE,
  SF_EFFECT_MAP_RUN,
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

/* ORDER EXECUTION_STATUS */
typedef enum sf_execution_status {
  SF_RUNNING,
  SF_SUCCEEDED,
  SF_FAILED,
  SF_TIMED_OUT,
  SF_ABORTED
} sf_execution_status;

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
                             name and branch or iteration index in turn */
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
} sf_effect;

void sf_effect_clear(sf_effect *e); /* releases its values */

/* --- the tables --- */

typedef enum sf_field_type {
  SF_FIELD_VALUE,   /* sf_value, any JSON; SF_ABSENT: not there */
  SF_FIELD_TEXT,    /* sf_value, string; SF_ABSENT: not there */
  SF_FIELD_COUNT,   /* uint32_t */
  SF_FIELD_ID,      /* uint32_t; 0: not there */
  SF_FIELD_TIME,    /* sf_time; SF_TIME_NEVER: not there */
  SF_FIELD_SECONDS, /* double; 0: not there */
  SF_FIELD_FLAG,    /* bool */
  SF_FIELD_NAME     /* an enum; 'names' are its texts */
} sf_field_type;

typedef struct sf_field {
  const char *name;
  sf_field_type type;
  size_t offset;            /* in sf_event or sf_effect */
  const char *const *names; /* SF_FIELD_NAME only, NULL at the end */
} sf_field;

typedef struct sf_row {
  const char *name;       /* "task_succeeded" */
  bool journaled;         /* events: is it written to the journal (STANDARD)? */
  bool ready;             /* false: its feature comes later */
  const sf_field *fields; /* name == NULL at the end; 'now' is not listed */
} sf_row;

extern const sf_row sf_event_rows[SF_EVENT_COUNT];
extern const sf_row sf_effect_rows[SF_EFFECT_COUNT];

extern const char *const sf_status_names[]; /* "RUNNING" ... */
extern const char *const sf_resource_kind_names[];
extern const char *const sf_pattern_names[];
extern const char *const sf_stage_names[];
extern const char *const sf_reason_names[];

#endif
