/*
** check_result.c - a result that is given a shape and then thrown away by a
** ResultPath of null.  Where Assign reads it, it is of use.
*/
#include "asl/check.h"

/* Does it give the result of its work a shape, at the end? */
static bool makes_something(const sf_state *s) {
  if (s->next != SF_NONE || s->assign != NULL || s->type == SF_CHOICE)
    return false;
  return s->output != NULL || s->result_selector != NULL ||
         (s->type == SF_PASS &&
          (s->result.kind != SF_ABSENT || s->parameters != NULL));
}

/* Does an iteration end in a state that does so?  That it only works, and its
** last Task has some result, is nothing to doubt. */
static bool makes_result(const sf_loader *l, uint32_t scope) {
  const sf_scope_source *source = &l->scopes[scope];
  uint32_t i;
  for (i = source->first; i < source->first + source->count; i++)
    if (makes_something(&l->machine->states[i]))
      return true;
  return false;
}

/* A result that is written elsewhere as well is of use. */
static bool is_written(const sf_map *m) {
  return m->distribution != NULL && m->distribution->writer.there;
}

void sf_check_result(sf_loader *l, const sf_state *s) {
  sf_where state = sf_where_pointer(NULL, sf_string_text(s->pointer));
  sf_where at = sf_where_pointer(&state, "/ResultPath");
  if (s->result_path.kind != SF_SELECT_NONE || s->assign != NULL)
    return;
  if (s->result_selector != NULL)
    sf_warn(l, &at, SF_LOCATION_HERE, "RESULT_DROPPED",
            "ResultPath is null: what ResultSelector makes is dropped");
  else if (s->type == SF_PASS &&
           (s->result.kind != SF_ABSENT || s->parameters != NULL))
    sf_warn(l, &at, SF_LOCATION_HERE, "RESULT_DROPPED",
            "ResultPath is null: what this state makes is dropped");
  else if (s->type == SF_MAP && !is_written(&s->u.map) &&
           makes_result(l, s->u.map.processor))
    sf_warn(l, &at, SF_LOCATION_HERE, "MAP_RESULT_DROPPED",
            "ResultPath is null: the results that the iterations make are "
            "dropped");
}
