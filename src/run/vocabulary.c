#include "run/vocabulary.h"

#include <stddef.h>

const char *const sf_status_names[] = {"RUNNING",   "SUCCEEDED", "FAILED",
                                       "TIMED_OUT", "ABORTED",   NULL};
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
  { #member, SF_FIELD_NAME, offsetof(sf_effect, member), names }
#define END                                                                    \
  { NULL, SF_FIELD_VALUE, 0, NULL }

static const sf_field no_fields[] = {END};
static const sf_field task_only[] = {IN(task, SF_FIELD_ID), END};
static const sf_field task_worker[] = {IN(task, SF_FIELD_ID),
                                       IN(worker, SF_FIELD_TEXT), END};
static const sf_field task_output[] = {IN(task, SF_FIELD_ID),
                                       IN(output, SF_FIELD_VALUE), END};
static const sf_field task_token_output[] = {IN(task, SF_FIELD_ID),
                                             IN(token, SF_FIELD_TEXT),
                                             IN(output, SF_FIELD_VALUE), END};
static const sf_field task_failed[] = {
  IN(task, SF_FIELD_ID),
  IN(token, SF_FIELD_TEXT),
  {"stage", SF_FIELD_NAME, offsetof(sf_event, stage), sf_stage_names},
  IN(error, SF_FIELD_TEXT),
  IN(cause, SF_FIELD_TEXT),
  END};
static const sf_field task_token[] = {IN(task, SF_FIELD_ID),
                                      IN(token, SF_FIELD_TEXT), END};
static const sf_field stop[] = {IN(error, SF_FIELD_TEXT),
                                IN(cause, SF_FIELD_TEXT), END};

/* ORDER EVENT */
const sf_row sf_event_rows[SF_EVENT_COUNT] = {
  {"time", true, true, no_fields},
  {"continue", true, true, no_fields},
  {"task_scheduled", false, true, task_only},
  {"task_started", true, true, task_worker},
  {"task_submitted", true, true, task_output},
  {"task_succeeded", true, true, task_token_output},
  {"task_failed", true, true, task_failed},
  {"task_heartbeat", true, true, task_token},
  {"task_lost", true, true, task_only},
  {"stop", true, true, stop},
  {"child_started", true, false, no_fields},
  {"child_finished", true, false, no_fields},
  {"read", true, false, no_fields},
  {"read_failed", true, false, no_fields},
  {"written", true, false, no_fields},
  {"write_failed", true, false, no_fields},
  {"redrive", true, false, no_fields},
  {"update_map_run", true, false, no_fields},
};

static const sf_field effect_task[] = {OUT(task, SF_FIELD_ID),
                                       OUT(token, SF_FIELD_TEXT),
                                       OUT_NAME(kind, sf_resource_kind_names),
                                       OUT_NAME(pattern, sf_pattern_names),
                                       OUT(resource, SF_FIELD_TEXT),
                                       OUT(service, SF_FIELD_TEXT),
                                       OUT(action, SF_FIELD_TEXT),
                                       OUT(input, SF_FIELD_VALUE),
                                       OUT(credentials, SF_FIELD_VALUE),
                                       OUT(state, SF_FIELD_TEXT),
                                       OUT(path, SF_FIELD_VALUE),
                                       OUT(attempt, SF_FIELD_COUNT),
                                       OUT(event_id, SF_FIELD_ID),
                                       OUT(timeout_at, SF_FIELD_TIME),
                                       OUT(heartbeat_seconds, SF_FIELD_SECONDS),
                                       END};
static const sf_field effect_cancel[] = {OUT(task, SF_FIELD_ID),
                                         OUT_NAME(reason, sf_reason_names),
                                         OUT(submitted, SF_FIELD_FLAG), END};
static const sf_field effect_wake[] = {OUT(at, SF_FIELD_TIME),
                                       OUT(implicit, SF_FIELD_FLAG), END};
static const sf_field effect_finished[] = {
  OUT_NAME(status, sf_status_names), OUT(output, SF_FIELD_VALUE),
  OUT(error, SF_FIELD_TEXT),         OUT(cause, SF_FIELD_TEXT),
  OUT(stop_date, SF_FIELD_TIME),     END};

/* ORDER EFFECT */
const sf_row sf_effect_rows[SF_EFFECT_COUNT] = {
  {"task", false, true, effect_task},
  {"cancel", false, true, effect_cancel},
  {"wake", false, true, effect_wake},
  {"more", false, true, no_fields},
  {"finished", false, true, effect_finished},
  {"child", false, false, no_fields},
  {"child_stop", false, false, no_fields},
  {"read", false, false, no_fields},
  {"read_close", false, false, no_fields},
  {"write", false, false, no_fields},
  {"map_run", false, false, no_fields},
};

void sf_effect_clear(sf_effect *e) {
  sf_value *owned[] = {&e->token,  &e->resource,    &e->service, &e->action,
                       &e->input,  &e->credentials, &e->state,   &e->path,
                       &e->output, &e->error,       &e->cause};
  size_t i;

  for (i = 0; i < sizeof owned / sizeof owned[0]; i++)
    sf_assign(owned[i], sf_absent());
}
