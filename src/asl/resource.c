/*
** resource.c - the forms of a Resource and the table of integrations.
*/
#include "asl/resource.h"

#include <stddef.h>
#include <string.h>

/* The integrations that are not aws-sdk: service, its actions between bars (""
** where the list changes too often to refuse anything), and which patterns it
** has beside the plain request: 's' .sync, '2' .sync:2, 't' a token. */
static const struct {
  const char *service, *actions, *patterns;
} integrations[] = {
  {"apigateway", "|invoke|", "t"},
  {"athena",
   "|startQueryExecution|stopQueryExecution|getQueryExecution|"
   "getQueryResults|",
   "s"},
  {"batch", "|submitJob|", "s"},
  {"bedrock", "", "st"},
  {"bedrock-agentcore", "", "s2t"},
  {"codebuild",
   "|startBuild|stopBuild|batchDeleteBuilds|batchGetReports|startBuildBatch|"
   "stopBuildBatch|retryBuildBatch|deleteBuildBatch|",
   "s"},
  {"databrew", "|startJobRun|", "s"},
  {"dynamodb", "|getItem|putItem|updateItem|deleteItem|", ""},
  {"ecs", "|runTask|", "st"},
  {"eks", "", "st"},
  {"elasticmapreduce", "", "s"},
  {"emr-containers", "", "s"},
  {"emr-serverless", "", "s"},
  {"events", "|putEvents|", "t"},
  {"glue", "|startJobRun|", "s"},
  {"http", "|invoke|", ""},
  {"lambda", "|invoke|", "t"},
  {"mediaconvert", "|createJob|", "s"},
  {"sagemaker", "", "s"},
  {"sns", "|publish|", "t"},
  {"sqs", "|sendMessage|", "t"},
  {"states", "|startExecution|", "s2t"},
};

/* ORDER PATTERN */
static const struct {
  const char *suffix;
  char letter;
} patterns[] = {
  {"", '\0'},
  {".sync", 's'},
  {".sync:2", '2'},
  {".waitForTaskToken", 't'},
};

/* The parts of an ARN: arn:partition:service:region:account:rest */
typedef struct sf_part {
  const char *text;
  size_t len;
} sf_part;

#define ARN_PARTS 6

static bool split_arn(const char *text, sf_part parts[ARN_PARTS]) {
  int i;
  for (i = 0; i < ARN_PARTS; i++) {
    const char *colon = i < ARN_PARTS - 1 ? strchr(text, ':') : NULL;
    if (i < ARN_PARTS - 1 && colon == NULL)
      return false;
    parts[i].text = text;
    parts[i].len = colon != NULL ? (size_t)(colon - text) : strlen(text);
    text += parts[i].len + 1;
  }
  return parts[0].len == 3 && memcmp(parts[0].text, "arn", 3) == 0;
}

static bool part_is(const sf_part *part, const char *text) {
  return part->len == strlen(text) && memcmp(part->text, text, part->len) == 0;
}

static bool begins(const sf_part *part, const char *text) {
  return part->len > strlen(text) &&
         memcmp(part->text, text, strlen(text)) == 0;
}

/* arn:aws:states:::SERVICE:ACTION, without region and account */
static bool is_integration(const sf_part parts[ARN_PARTS]) {
  return part_is(&parts[2], "states") && parts[3].len == 0 && parts[4].len == 0;
}

static sf_pattern pattern_of(const char *action, size_t len) {
  int i;
  for (i = SF_PATTERN_TOKEN; i > SF_PATTERN_REQUEST; i--) {
    size_t n = strlen(patterns[i].suffix);
    if (len > n && strcmp(action + len - n, patterns[i].suffix) == 0)
      return (sf_pattern)i;
  }
  return SF_PATTERN_REQUEST;
}

/* Where the service ends: "aws-sdk:s3" has a colon of its own. */
static size_t service_length(const sf_part *rest) {
  const char *from = rest->text;
  const char *colon;
  if (strncmp(from, "aws-sdk:", 8) == 0)
    from += 8;
  colon = strchr(from, ':');
  return colon != NULL ? (size_t)(colon - rest->text) : rest->len;
}

static sf_status read_integration(const sf_alloc *mem, const sf_part *rest,
                                  sf_resource *out) {
  size_t service = service_length(rest);
  const char *action = rest->text + service + (service < rest->len);
  size_t len = (size_t)(rest->text + rest->len - action);
  out->service = sf_string_new(mem, rest->text, service);
  out->action = sf_string_new(mem, action, len);
  if (out->service.kind == SF_ABSENT || out->action.kind == SF_ABSENT)
    return SF_ERR_NOMEM;
  out->pattern = pattern_of(action, len);
  out->kind = sf_string_is(out->service, "http") ? SF_RESOURCE_HTTP
                                                 : SF_RESOURCE_INTEGRATION;
  return SF_OK;
}

sf_status sf_resource_read(const sf_alloc *mem, sf_value text,
                           sf_resource *out) {
  sf_part parts[ARN_PARTS];
  memset(out, 0, sizeof *out);
  out->text = sf_retain(text);
  if (!split_arn(sf_string_text(text), parts))
    return SF_OK;
  if (is_integration(parts))
    return read_integration(mem, &parts[5], out);
  if (part_is(&parts[2], "states") && begins(&parts[5], "activity:"))
    out->kind = SF_RESOURCE_ACTIVITY;
  return SF_OK;
}

void sf_resource_clear(sf_resource *r) {
  sf_release(r->text);
  sf_release(r->service);
  sf_release(r->action);
  memset(r, 0, sizeof *r);
}

/* --- what is accepted --- */

static bool has_placeholder(const char *text) {
  const char *open = strstr(text, "${");
  return open != NULL && strchr(open, '}') != NULL;
}

/* "scheme:rest", but no ARN. */
static bool is_other_uri(const char *text) {
  size_t n = 0;
  while ((text[n] | 0x20) >= 'a' && (text[n] | 0x20) <= 'z')
    n++;
  while (n > 0 && text[n] != '\0' && strchr("+-.0123456789", text[n]) != NULL)
    n++;
  return n > 0 && text[n] == ':' && text[n + 1] != '\0' &&
         strncmp(text, "arn:", 4) != 0;
}

/* Is "|name|" in the list?  'len' bytes of 'name' count. */
static bool list_has(const char *list, const char *name, size_t len) {
  for (; *list == '|' && list[1] != '\0'; list = strchr(list + 1, '|'))
    if (strncmp(list + 1, name, len) == 0 && list[1 + len] == '|')
      return true;
  return false;
}

static bool has_pattern(const char *known, sf_pattern pattern) {
  return pattern == SF_PATTERN_REQUEST ||
         strchr(known, patterns[pattern].letter) != NULL;
}

static bool integration_is_known(const sf_resource *r) {
  const char *service = sf_string_text(r->service);
  const char *action = sf_string_text(r->action);
  size_t len =
    sf_string_length(r->action) - strlen(patterns[r->pattern].suffix);
  size_t i;
  if (len == 0)
    return false;
  if (strncmp(service, "aws-sdk:", 8) == 0)
    return service[8] != '\0' && has_pattern("t", r->pattern);
  for (i = 0; i < sizeof integrations / sizeof integrations[0]; i++)
    if (strcmp(service, integrations[i].service) == 0)
      return has_pattern(integrations[i].patterns, r->pattern) &&
             (integrations[i].actions[0] == '\0' ||
              list_has(integrations[i].actions, action, len));
  return false;
}

bool sf_resource_is_known(const sf_resource *r) {
  const char *text = sf_string_text(r->text);
  sf_part parts[ARN_PARTS];
  if (has_placeholder(text) || is_other_uri(text))
    return true;
  if (r->service.kind == SF_STRING)
    return integration_is_known(r);
  return split_arn(text, parts) && parts[1].len > 0 && parts[2].len > 0 &&
         parts[5].len > 0 && parts[5].text[parts[5].len - 1] != ':';
}

bool sf_resource_is_aws(const sf_resource *r) {
  sf_part parts[ARN_PARTS];
  return r->text.kind == SF_STRING &&
         split_arn(sf_string_text(r->text), parts) &&
         (part_is(&parts[2], "lambda") || part_is(&parts[2], "states"));
}

bool sf_resource_is_store(sf_value text, const char *list) {
  sf_part parts[ARN_PARTS];
  if (has_placeholder(sf_string_text(text)))
    return true;
  return split_arn(sf_string_text(text), parts) && is_integration(parts) &&
         list_has(list, parts[5].text, parts[5].len);
}

const char *sf_resource_refused(const sf_resource *r, sf_machine_type type) {
  if (type != SF_EXPRESS)
    return NULL;
  if (r->kind == SF_RESOURCE_ACTIVITY)
    return "Express state machine does not support Activity ARN";
  switch (r->pattern) {
    case SF_PATTERN_SYNC:
    case SF_PATTERN_SYNC2:
      return "Express state machine does not support '.sync' service "
             "integration";
    case SF_PATTERN_TOKEN: /* the two blanks at its end are the service's */
      return "Express state machine does not support '.waitForTaskToken' "
             "service integration ";
    default: return NULL;
  }
}
