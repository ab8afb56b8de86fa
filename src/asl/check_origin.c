/*
** check_origin.c - errors of the service's own that never come from the state
** whose retrier or catcher names them: each comes of one kind of state alone.
**
** Out of a Parallel or a Map comes whatever any state of the machine may raise.
** A worker that answers for itself, and a host's own function, may say anything.
*/
#include <string.h>

#include "asl/check.h"

typedef bool origin(const sf_state *s);

static bool is_parallel(const sf_state *s) {
  return s->type == SF_PARALLEL;
}

static bool is_choice(const sf_state *s) {
  return s->type == SF_CHOICE;
}

static bool is_map(const sf_state *s) {
  return s->type == SF_MAP;
}

static bool is_jsonata(const sf_state *s) {
  return s->language == SF_JSONATA;
}

static bool has_reader(const sf_state *s) {
  return is_map(s) && s->u.map.distribution != NULL &&
         s->u.map.distribution->reader.there;
}

static bool has_writer(const sf_state *s) {
  return is_map(s) && s->u.map.distribution != NULL &&
         s->u.map.distribution->writer.there;
}

static const struct {
  const char *name;
  origin *comes_of;
  const char *what;
} origins[] = {
  {"States.BranchFailed", is_parallel, "a Parallel state"},
  {"States.ExceedToleratedFailureThreshold", is_map, "a Map state"},
  {"States.ItemReaderFailed", has_reader, "a Map state with an ItemReader"},
  {"States.NoChoiceMatched", is_choice, "a Choice state"},
  {"States.QueryEvaluationError", is_jsonata, "a state in JSONata"},
  {"States.ResultWriterFailed", has_writer, "a Map state with a ResultWriter"},
};

/* May anything come of it? */
static bool is_free(const sf_state *s) {
  const sf_resource *r = &s->u.task.resource;
  if (s->waits.kind != SF_ABSENT || s->type == SF_FAIL)
    return true;
  if (s->type != SF_TASK)
    return false;
  return r->kind == SF_RESOURCE_ACTIVITY || r->pattern == SF_PATTERN_TOKEN ||
         strncmp(sf_string_text(r->text), "arn:", 4) != 0 ||
         strstr(sf_string_text(r->text), "${") != NULL;
}

static bool may_come_of(const sf_loader *l, const sf_state *s,
                        origin *comes_of) {
  uint32_t i;
  if (is_free(s) || comes_of(s))
    return true;
  for (i = 0; s->type != SF_TASK && i < l->machine->nstates; i++)
    if (is_free(&l->machine->states[i]) || comes_of(&l->machine->states[i]))
      return true;
  return false;
}

void sf_check_origin(sf_loader *l, const sf_state *s, sf_value name,
                     const sf_where *at) {
  size_t i;
  for (i = 0; i < sizeof origins / sizeof origins[0]; i++)
    if (sf_string_is(name, origins[i].name) &&
        !may_come_of(l, s, origins[i].comes_of))
      sf_warn(l, at, SF_LOCATION_HERE, "IMPOSSIBLE_ERROR",
              "'%s' never comes of \"%s\", but of %s", origins[i].name,
              sf_string_text(s->name), origins[i].what);
}
