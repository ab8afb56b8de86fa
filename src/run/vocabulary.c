#include "run/vocabulary.h"

#include <stddef.h>
#include <string.h>

const char *const sf_status_names[] = {"RUNNING",   "SUCCEEDED", "FAILED",
                                       "TIMED_OUT", "ABORTED",   NULL};
const char *const sf_machine_type_names[] = {"STANDARD", "EXPRESS", NULL};
const char *const sf_resource_kind_names[] = {"lambda", "activity",
                                              "integration", "http", NULL};
const char *const sf_pattern_names[] = {"request", "sync", "sync2", "token",
                                        NULL};
const char *const sf_stage_names[] = {"run",   "resolve", "schedule",
                                      "start", "submit",  NULL};
const char *const sf_reason_names[] = {
  "timeout", "heartbeat", "sibling", "stopped", "execution_timeout", NULL};

#define IN(member, type)                                                       \
  { #member, type, offsetof(sf_event, member), NULL }
#define OUT(member, type)                                                      \
  { #member, type, offsetof(sf_effect, member), NULL }
#define OUT_NAME(member, names)                                                \
  { #member, SF_SLOT_NAME, offsetof(sf_effect, member), names }
#define END                                                                    \
  { NULL, SF_SLOT_VALUE, 0, NULL }

static const sf_slot no_fields[] = {END};
static const sf_slot task_only[] = {IN(task, SF_SLOT_ID), END};
static const sf_slot task_worker[] = {IN(task, SF_SLOT_ID),
                                      IN(worker, SF_SLOT_TEXT), END};
static const sf_slot task_output[] = {IN(task, SF_SLOT_ID),
                                      IN(output, SF_SLOT_VALUE), END};
static const sf_slot task_token_output[] = {IN(task, SF_SLOT_ID),
                                            IN(token, SF_SLOT_TEXT),
                                            IN(output, SF_SLOT_VALUE), END};
static const sf_slot task_failed[] = {
  IN(task, SF_SLOT_ID),
  IN(token, SF_SLOT_TEXT),
  {"stage", SF_SLOT_NAME, offsetof(sf_event, stage), sf_stage_names},
  IN(error, SF_SLOT_TEXT),
  IN(cause, SF_SLOT_TEXT),
  END};
static const sf_slot task_token[] = {IN(task, SF_SLOT_ID),
                                     IN(token, SF_SLOT_TEXT), END};
static const sf_slot stop[] = {IN(error, SF_SLOT_TEXT), IN(cause, SF_SLOT_TEXT),
                               END};

static const sf_slot child_started[] = {IN(child, SF_SLOT_ID),
                                        IN(start_date, SF_SLOT_TIME), END};
static const sf_slot child_finished[] = {
  IN(child, SF_SLOT_ID),
  {"status", SF_SLOT_NAME, offsetof(sf_event, status), sf_status_names},
  IN(output, SF_SLOT_VALUE),
  IN(error, SF_SLOT_TEXT),
  IN(cause, SF_SLOT_TEXT),
  IN(start_date, SF_SLOT_TIME),
  IN(stop_date, SF_SLOT_TIME),
  END};
static const sf_slot read[] = {IN(reader, SF_SLOT_ID),
                               IN(bytes, SF_SLOT_BYTES),
                               IN(items, SF_SLOT_VALUE),
                               IN(cursor, SF_SLOT_VALUE),
                               IN(etag, SF_SLOT_TEXT),
                               IN(end, SF_SLOT_FLAG),
                               END};
static const sf_slot read_failed[] = {IN(reader, SF_SLOT_ID),
                                      IN(error, SF_SLOT_TEXT),
                                      IN(cause, SF_SLOT_TEXT), END};
static const sf_slot written[] = {IN(writer, SF_SLOT_ID),
                                  IN(etag, SF_SLOT_TEXT), END};
static const sf_slot write_failed[] = {IN(writer, SF_SLOT_ID),
                                       IN(error, SF_SLOT_TEXT),
                                       IN(cause, SF_SLOT_TEXT), END};

static const sf_slot update_map_run[] = {
  IN(map_run, SF_SLOT_ID), IN(max_concurrency, SF_SLOT_VALUE),
  IN(tolerated_count, SF_SLOT_VALUE), IN(tolerated_percentage, SF_SLOT_VALUE),
  END};

/* ORDER EVENT */
const sf_row sf_event_rows[SF_EVENT_COUNT] = {
  {"time", true, no_fields},
  {"continue", true, no_fields},
  {"task_scheduled", false, task_only},
  {"task_started", true, task_worker},
  {"task_submitted", true, task_output},
  {"task_succeeded", true, task_token_output},
  {"task_failed", true, task_failed},
  {"task_heartbeat", true, task_token},
  {"task_lost", true, task_only},
  {"stop", true, stop},
  {"child_started", true, child_started},
  {"child_finished", true, child_finished},
  {"read", true, read},
  {"read_failed", true, read_failed},
  {"written", true, written},
  {"write_failed", true, write_failed},
  {"update_map_run", true, update_map_run},
  {"redrive", true, no_fields},
};

static const sf_slot effect_task[] = {OUT(task, SF_SLOT_ID),
                                      OUT(token, SF_SLOT_TEXT),
                                      OUT_NAME(kind, sf_resource_kind_names),
                                      OUT_NAME(pattern, sf_pattern_names),
                                      OUT(resource, SF_SLOT_TEXT),
                                      OUT(service, SF_SLOT_TEXT),
                                      OUT(action, SF_SLOT_TEXT),
                                      OUT(input, SF_SLOT_VALUE),
                                      OUT(credentials, SF_SLOT_VALUE),
                                      OUT(state, SF_SLOT_TEXT),
                                      OUT(path, SF_SLOT_VALUE),
                                      OUT(attempt, SF_SLOT_COUNT),
                                      OUT(event_id, SF_SLOT_ID),
                                      OUT(timeout_at, SF_SLOT_TIME),
                                      OUT(heartbeat_seconds, SF_SLOT_SECONDS),
                                      END};
static const sf_slot effect_cancel[] = {OUT(task, SF_SLOT_ID),
                                        OUT_NAME(reason, sf_reason_names),
                                        OUT(submitted, SF_SLOT_FLAG), END};
static const sf_slot effect_wake[] = {OUT(at, SF_SLOT_TIME),
                                      OUT(implicit, SF_SLOT_FLAG), END};
static const sf_slot effect_finished[] = {
  OUT_NAME(status, sf_status_names), OUT(output, SF_SLOT_VALUE),
  OUT(error, SF_SLOT_TEXT),          OUT(cause, SF_SLOT_TEXT),
  OUT(stop_date, SF_SLOT_TIME),      END};

static const sf_slot effect_child[] = {OUT(child, SF_SLOT_ID),
                                       OUT(map_run, SF_SLOT_ID),
                                       OUT(map_run_arn, SF_SLOT_TEXT),
                                       OUT(machine_arn, SF_SLOT_TEXT),
                                       OUT(machine_name, SF_SLOT_TEXT),
                                       OUT(processor, SF_SLOT_TEXT),
                                       OUT(name, SF_SLOT_TEXT),
                                       OUT(arn, SF_SLOT_TEXT),
                                       OUT(input, SF_SLOT_VALUE),
                                       {"execution_type", SF_SLOT_NAME,
                                        offsetof(sf_effect, child_type),
                                        sf_machine_type_names},
                                       END};
static const sf_slot effect_child_stop[] = {
  OUT(child, SF_SLOT_ID), OUT_NAME(reason, sf_reason_names), END};
static const sf_slot effect_read[] = {
  OUT(reader, SF_SLOT_ID),       OUT(operation, SF_SLOT_TEXT),
  OUT(bucket, SF_SLOT_TEXT),     OUT(key, SF_SLOT_TEXT),
  OUT(prefix, SF_SLOT_TEXT),     OUT(cursor, SF_SLOT_VALUE),
  OUT(max_bytes, SF_SLOT_COUNT), END};
static const sf_slot effect_read_close[] = {OUT(reader, SF_SLOT_ID), END};
static const sf_slot effect_write[] = {OUT(writer, SF_SLOT_ID),
                                       OUT(bucket, SF_SLOT_TEXT),
                                       OUT(key, SF_SLOT_TEXT),
                                       OUT(bytes, SF_SLOT_TEXT),
                                       OUT(offset, SF_SLOT_VALUE),
                                       OUT(last, SF_SLOT_FLAG),
                                       END};
static const sf_slot effect_map_run[] = {OUT(map_run, SF_SLOT_ID),
                                         OUT_NAME(status, sf_status_names),
                                         OUT(run, SF_SLOT_VALUE), END};

/* ORDER EFFECT */
const sf_row sf_effect_rows[SF_EFFECT_COUNT] = {
  {"task", false, effect_task},
  {"cancel", false, effect_cancel},
  {"wake", false, effect_wake},
  {"more", false, no_fields},
  {"finished", false, effect_finished},
  {"child", false, effect_child},
  {"child_stop", false, effect_child_stop},
  {"read", false, effect_read},
  {"read_close", false, effect_read_close},
  {"write", false, effect_write},
  {"map_run", false, effect_map_run},
};

void sf_effect_clear(sf_effect *e) {
#define AT(member) offsetof(sf_effect, member)
  static const size_t owned[] = {
    AT(token),     AT(resource),    AT(service),      AT(action),
    AT(input),     AT(credentials), AT(state),        AT(path),
    AT(output),    AT(error),       AT(cause),        AT(name),
    AT(arn),       AT(machine_arn), AT(machine_name), AT(map_run_arn),
    AT(processor), AT(operation),   AT(bucket),       AT(key),
    AT(prefix),    AT(cursor),      AT(bytes),        AT(run)};
#undef AT
  size_t i;

  for (i = 0; i < sizeof owned / sizeof owned[0]; i++) {
    sf_value *v = (sf_value *)(void *)((char *)e + owned[i]);
    if (v->kind != SF_ABSENT)
      sf_assign(v, sf_absent());
  }
}

void sf_event_init(sf_event *e) {
  memset(e, 0, sizeof *e);
  e->start_date = e->stop_date = SF_TIME_NEVER;
}
