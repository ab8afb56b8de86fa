/*
** machine.h - a state machine, loaded: checked, compiled, immutable.
**
** States are indices into one array, scopes (a `States` object: the machine
** itself, a branch, a processor) into another.  Paths, templates, choice rules
** and resources are compiled; nothing is parsed or looked up by name when it
** runs.  Made by load.h, read by the engine (src/run).
**
** Ownership: counted; a machine owns all that hangs below it.  Any number of
** executions share it.
*/
#ifndef SF_ASL_MACHINE_H
#define SF_ASL_MACHINE_H

#include "base/digest.h"
#include "base/timestamp.h"
#include "query/template.h"

#define SF_NONE UINT32_MAX /* no state, no scope */

#define SF_SECONDS_MAX 99999999 /* of Wait, timeouts, retry intervals */

typedef enum sf_machine_type { SF_STANDARD, SF_EXPRESS } sf_machine_type;

typedef enum sf_language { SF_JSONPATH, SF_JSONATA } sf_language;

/* ORDER STATE_TYPE: sf_state_type_names in fields.c */
typedef enum sf_state_type {
  SF_TASK,
  SF_PASS,
  SF_CHOICE,
  SF_WAIT,
  SF_SUCCEED,
  SF_FAIL,
  SF_PARALLEL,
  SF_MAP
} sf_state_type;

/* A setting that the definition gives as a constant or leaves to the run.  In a
** JSONata state the expression stands in the field itself. */
typedef enum sf_operand_kind {
  SF_OPERAND_NONE,     /* the field is not there */
  SF_OPERAND_CONSTANT, /* constant */
  SF_OPERAND_EXPR      /* expr: a ...Path field, an intrinsic call, JSONata */
} sf_operand_kind;

typedef struct sf_operand {
  sf_operand_kind kind;
  sf_value constant;
  sf_expr *expr;
} sf_operand;

/* InputPath, OutputPath, ItemsPath, ResultPath: not there means "$". */
typedef enum sf_selection_kind {
  SF_SELECT_ALL,  /* the field is not there, or "$" */
  SF_SELECT_NONE, /* null */
  SF_SELECT_EXPR
} sf_selection_kind;

typedef struct sf_selection {
  sf_selection_kind kind;
  sf_expr *expr; /* ResultPath: a reference path on the input */
} sf_selection;

typedef struct sf_retrier {
  sf_value errors; /* array of strings, ErrorEquals */
  double interval_seconds;
  double backoff_rate;
  double max_delay_seconds; /* 0: no cap */
  uint32_t max_attempts;
  bool full_jitter;
} sf_retrier;

typedef struct sf_catcher {
  sf_value errors;
  uint32_t next;
  sf_selection result_path;
  sf_template *assign; /* NULL when not there */
  sf_template *output; /* JSONata; NULL: the error output */
} sf_catcher;

/* What a Resource means. */
typedef enum sf_resource_kind {
  SF_RESOURCE_LAMBDA, /* arn:…:lambda:…:function:NAME, and any text that is
                              no ARN (a host's own functions) */
  SF_RESOURCE_ACTIVITY,    /* arn:…:states:…:activity:NAME */
  SF_RESOURCE_INTEGRATION, /* arn:aws:states:::SERVICE:ACTION[.PATTERN] */
  SF_RESOURCE_HTTP         /* arn:aws:states:::http:invoke */
} sf_resource_kind;

typedef enum sf_pattern {
  SF_PATTERN_REQUEST,
  SF_PATTERN_SYNC,
  SF_PATTERN_SYNC2,
  SF_PATTERN_TOKEN
} sf_pattern;

typedef struct sf_resource {
  sf_resource_kind kind;
  sf_pattern pattern;
  sf_value text;    /* the Resource as written */
  sf_value service; /* resourceType in the history: "lambda", "aws-sdk:s3" */
  sf_value action;  /* resource in the history: "invoke.waitForTaskToken" */
} sf_resource;

typedef struct sf_task {
  sf_resource resource;
  sf_operand timeout;   /* TimeoutSeconds[Path] */
  sf_operand heartbeat; /* HeartbeatSeconds[Path] */
  sf_template *credentials;
} sf_task;

typedef struct sf_wait {
  sf_operand seconds;   /* constant: SF_INTEGER */
  sf_operand timestamp; /* constant: the text; 'until' is its instant */
  sf_time until;
} sf_wait;

typedef struct sf_fail {
  sf_operand error, cause;
} sf_fail;

typedef struct sf_parallel {
  uint32_t *branches; /* scopes */
  uint32_t count;
} sf_parallel;

/* The words of the fields below, in the order in which the field table lists
** them; 0 stands for a field that is not there. */
typedef enum sf_input_type {
  SF_INPUT_CSV = 1,
  SF_INPUT_JSON,
  SF_INPUT_JSONL,
  SF_INPUT_PARQUET,
  SF_INPUT_MANIFEST
} sf_input_type;

typedef enum sf_reader_transformation {
  SF_READ_NONE = 1,
  SF_READ_LOAD_AND_FLATTEN
} sf_reader_transformation;

typedef enum sf_manifest_type {
  SF_MANIFEST_ATHENA = 1,
  SF_MANIFEST_INVENTORY
} sf_manifest_type;

typedef enum sf_writer_transformation {
  SF_WRITE_NONE = 1,
  SF_WRITE_COMPACT,
  SF_WRITE_FLATTEN
} sf_writer_transformation;

typedef struct sf_item_reader {
  bool there;
  sf_value resource;
  sf_template *parameters;
  int input_type, transformation, manifest_type;
  int delimiter;       /* COMMA PIPE SEMICOLON SPACE TAB */
  int header_location; /* FIRST_ROW GIVEN */
  sf_value headers;    /* array of texts */
  sf_value pointer;    /* ItemsPointer */
  sf_operand max_items;
} sf_item_reader;

typedef struct sf_item_batcher {
  bool there;
  sf_template *input;
  sf_operand max_items, max_bytes;
} sf_item_batcher;

typedef struct sf_result_writer {
  bool there;
  sf_value resource; /* SF_ABSENT: only WriterConfig is given */
  sf_template *parameters;
  int output_type; /* JSON JSONL */
  int transformation;
} sf_result_writer;

/* What only Map states with these fields have. */
typedef struct sf_distribution {
  sf_item_reader reader;
  sf_item_batcher batcher;
  sf_result_writer writer;
} sf_distribution;

typedef struct sf_map {
  uint32_t processor;          /* scope */
  sf_selection items;          /* ItemsPath */
  sf_template *items_template; /* JSONata: Items; NULL: the state's input */
  sf_template *item_selector;
  sf_operand max_concurrency, tolerated_count, tolerated_percentage;
  bool distributed;
  sf_machine_type execution_type; /* of distributed children */
  sf_value label;
  sf_distribution *distribution; /* owned; NULL: none of its fields */
} sf_map;

/* Sound, but not to be run: item readers, batchers and result writers of a Map
** that is INLINE. */
bool sf_map_is_unable(const sf_map *m);

typedef struct sf_choice sf_choice; /* choice.h */

typedef struct sf_state {
  sf_state_type type;
  sf_language language;
  sf_value name;
  sf_value pointer; /* RFC 6901: "/States/Map/ItemProcessor/States/Work" */
  uint32_t scope;   /* the scope it stands in */
  uint32_t next;    /* SF_NONE: End, or no such field on this type */
  sf_value waits;   /* pointer to a value whose ${placeholder} is not replaced:
                       it can't run; SF_ABSENT: none */

  /* the data road, in its order */
  sf_selection input_path;
  sf_template *
    parameters; /* JSONata: Arguments; also ItemSelector's old name, except on Map */
  sf_value result; /* Pass: Result; SF_ABSENT when not there */
  sf_template *result_selector;
  sf_selection result_path;
  sf_template *assign;
  sf_selection output_path;
  sf_template *output; /* JSONata: Output; NULL: the result, or the input */

  sf_retrier *retriers;
  uint32_t nretriers;
  sf_catcher *catchers;
  uint32_t ncatchers;

  union {
    sf_task task;
    sf_wait wait;
    sf_fail fail;
    sf_choice *choice;
    sf_parallel parallel;
    sf_map map;
  } u;
} sf_state;

typedef struct sf_scope {
  uint32_t start; /* state */
  uint32_t owner; /* the Parallel or Map state around it, or SF_NONE */
} sf_scope;

typedef struct sf_machine {
  const sf_alloc *mem;
  uint32_t refs;
  sf_machine_type type;
  sf_language language;
  sf_value name;           /* of the state machine; may be SF_ABSENT */
  sf_value definition;     /* as it was given, substitutions made */
  sf_value variables_read; /* object: name of a state -> array of the variables
                              that it reads; SF_ABSENT when none does */
  double timeout_seconds;  /* 0: none given */
  sf_scope *scopes;        /* [0] is the machine itself */
  uint32_t nscopes;
  sf_state *states;
  uint32_t nstates;
  unsigned char digest[SF_SHA256_SIZE]; /* sf_machine_digest's, once asked */
  bool is_digested;
} sf_machine;

sf_machine *sf_machine_retain(sf_machine *m);
void sf_machine_release(sf_machine *m); /* NULL is fine */

/* SHA-256 of the definition's compact JSON text: what a snapshot is bound to.
** Computed by the first call. */
sf_status sf_machine_digest(sf_machine *m, unsigned char out[SF_SHA256_SIZE]);

/* The state that an RFC 6901 pointer names, or SF_NONE. */
uint32_t sf_machine_find(const sf_machine *m, const char *pointer, size_t len);

/* "Task", "Pass" ... */
const char *sf_state_type_name(sf_state_type type);

#endif
