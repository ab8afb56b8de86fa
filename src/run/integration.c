/*
** integration.c - what the service itself does with the parameters of an
** integration before it calls it: fields of its own, and checks.  One row each.
*/
#include <string.h>

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
