/*
** maprun_shape.c - names of Map Runs and their children, drawn from the seed so
** that the same run has the same names; and how both look from outside.
*/
#include <string.h>

#include "base/json.h"
#include "base/random.h"
#include "run/maprun.h"

/* Draws, apart from those of expressions and of jitter. */
#define DRAW_RUN   0x3ffffff0u /* and the next */
#define DRAW_LABEL 0x3ffffff2u /* and the next */
#define DRAW_CHILD 0x40000000u /* two a child */
#define DRAW_SEED  0xc0000000u /* one a child */

#define ARN_FIELDS 5 /* "arn:aws:states:us-east-1:000000000000" */
#define NO_ARN     "arn:aws:states:us-east-1:000000000000"

static void draw_uuid(const sf_execution *x, const map_run *run, uint32_t draw,
                      char out[37]) {
  sf_random_uuid(
    sf_random_keyed(x->facts.seed, run->entered_id, run->attempt, draw),
    sf_random_keyed(x->facts.seed, run->entered_id, run->attempt, draw + 1),
    out);
}

/* Where the field-th part of a text with colons begins, or its end. */
static const char *part(const char *text, int field) {
  for (; field > 0; field--) {
    const char *colon = strchr(text, ':');
    if (colon == NULL)
      return text + strlen(text);
    text = colon + 1;
  }
  return text;
}

/* The beginning that all ARNs of this execution share, without ':'. */
static size_t prefix_of(const sf_execution *x, const char **text) {
  const char *end;

  *text = NO_ARN;
  if (x->facts.machine_arn.kind == SF_STRING)
    *text = sf_string_text(x->facts.machine_arn);
  end = part(*text, ARN_FIELDS);
  return (size_t)(end - *text) - (*end != '\0');
}

/* The name of the state machine: not that of the Map around this execution. */
static size_t machine_of(const sf_execution *x, const char **text) {
  *text = "machine";
  if (x->facts.machine_arn.kind == SF_STRING)
    *text = part(sf_string_text(x->facts.machine_arn), ARN_FIELDS + 1);
  return strcspn(*text, "/:");
}

/* "<prefix>:<kind>:<machine/label>[:<uuid>[:<uuid>]]" */
static sf_value arn(sf_execution *x, const map_run *run, const char *kind,
                    const char *name, const char *more) {
  const char *prefix;
  size_t len = prefix_of(x, &prefix);
  sf_value v;

  v = sf_string_format(x->mem, "%.*s:%s:%s%s%s%s%s", (int)len, prefix, kind,
                       sf_string_text(run->label), *name ? ":" : "", name,
                       *more ? ":" : "", more);
  if (v.kind == SF_ABSENT)
    x->broken = true;
  return v;
}

void sf_map_run_name(sf_execution *x, map_run *run) {
  const sf_map *map = &x->machine->states[run->state].u.map;
  const char *machine;
  size_t len = machine_of(x, &machine);
  char label[37], uuid[37];

  draw_uuid(x, run, DRAW_LABEL, label);
  draw_uuid(x, run, DRAW_RUN, uuid);
  run->label = sf_string_format(
    x->mem, "%.*s/%s", (int)len, machine,
    map->label.kind == SF_STRING ? sf_string_text(map->label) : label);
  if (run->label.kind == SF_ABSENT)
    x->broken = true;
  else
    run->arn = arn(x, run, "mapRun", uuid, "");
}

static sf_value child_arn(sf_execution *x, const map_run *run,
                          const char *name) {
  sf_machine_type type = x->machine->states[run->state].u.map.execution_type;

  return type == SF_EXPRESS ? arn(x, run, "express", name, name)
                            : arn(x, run, "execution", name, "");
}

void sf_child_name(sf_execution *x, const map_run *run, uint32_t index,
                   sf_effect *effect) {
  char uuid[37];

  draw_uuid(x, run, DRAW_CHILD + 2 * index, uuid);
  effect->name = sf_string_from(x->mem, uuid);
  if (effect->name.kind == SF_ABSENT)
    x->broken = true;
  effect->arn = child_arn(x, run, uuid);
  effect->machine_arn = arn(x, run, "stateMachine", "", "");
  effect->machine_name = sf_retain(run->label);
  effect->seed = sf_random_keyed(x->facts.seed, run->entered_id, run->attempt,
                                 DRAW_SEED + index);
}

/* --- shapes --- */

sf_value sf_map_run_text(sf_value object, const char *name) {
  sf_value v = object.kind == SF_OBJECT
                 ? sf_object_get(object, name, strlen(name))
                 : sf_absent();

  return v.kind == SF_STRING ? sf_retain(v) : sf_absent();
}

void sf_map_run_put(sf_execution *x, sf_value *object, const char *key,
                    sf_value v) {
  if (object->kind == SF_ABSENT) {
    sf_release(v);
    x->broken = true;
  } else if (v.kind == SF_ABSENT || sf_object_put(object, key, v) != SF_OK) {
    x->broken = true;
  }
}

static void put_text(sf_execution *x, sf_value *o, const char *key,
                     const char *text) {
  sf_map_run_put(x, o, key, sf_string_from(x->mem, text));
}

static void put_date(sf_execution *x, sf_value *o, const char *key, sf_time t) {
  char text[SF_TIME_TEXT_MAX];

  sf_time_format_ms(t, text);
  put_text(x, o, key, text);
}

/* A payload as JSON text, and that it is all there. */
static void put_payload(sf_execution *x, sf_value *o, const char *key,
                        const char *details, sf_value payload) {
  sf_value included = sf_object_new(x->mem, 1);

  sf_map_run_put(x, &included, "Included", sf_boolean(true));
  sf_map_run_put(x, o, key,
                 payload.kind == SF_ABSENT ? payload
                                           : sf_json_text(x->mem, payload));
  sf_map_run_put(x, o, details, included);
}

sf_value sf_child_record(sf_execution *x, const child *c, const sf_event *e) {
  sf_value o = sf_object_new(x->mem, 15);
  sf_effect name;
  bool good = e->status == SF_SUCCEEDED;

  memset(&name, 0, sizeof name);
  sf_child_name(x, c->run, c->index, &name);
  if (e->cause.kind == SF_STRING)
    sf_map_run_put(x, &o, "Cause", sf_retain(e->cause));
  if (e->error.kind == SF_STRING)
    sf_map_run_put(x, &o, "Error", sf_retain(e->error));
  sf_map_run_put(x, &o, "ExecutionArn", sf_retain(name.arn));
  put_payload(x, &o, "Input", "InputDetails", c->input);
  sf_map_run_put(x, &o, "Name", sf_retain(name.name));
  if (good)
    put_payload(x, &o, "Output", "OutputDetails", e->output);
  sf_map_run_put(x, &o, "RedriveCount", sf_integer(0));
  put_text(x, &o, "RedriveStatus", good ? "NOT_REDRIVABLE" : "REDRIVABLE");
  if (good)
    put_text(x, &o, "RedriveStatusReason",
             "Execution is SUCCEEDED and cannot be redriven");
  put_date(x, &o, "StartDate", c->start_date);
  sf_map_run_put(x, &o, "StateMachineArn", sf_retain(name.machine_arn));
  put_text(x, &o, "Status", sf_status_names[e->status]);
  put_date(x, &o, "StopDate",
           e->stop_date == SF_TIME_NEVER ? x->now : e->stop_date);
  sf_effect_clear(&name);
  return o;
}

/* ORDER TALLY */
static const char *const tally_names[] = {
  "pending",  "running", "succeeded", "failed",
  "timedOut", "aborted", "total",     "resultsWritten"};

static void add(sf_value *o, const char *key, sf_value v /* consumes */) {
  if (o->kind == SF_ABSENT)
    sf_release(v);
  else if (sf_object_put(o, key, v) != SF_OK)
    sf_assign(o, sf_absent());
}

static sf_value describe_counts(const sf_execution *x, const uint64_t *counts) {
  sf_value o = sf_object_new(x->mem, TALLY_COUNT);
  uint64_t known = 0;
  int i;

  for (i = TALLY_RUNNING; i < TALLY_TOTAL; i++)
    known += counts[i];
  add(&o, tally_names[TALLY_PENDING],
      sf_integer((int64_t)(counts[TALLY_TOTAL] > known
                             ? counts[TALLY_TOTAL] - known
                             : 0)));
  for (i = TALLY_RUNNING; i < TALLY_COUNT; i++)
    add(&o, tally_names[i], sf_integer((int64_t)counts[i]));
  return o;
}

sf_value sf_map_run_describe(const sf_execution *x, const map_run *run) {
  const sf_state *st = &x->machine->states[run->state];
  sf_value o = sf_object_new(x->mem, 12);
  bool limited = run->concurrency != MAP_RUN_CHILDREN_MAX;

  add(&o, "mapRunArn", sf_retain(run->arn));
  add(&o, "executionArn", sf_retain(x->facts.arn));
  add(&o, "stateName", sf_retain(st->name));
  add(&o, "status", sf_string_from(x->mem, sf_status_names[run->status]));
  add(&o, "startDate", sf_number(sf_time_to_seconds(run->start_date)));
  if (run->stop_date != SF_TIME_NEVER)
    add(&o, "stopDate", sf_number(sf_time_to_seconds(run->stop_date)));
  add(&o, "maxConcurrency", sf_integer(limited ? run->concurrency : 0));
  add(&o, "toleratedFailurePercentage", sf_number(run->tolerated_percentage));
  add(&o, "toleratedFailureCount", sf_integer((int64_t)run->tolerated_count));
  add(&o, "itemCounts", describe_counts(x, run->items));
  add(&o, "executionCounts", describe_counts(x, run->executions));
  return o;
}
