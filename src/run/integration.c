/*
** integration.c - what the service itself does with the parameters of an
** integration before it calls it (fields of its own, and checks), and which
** answers it takes for failures.  One row each.
*/
#include <stdio.h>
#include <string.h>

#include "base/json.h"

#include "run/internal.h"

typedef struct integration_rule {
  const char *service, *action;
  bool (*apply)(sight *s, sf_value *sent, failure *fail);
} integration_rule;

/* Who started the ECS task that the service will wait for. */
static bool add_started_by(sight *s, sf_value *sent, failure *fail) {
  sf_execution *x = s->x;

  (void)fail;
  if (sent->kind != SF_OBJECT ||
      sf_object_get(*sent, "StartedBy", 9).kind != SF_ABSENT)
    return true;
  if (sf_object_put(sent, "StartedBy",
                    sf_string_from(x->mem, "AWS Step Functions")) != SF_OK)
    x->broken = true;
  return true;
}

static bool fail_field(sight *s, sf_value sent, const char *field,
                       failure *fail) {
  sf_value text = sf_road_shown(s->x, sent);

  sf_fail_runtime(s, fail,
                  "The Parameters '%s' could not be used to start the Task: "
                  "[The value of the field '%s' has an invalid format]",
                  sf_string_text(text), field);
  sf_release(text);
  return false;
}

/* A header of a request has a list of values. */
static bool check_headers(sight *s, sf_value *sent, failure *fail) {
  sf_value headers =
    sent->kind == SF_OBJECT ? sf_object_get(*sent, "Headers", 7) : sf_absent();
  size_t i;

  if (headers.kind == SF_ABSENT || headers.kind == SF_NULL)
    return true;
  if (headers.kind != SF_OBJECT)
    return fail_field(s, *sent, "Headers", fail);
  for (i = 0; i < sf_object_count(headers); i++)
    if (sf_object_value_at(headers, i).kind != SF_ARRAY)
      return fail_field(s, *sent, "Headers", fail);
  return true;
}

static const integration_rule rules[] = {
  {"apigateway", "invoke", check_headers},
  {"apigateway", "invoke.waitForTaskToken", check_headers},
  {"ecs", "runTask.sync", add_started_by},
};

bool sf_integration_prepare(sight *s, const sf_resource *r, sf_value *sent,
                            failure *fail) {
  size_t i;

  for (i = 0; i < sizeof rules / sizeof rules[0]; i++)
    if (sf_string_is(r->service, rules[i].service) &&
        sf_string_is(r->action, rules[i].action))
      return rules[i].apply(s, sent, fail);
  return true;
}

/* --- answers --- */

#define STATUS_BAD 400 /* of HTTP, and those above */

/* A row: what of 'answer' says that it failed. */
typedef struct answer_rule {
  const char *service, *action;
  bool (*check)(sf_execution *x, sf_value answer, failure *fail);
} answer_rule;

static int64_t number_of(sf_value answer, const char *name) {
  sf_value v = answer.kind == SF_OBJECT
                 ? sf_object_get(answer, name, strlen(name))
                 : sf_absent();
  int64_t n;

  return sf_is_number(v) && sf_to_integer(v, &n) ? n : 0;
}

/* Some of the events did not get through: the cause is all that was answered. */
static bool check_entries(sf_execution *x, sf_value answer, failure *fail) {
  return number_of(answer, "FailedEntryCount") <= 0 ||
         sf_fail_named(x, fail, "EventBridge.FailedEntry",
                       sf_json_text(x->mem, answer), REACH_ALL);
}

/* The response says that the request failed: its body is the cause. */
static bool check_status(sf_execution *x, const char *prefix, sf_value answer,
                         failure *fail) {
  int64_t status = number_of(answer, "StatusCode");
  char error[64];
  sf_value body;

  if (status < STATUS_BAD || status > 999)
    return true;
  snprintf(error, sizeof error, "%s.%d", prefix, (int)status);
  body = sf_object_get(answer, "ResponseBody", 12);
  return sf_fail_named(x, fail, error,
                       body.kind == SF_ABSENT ? body : sf_road_shown(x, body),
                       REACH_ALL);
}

static bool check_gateway(sf_execution *x, sf_value answer, failure *fail) {
  return check_status(x, "ApiGateway", answer, fail);
}

static bool check_http(sf_execution *x, sf_value answer, failure *fail) {
  return check_status(x, "States.Http.StatusCode", answer, fail);
}

static const answer_rule answer_rules[] = {
  {"events", "putEvents", check_entries},
  {"apigateway", "invoke", check_gateway},
  {"http", "invoke", check_http},
};

bool sf_integration_accept(sf_execution *x, const sf_resource *r,
                           sf_value answer, failure *fail) {
  size_t i;

  for (i = 0; i < sizeof answer_rules / sizeof answer_rules[0]; i++)
    if (sf_string_is(r->service, answer_rules[i].service) &&
        sf_string_is(r->action, answer_rules[i].action))
      return answer_rules[i].check(x, answer, fail);
  return true;
}
