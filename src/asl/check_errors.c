/*
** check_errors.c - the names in ErrorEquals: one that can't be caught, one that
** nothing raises, one that an earlier retrier or catcher takes.
*/
#include <string.h>

#include "asl/check.h"

#define PREFIX "States."

/* Each list of a state: its retriers or its catchers. */
typedef struct entries {
  const char *field; /* "/Retry" */
  const char *noun;
  const sf_state *state;
  uint32_t count;
} entries;

static sf_value errors_at(const entries *e, uint32_t i) {
  sf_value v = strcmp(e->field, "/Retry") == 0 ? e->state->retriers[i].errors
                                               : e->state->catchers[i].errors;
  return v.kind == SF_ARRAY ? v : sf_absent();
}

static const char *const known_names[] = {
  "States.ALL",
  "States.BranchFailed",
  "States.DataLimitExceeded",
  "States.ExceedToleratedFailureThreshold",
  "States.HeartbeatTimeout",
  "States.Http.Socket",
  "States.IntrinsicFailure",
  "States.ItemReaderFailed",
  "States.NoChoiceMatched",
  "States.ParameterPathFailure",
  "States.Permissions",
  "States.QueryEvaluationError",
  "States.ResultPathMatchFailure",
  "States.ResultWriterFailed",
  "States.Runtime",
  "States.TaskFailed",
  "States.Timeout",
};

#define KNOWN (sizeof known_names / sizeof known_names[0])

static bool begins(sf_value name, const char *prefix) {
  return strncmp(sf_string_text(name), prefix, strlen(prefix)) == 0;
}

static bool is_known(sf_value name) {
  size_t i;
  for (i = 0; i < KNOWN; i++)
    if (sf_string_is(name, known_names[i]))
      return true;
  return begins(name, "States.Http.StatusCode.");
}

/* A Fail state may say what it likes; where it reads its Error from the data,
** anything may come. */
static bool is_raised(const sf_machine *m, sf_value name) {
  uint32_t i;
  for (i = 0; i < m->nstates; i++) {
    const sf_state *s = &m->states[i];
    if (s->type != SF_FAIL || s->u.fail.error.kind == SF_OPERAND_NONE)
      continue;
    if (s->u.fail.error.kind == SF_OPERAND_EXPR || s->language == SF_JSONATA ||
        sf_equal(s->u.fail.error.constant, name))
      return true;
  }
  return false;
}

/* A name that the service keeps for itself, near one that it has:
** "States.TaskFaild", "State.ALL". */
static void check_known(sf_loader *l, sf_value name, const sf_where *at) {
  sf_nearest n;
  size_t i;
  if ((!begins(name, PREFIX) && !begins(name, "State.")) || is_known(name) ||
      is_raised(l->machine, name))
    return;
  sf_nearest_init(&n, sf_string_text(name), sf_string_length(name));
  for (i = 0; i < KNOWN; i++)
    sf_nearest_try(&n, known_names[i], strlen(known_names[i]));
  if (n.name == NULL)
    return;
  sf_hint_nearest(l, &n);
  sf_warn(l, at, SF_LOCATION_HERE, "UNKNOWN_ERROR_NAME",
          "No error is called '%s': it never matches", sf_string_text(name));
}

/* Does an entry with 'earlier' take every error that 'name' stands for? */
static bool takes(sf_value earlier, sf_value name) {
  if (sf_equal(earlier, name))
    return true;
  if (sf_string_is(earlier, "States.Timeout"))
    return sf_string_is(name, "States.HeartbeatTimeout");
  return sf_string_is(earlier, "States.TaskFailed") &&
         !sf_string_is(name, "States.ALL") &&
         !sf_string_is(name, "States.Timeout") &&
         !sf_string_is(name, "States.HeartbeatTimeout") &&
         !sf_string_is(name, "States.DataLimitExceeded");
}

static bool is_taken_by(sf_value errors, sf_value name) {
  size_t i;
  for (i = 0; errors.kind == SF_ARRAY && i < sf_array_count(errors); i++)
    if (takes(sf_array_at(errors, i), name))
      return true;
  return false;
}

static void check_taken(sf_loader *l, const entries *e, uint32_t index,
                        sf_value name, const sf_where *at) {
  uint32_t i;
  for (i = 0; i < index && i < SF_DIAGNOSTICS_MAX; i++)
    if (is_taken_by(errors_at(e, i), name)) {
      sf_warn(l, at, SF_LOCATION_HERE, "SHADOWED_ERROR",
              "'%s' never gets here: %s %lu takes it", sf_string_text(name),
              e->noun, (unsigned long)i + 1);
      return;
    }
}

static void check_name(sf_loader *l, const entries *e, uint32_t index,
                       sf_value name, const sf_where *at) {
  if (name.kind != SF_STRING)
    return;
  if (sf_string_is(name, "States.Runtime"))
    sf_warn(l, at, SF_LOCATION_HERE, "UNCATCHABLE_ERROR",
            "States.Runtime always fails the execution: no %s gets it",
            e->noun);
  else
    check_known(l, name, at);
  sf_check_origin(l, e->state, name, at);
  check_taken(l, e, index, name, at);
}

static void check_entries(sf_loader *l, const entries *e) {
  sf_where state = sf_where_pointer(NULL, sf_string_text(e->state->pointer));
  sf_where list = sf_where_pointer(&state, e->field);
  uint32_t i;
  size_t k;
  for (i = 0; i < e->count; i++) {
    sf_where entry = sf_where_index(&list, i);
    sf_where names = sf_where_pointer(&entry, "/ErrorEquals");
    sf_value errors = errors_at(e, i);
    for (k = 0; errors.kind == SF_ARRAY && k < sf_array_count(errors); k++) {
      sf_where at = sf_where_index(&names, k);
      check_name(l, e, i, sf_array_at(errors, k), &at);
    }
  }
}

void sf_check_errors(sf_loader *l, const sf_state *s) {
  entries retriers = {"/Retry", "retrier", s, s->nretriers};
  entries catchers = {"/Catch", "catcher", s, s->ncatchers};
  check_entries(l, &retriers);
  check_entries(l, &catchers);
}
