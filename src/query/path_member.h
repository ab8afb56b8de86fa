/*
** path_member.h - the inner loop of the evaluator: from a value to the one
** child that a name or an index names.  Inlined where it is used.
*/
#ifndef SF_QUERY_PATH_MEMBER_H
#define SF_QUERY_PATH_MEMBER_H

#include "query/path_eval.h"

static inline const sf_step *sf_next_step(const sf_eval *e, const sf_step *s) {
  return &e->steps[s->next];
}

/* The member, which in a row of alike objects stands where it stood in the one
** before, under the same key.  Else SF_ABSENT or another search. */
static inline sf_value sf_follow_name(sf_eval *e, const sf_step *s,
                                      sf_value object) {
  sf_hint *hint = &e->hints[s->hint];
  if (hint->at < sf_object_count(object) &&
      sf_identity(sf_object_key_at(object, hint->at)) == hint->key)
    return sf_object_value_at(object, hint->at);
  return sf_search_name(hint, s->u.name, object);
}

static inline sf_value sf_follow_index(const sf_step *s, sf_value array) {
  int64_t count = (int64_t)sf_array_count(array), i = s->u.slice.from;
  if (i < 0)
    i += count;
  return i >= 0 && i < count ? sf_array_at(array, (size_t)i) : sf_absent();
}

/* The node that a singular query (names and indices only) names, or SF_ABSENT.
** The quick way: neither sink nor faults. */
static inline sf_value sf_follow(sf_eval *e, const sf_node *query, sf_value v) {
  const sf_step *s = &e->steps[query->u.query.first];
  for (; s->kind != STEP_END; s = sf_next_step(e, s)) {
    e->budget->steps -= e->budget->steps > 0;
    if (s->kind == STEP_NAME && v.kind == SF_OBJECT)
      v = sf_follow_name(e, s, v);
    else if (s->kind == STEP_INDEX && v.kind == SF_ARRAY)
      v = sf_follow_index(s, v);
    else
      return sf_absent();
  }
  return v;
}

#endif
