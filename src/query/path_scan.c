/*
** path_scan.c - '..': the next step applied to a container and to every one
** below it, parents first.  It walks with a stack of its own, so that no depth of
** a document is a depth of C.
*/
#include "query/path_filter.h"
#include "query/path_walk.h"

/* Hand every element of an array that a scan came upon to what follows its
** target. */
static sf_outcome pass_elements(sf_eval *e, const sf_step *target, sf_value v) {
  const sf_step *next = sf_next_step(e, target);
  size_t i, count = sf_array_count(v);
  sf_outcome out = sf_eval_work(e, count);
  for (i = 0; i < count && out == RUN_ON; i++) {
    size_t mark = e->trail_count;
    out = sf_step_into(e, sf_integer((int64_t)i));
    if (out == RUN_ON)
      out = sf_run(e, next, sf_array_at(v, i));
    e->trail_count = mark;
  }
  return out;
}

static bool has_names(const sf_eval *e, const sf_step *s, sf_value object) {
  uint32_t i;
  for (i = 0; i < s->u.list.count; i++) {
    sf_value name = e->path->values[s->u.list.first + i];
    if (sf_object_get_key(object, name).kind == SF_ABSENT)
      return false;
  }
  return true;
}

/* What Jayway's scan does with a container: its target decides whether it is
** picked; of a picked array all elements go on when the target is not the last
** step. */
static sf_outcome pick(sf_eval *e, const sf_step *target, sf_value v) {
  bool array = v.kind == SF_ARRAY, yes = true;
  sf_outcome out = RUN_ON;
  switch ((sf_step_kind)target->kind) {
    case STEP_NAME:
    case STEP_WILDCARD: return sf_run(e, target, v);
    case STEP_NAMES:
      if (array ||
          (target->next == 0 && !e->required && !has_names(e, target, v)))
        return RUN_ON;
      return sf_run(e, target, v);
    case STEP_INDEX:
    case STEP_SLICE:
    case STEP_UNION: yes = array; break;
    case STEP_FILTER: out = sf_filter_test(e, target->u.node, v, &yes); break;
    default: return RUN_ON;
  }
  if (out != RUN_ON || !yes)
    return out;
  return array && target->next != 0 ? pass_elements(e, target, v)
                                    : sf_run(e, target, v);
}

static inline size_t child_count(sf_value v) {
  return v.kind == SF_ARRAY ? sf_array_count(v) : sf_object_count(v);
}

/* Apply the target to a container that the scan has reached. */
static inline sf_outcome reach(sf_eval *e, const sf_step *target, sf_value v) {
  if (sf_eval_work(e, 1 + child_count(v)) != RUN_ON)
    return RUN_FAILED;
  if (target->kind == STEP_NAME && !e->required) {
    sf_value child =
      v.kind == SF_OBJECT ? sf_follow_name(e, target, v) : sf_absent();
    if (child.kind == SF_ABSENT)
      return RUN_ON; /* most of them */
    if (target->next == 0 && e->sink == SINK_NODES)
      return sf_add_found(e, child);
  }
  return e->rules->scan_picks ? pick(e, target, v) : sf_run(e, target, v);
}

/* Go down into a container. */
static sf_outcome push_level(sf_eval *e, sf_value v) {
  void *levels = e->levels;
  sf_level *l;
  if (e->level_count == e->level_capacity &&
      !sf_alloc_grow(e->mem, &levels, &e->level_capacity, e->level_count + 1,
                     sizeof(sf_level)))
    return sf_eval_nomem(e);
  e->levels = levels;
  l = &e->levels[e->level_count++];
  l->v = v;
  l->next = 0;
  return RUN_ON;
}

/* The next container among the children; false when there is none left. */
static inline bool next_container(sf_level *l, sf_value *child) {
  size_t i = l->next, count;
  if (l->v.kind == SF_ARRAY) {
    const sf_value *items = sf_array_items(l->v);
    count = sf_array_count(l->v);
    while (i < count && items[i].kind < SF_ARRAY)
      i++;
    if (i < count)
      *child = sf_next_element(items, i, count);
  } else {
    count = sf_object_count(l->v);
    while (i < count && sf_object_value_at(l->v, i).kind < SF_ARRAY)
      i++;
    if (i < count)
      *child = sf_object_value_at(l->v, i);
  }
  l->next = i + 1;
  return i < count;
}

/* Note the way to the child that the innermost level has come to; 'depth' keys
** of the trail lead to that level. */
static sf_outcome note_place(sf_eval *e, const sf_level *l, size_t depth) {
  e->trail_count = depth;
  if (l->v.kind == SF_OBJECT)
    return sf_step_into(e, sf_object_key_at(l->v, l->next - 1));
  return sf_step_into(e, sf_integer((int64_t)l->next - 1));
}

/* Reach a container, then all below it; children after their parents. */
static sf_outcome scan(sf_eval *e, const sf_step *target, sf_value v) {
  size_t base = e->level_count, mark = e->trail_count;
  sf_outcome out = reach(e, target, v);
  if (out == RUN_ON)
    out = push_level(e, v);
  while (out == RUN_ON && e->level_count > base) {
    sf_level *l = &e->levels[e->level_count - 1];
    sf_value child;
    if (!next_container(l, &child)) {
      e->level_count--;
      continue;
    }
    if (e->sink == SINK_PLACES)
      out = note_place(e, l, mark + e->level_count - base - 1);
    if (out == RUN_ON)
      out = reach(e, target, child);
    if (out == RUN_ON && sf_depth(child) > 1) /* it holds containers */
      out = push_level(e, child);
  }
  e->level_count = base;
  e->trail_count = mark;
  return out;
}

sf_outcome sf_run_scan(sf_eval *e, const sf_step *s, sf_value v) {
  return v.kind >= SF_ARRAY ? scan(e, sf_next_step(e, s), v) : RUN_ON;
}
