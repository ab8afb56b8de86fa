/*
** path_walk.h - the inner loop of the evaluator, shared by its files and
** inlined there: from a value to a child, from a child to the result.
*/
#ifndef SF_QUERY_PATH_WALK_H
#define SF_QUERY_PATH_WALK_H

#include "query/path_eval.h"

/* Run the query from the step 's' on, on 'v'. */
sf_outcome sf_run(sf_eval *e, const sf_step *s, sf_value v);

/* The runner of STEP_SCAN (path_scan.c). */
sf_outcome sf_run_scan(sf_eval *e, const sf_step *s, sf_value v);

/* Search an object's member and note where it was. */
sf_value sf_search_name(sf_hint *hint, sf_value name, sf_value object);

/* Room for one more value in 'items'. */
bool sf_eval_grow(sf_eval *e, sf_value **items, size_t count, size_t *capacity);

static inline bool sf_eval_push(sf_eval *e, sf_value **items, size_t *count,
                                size_t *capacity, sf_value v) {
  if (*count == *capacity && !sf_eval_grow(e, items, *count, capacity))
    return false;
  (*items)[(*count)++] = v;
  return true;
}

static inline sf_outcome sf_add_found(sf_eval *e, sf_value v) {
  if (!sf_eval_push(e, &e->nodes, &e->node_count, &e->node_capacity, v))
    return sf_eval_nomem(e);
  return RUN_ON;
}

/* Note the way to a child.  The trail is cut by whoever went there. */
static inline sf_outcome sf_step_into(sf_eval *e, sf_value key) {
  if (e->sink != SINK_PLACES)
    return RUN_ON;
  if (!sf_eval_push(e, &e->trail, &e->trail_count, &e->trail_capacity, key))
    return sf_eval_nomem(e);
  return RUN_ON;
}

/* Documents are larger than caches: ask early for a block that comes soon. */
#if defined(__GNUC__)
#define PREFETCH(v) __builtin_prefetch((v).u.block)
#else
#define PREFETCH(v) ((void)0)
#endif
#define PREFETCH_AHEAD 6

/* The element at 'i', while one some places further on is on its way. */
static inline sf_value sf_next_element(const sf_value *items, size_t i,
                                       size_t count) {
  if (i + PREFETCH_AHEAD < count)
    PREFETCH(items[i + PREFETCH_AHEAD]);
  return items[i];
}

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
    sf_budget_take(e->budget, 1); /* who asks next hears that it is spent */
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
