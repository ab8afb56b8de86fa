/*
** maprun.h - Map Runs: what a Map state in DISTRIBUTED mode does.  Private to
** src/run.
**
** A Map Run takes items (from the state's input or from a reader), puts each, or
** a batch of them, into an execution of its own (a child, which the host
** drives), and keeps of each child its index, its status and its result.  At
** most so many children exist at once as may run; so its memory grows with
** them, and with the results where no writer takes those.
**
** A Map Run belongs to the list of its execution.  The group of its frame points
** at it; when the group goes, the Map Run stays until its last `map_run` effect
** has been drained.
*/
#ifndef SF_RUN_MAPRUN_H
#define SF_RUN_MAPRUN_H

#include "run/internal.h"
#include "run/reader.h"

typedef struct map_reader map_reader; /* maprun_reader.c */

#define MAP_RUN_CHILDREN_MAX 10000 /* of one Map Run at once */
/* Children that the host was told of and has not yet said to have started. */
#define MAP_RUN_LAUNCHING_MAX 32
#define MAP_RUN_ITEMS_MAX     100000000

/* ORDER TALLY: tally_names in maprun_shape.c */
typedef enum tally {
  TALLY_PENDING,
  TALLY_RUNNING,
  TALLY_SUCCEEDED,
  TALLY_FAILED,
  TALLY_TIMED_OUT,
  TALLY_ABORTED,
  TALLY_TOTAL,
  TALLY_RESULTS,
  TALLY_COUNT
} tally;

/* A child that runs. */
typedef struct child {
  uint32_t id;
  struct map_run *run; /* NULL: over */
  uint32_t index;      /* in its Map Run */
  uint32_t items;      /* how many are in it */
  sf_value input;
  sf_time start_date;
  bool told;    /* its `child` effect has been drained */
  bool started; /* the host said so */
} child;

/* How large a batch may be; 0: no such limit. */
typedef struct batch_limits {
  uint64_t items, bytes;
} batch_limits;

/* A row of files of records, of which one is open. */
typedef struct out_file {
  sf_value pending; /* array of texts: records not sent yet; SF_ABSENT: none */
  uint64_t pending_bytes;
  uint64_t size;   /* bytes of the open file, those under way included */
  uint32_t number; /* of the open file */
  sf_value listed; /* array: the complete ones, as the manifest has them */
} out_file;

#define OUT_FILES 2 /* of children that succeeded, of the others */

typedef struct map_run {
  struct map_run *next; /* in order of ids */
  uint32_t id;
  frame *frame; /* NULL: the state is done with it */
  uint32_t state;
  sf_execution_status status;
  sf_time start_date, stop_date;
  sf_value arn;
  sf_value label;      /* text: "machine/label", part of the ARNs */
  uint32_t entered_id; /* with 'attempt', what its names are drawn from */
  uint32_t attempt;
  bool effect_pending; /* a `map_run` effect waits in the outbox */

  uint32_t concurrency;
  bool has_count, has_percentage;
  uint64_t tolerated_count;
  double tolerated_percentage;
  uint64_t items[TALLY_COUNT], executions[TALLY_COUNT];
  uint32_t launching;
  uint64_t result_bytes;

  /* where items come from */
  sf_value source;              /* array or object; SF_ABSENT: the reader */
  uint64_t taken;               /* items taken from there */
  bool ended;                   /* there are no more */
  sf_value bucket, key, prefix; /* what the reader begins with; texts */
  map_reader *reader; /* NULL: none; done with; or, in an execution that was
                         resumed, not made again yet */
  bool waiting;       /* for what it asked the host for */
  sf_value read_key, read_etag; /* of the object that is read: texts */
  sf_value manifest_etag;       /* of the manifest that names it: text */
  bool has_max_items;
  int64_t max_items; /* 0: all of them */

  /* the batch that is being filled */
  bool has_batches;
  batch_limits limits;
  sf_value batch_input; /* SF_ABSENT: none */
  sf_value batch;       /* array */
  uint64_t batch_bytes;
  sf_value held; /* an item that did not fit any more */

  found_item found; /* taken, not yet through ItemSelector; SF_ABSENT: none */

  /* where results go, when there is a ResultWriter */
  sf_value out_bucket, out_prefix; /* texts */
  out_file files[OUT_FILES];
  sf_value sent, sent_key; /* texts: the write under way; SF_ABSENT: none */
  uint64_t sent_offset;
  bool sent_last, sent_told;
  bool has_manifest; /* it has been sent */
  bool closing;      /* no more children: what is left is written */
  sf_value error,
    cause;           /* texts: what it fails with then; SF_ABSENT: nothing */
  bool only_by_name; /* that error is not caught by States.ALL */
} map_run;

struct map_runs {
  map_run *first;
  uint32_t last_id;
  child *children; /* in order of ids, with holes */
  size_t count, capacity;
  uint32_t last_child;
  bool resumed; /* nobody answers what was asked for before */
};

/* --- maprun_list.c --- */

/* A new one for the state of 'f' with the settings of 'draft', which is consumed;
** NULL for lack of memory. */
map_run *sf_map_run_new(sf_execution *x, frame *f, map_run *draft);
/* Release what it holds. */
void sf_map_run_clear(sf_execution *x, map_run *run);
/* NULL: it is gone. */
map_run *sf_map_run_find(const sf_execution *x, uint32_t id);
/* A `map_run` effect is to come. */
void sf_map_run_tell(sf_execution *x, map_run *run);

/* --- maprun_settings.c --- */

/* The rules of the reader, NULL: there is none. */
const sf_item_reader *sf_item_reader_of(const sf_map *map);
const sf_item_reader *sf_map_run_rules(const sf_execution *x,
                                       const map_run *run);
/* What the definition and the state's input say.  false: *fail. */
bool sf_map_run_settings(sight *s, const sf_map *map, sf_value input,
                         map_run *run, failure *fail);

/* --- maprun_result.c --- */

/* The state's result: all have ended.  Owned. */
sf_value sf_map_run_result(sf_execution *x, const map_run *run);
sf_answer sf_child_event(sf_execution *x, const sf_event *e);

/* --- maprun.c --- */

/* The Map Run fails with *fail (consumed), which its state may catch; results are
** written before. */
void sf_map_run_fail(sf_execution *x, map_run *run, failure *fail);
/* The same at once. */
void sf_map_run_drop(sf_execution *x, map_run *run, failure *fail);
/* A child has ended, or the rules are others: too many failures fail the Map Run, else it goes on. */
void sf_map_run_judge(sf_execution *x, map_run *run);
/* Something has changed: go on when that is possible. */
void sf_map_run_wake(sf_execution *x, map_run *run);

/* --- maprun_update.c --- */

sf_answer sf_map_run_update(sf_execution *x, const sf_event *e);

/* --- maprun_child.c --- */

/* A new child; 'input' is consumed. */
void sf_child_open(sf_execution *x, map_run *run, uint32_t index,
                   sf_value input, uint32_t items);
void sf_child_close(sf_execution *x, child *c);
child *sf_child_find(const sf_execution *x, uint32_t id);
/* End all children of the Map Run, which are told to stop. */
void sf_children_stop(sf_execution *x, map_run *run, sf_reason reason);
void sf_children_clear(sf_execution *x);

/* --- maprun_items.c --- */

typedef enum supply {
  SUPPLY_READY,
  SUPPLY_WAIT, /* the reader has been asked */
  SUPPLY_END,
  SUPPLY_FAILED
} supply;

/* The input of the next child, owned, and how many items it has. */
supply sf_map_run_next(sight *s, map_run *run, sf_value *input, uint32_t *items,
                       failure *fail);

/* --- maprun_reader.c --- */

/* What the rules and the state's input say.  false: *fail. */
bool sf_reader_prepare(sight *s, map_run *run, const sf_item_reader *rules,
                       sf_value input, failure *fail);
/* Check it; the Map Run has begun. */
supply sf_reader_check(sf_execution *x, map_run *run, failure *fail);
/* Could a reader begin with what the Map Run has? */
bool sf_reader_is_sound(const sf_execution *x, const map_run *run);
supply sf_reader_next(sf_execution *x, map_run *run, found_item *out,
                      failure *fail);
/* The item in run->found is to be read again: the reader that had it is gone. */
void sf_reader_take_back(map_run *run);
/* Where the item taken last is from: text, borrowed. */
sf_value sf_reader_source(const map_run *run);
/* It is done with: the host is told when it has something open. */
void sf_reader_close(sf_execution *x, map_run *run);
void sf_reader_free(sf_execution *x, map_reader *r);
sf_answer sf_reader_event(sf_execution *x, const sf_event *e);

/* States.ItemReaderFailed.  Always SUPPLY_FAILED. */
supply sf_reader_fail(sf_execution *x, failure *fail, const char *cause);
supply sf_reader_fail_parse(sf_execution *x, const sf_error *err,
                            failure *fail);

/* --- maprun_manifest.c --- */

/* A whole manifest of that type (SF_MANIFEST_...).  *objects becomes an array, one
** object with Bucket and Key in either spelling for each that is to be read;
** *headers that of the columns in them, where the manifest says so.  Both are
** owned by the caller, who gives them as SF_ABSENT, also after SUPPLY_FAILED. */
supply sf_manifest_read(sf_execution *x, int type, const char *bytes,
                        size_t len, sf_value *objects, sf_value *headers,
                        failure *fail);

/* --- maprun_writer.c --- */

bool sf_writer_is_wanted(const sf_execution *x, const map_run *run);
/* What the rules and the state's input say.  false: *fail. */
bool sf_writer_prepare(sight *s, map_run *run, sf_value input, failure *fail);
/* Check it; the Map Run has begun.  false: *fail. */
bool sf_writer_check(sf_execution *x, map_run *run, failure *fail);
/* Does what it has fit together? */
bool sf_writer_is_sound(const sf_execution *x, const map_run *run);
/* One more record (borrowed). */
void sf_writer_add(sf_execution *x, map_run *run, bool succeeded,
                   sf_value record);
/* So much waits that no more children should begin. */
bool sf_writer_is_full(const map_run *run);
/* There will be no more records.  true: all is written, the manifest too. */
bool sf_writer_close(sf_execution *x, map_run *run);
/* The write that was told and not answered is told again. */
void sf_writer_retell(sf_execution *x, map_run *run);
void sf_writer_clear(map_run *run);
sf_value sf_writer_result(sf_execution *x, const map_run *run); /* owned */
sf_answer sf_writer_event(sf_execution *x, const sf_event *e);

/* --- maprun_shape.c: names, and how things look from outside --- */

/* Put a member (consumed); a failure breaks the execution. */
void sf_map_run_put(sf_execution *x, sf_value *object, const char *key,
                    sf_value v);
/* A member that is a text: owned; SF_ABSENT: there is none. */
sf_value sf_map_run_text(sf_value object, const char *name);
/* arn and label of 'run', from its frame's state. */
void sf_map_run_name(sf_execution *x, map_run *run);
/* Name, ARNs and seed of a child, put into the effect. */
void sf_child_name(sf_execution *x, const map_run *run, uint32_t index,
                   sf_effect *effect);
/* A child that has ended, as ResultWriter exports it.  Owned. */
sf_value sf_child_record(sf_execution *x, const child *c, const sf_event *e);
/* As DescribeMapRun answers.  Owned. */
sf_value sf_map_run_describe(const sf_execution *x, const map_run *run);

#endif
