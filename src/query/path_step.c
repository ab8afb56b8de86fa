/*
** path_step.c - runs the steps of a query.  Names and indices are followed in a
** loop; every other kind of step has a runner that goes on with each child it
** selects.
*/
#include <string.h>

#include "query/path_filter.h"
#include "query/path_function.h"
#include "query/path_text.h"
#include "query/path_walk.h"

typedef sf_outcome runner(sf_eval *e, const sf_step *s, sf_value v);

/* --- the end of a path --- */

static sf_outcome add_place(sf_eval *e) {
  sf_buffer b;
  sf_value text;
  size_t i;
  sf_buffer_init(&b, e->mem);
  sf_buffer_add_char(&b, '$');
  for (i = 0; i < e->trail_count; i++)
    sf_place_write(&b, e->trail[i]);
  text = sf_buffer_string(&b);
  if (sf_eval_work(e, e->trail_count) != RUN_ON) {
    sf_release(text);
    return RUN_FAILED;
  }
  return sf_eval_keep(e, text) == RUN_ON ? sf_add_found(e, text) : RUN_FAILED;
}

static inline sf_outcome found(sf_eval *e, sf_value v) {
  switch (e->sink) {
    case SINK_NODES: return sf_add_found(e, v);
    case SINK_PLACES: return add_place(e);
    case SINK_COUNT: e->found++; return RUN_ON;
    case SINK_ANY: e->found++; break;
  }
  return RUN_STOP;
}

static sf_outcome run_end(sf_eval *e, const sf_step *s, sf_value v) {
  (void)s;
  return found(e, v);
}

/* --- one child --- */

#define WALK_MAX 8 /* larger objects are searched by their index */

sf_value sf_search_name(sf_hint *hint, sf_value name, sf_value object) {
  const char *text = sf_string_text(name);
  size_t i, len = sf_string_length(name), count = sf_object_count(object);
  if (count > WALK_MAX)
    return sf_object_get_key(object, name);
  for (i = 0; i < count; i++) {
    sf_value key = sf_object_key_at(object, i);
    const char *own = sf_string_text(key);
    if (sf_string_length(key) == len && own[0] == text[0] &&
        memcmp(own, text, len) == 0) {
      hint->at = i;
      hint->key = sf_identity(key);
      return sf_object_value_at(object, i);
    }
  }
  return sf_absent();
}

/* A name or index that is not there. */
static sf_outcome absent(sf_eval *e, const sf_step *s, sf_value v) {
  bool name = s->kind == STEP_NAME;
  if (!e->rules->missing_fails)
    return RUN_ON;
  if (v.kind != (name ? SF_OBJECT : SF_ARRAY)) {
    if (!s->upstream)
      return RUN_ON;
    return sf_eval_missing(e, name ? FAULT_NO_OBJECT : FAULT_NO_ARRAY, s, v);
  }
  if (!name)
    return RUN_ON;
  if (s->next == 0)
    return e->required ? sf_eval_missing(e, FAULT_NOTHING, s, v) : RUN_ON;
  if (e->required || (s->upstream && s->definite))
    return sf_eval_missing(e, FAULT_PROPERTY, s, v);
  return RUN_ON;
}

static sf_outcome step_to_index(sf_eval *e, sf_value array, int64_t i) {
  return sf_step_into(
    e, sf_integer(i < 0 ? i + (int64_t)sf_array_count(array) : i));
}

/* What an array step makes of the outcome for one element. */
static inline sf_outcome absorb(sf_outcome out) {
  return out == RUN_RANGE ? RUN_ON : out;
}

/* Go on with the element that stands at 'i'; quickly where a name is the last
** step. */
static inline sf_outcome run_element(sf_eval *e, const sf_step *next,
                                     sf_value v, size_t i) {
  size_t mark = e->trail_count;
  sf_outcome out;
  if (next->kind == STEP_NAME && next->next == 0 && v.kind == SF_OBJECT &&
      e->sink == SINK_NODES) {
    sf_value child = sf_follow_name(e, next, v);
    if (child.kind != SF_ABSENT)
      return sf_add_found(e, child);
  }
  out = sf_step_into(e, sf_integer((int64_t)i));
  if (out == RUN_ON)
    out = absorb(sf_run(e, next, v));
  e->trail_count = mark;
  return out;
}

static sf_outcome run_member(sf_eval *e, const sf_step *next, sf_value object,
                             size_t i) {
  size_t mark = e->trail_count;
  sf_outcome out = sf_step_into(e, sf_object_key_at(object, i));
  if (out == RUN_ON)
    out = sf_run(e, next, sf_object_value_at(object, i));
  e->trail_count = mark;
  return out;
}

/* --- several children --- */

static sf_outcome all_elements(sf_eval *e, const sf_step *s, sf_value array) {
  const sf_step *next = sf_next_step(e, s);
  const sf_value *items = sf_array_items(array);
  size_t i, count = sf_array_count(array);
  sf_outcome out = sf_eval_work(e, count);
  for (i = 0; i < count && out == RUN_ON; i++) {
    out = run_element(e, next, sf_next_element(items, i, count), i);
    if (out == RUN_MISSING && !e->required)
      out = RUN_ON;
  }
  return out;
}

static sf_outcome all_members(sf_eval *e, const sf_step *s, sf_value object) {
  const sf_step *next = sf_next_step(e, s);
  size_t i, count = sf_object_count(object);
  sf_outcome out = sf_eval_work(e, count);
  for (i = 0; i < count && out == RUN_ON; i++)
    out = run_member(e, next, object, i);
  return out;
}

static sf_outcome run_wildcard(sf_eval *e, const sf_step *s, sf_value v) {
  if (v.kind == SF_ARRAY)
    return all_elements(e, s, v);
  return v.kind == SF_OBJECT ? all_members(e, s, v) : RUN_ON;
}

typedef struct bounds {
  int64_t from, to, step; /* element i stands at i, or at i + count if i < 0 */
} bounds;

static int64_t clamp(int64_t i, int64_t low, int64_t high) {
  return i < low ? low : i > high ? high : i;
}

/* RFC 9535 section 2.3.4.2.2. */
static bounds normal_bounds(const sf_slice *s, int64_t count) {
  bounds b = {s->step > 0 ? 0 : count - 1, s->step > 0 ? count : -1, s->step};
  int64_t low = s->step > 0 ? 0 : -1;
  int64_t high = s->step > 0 ? count : count - 1;
  if (s->has_from)
    b.from = clamp(s->from < 0 ? s->from + count : s->from, low, high);
  if (s->has_to)
    b.to = clamp(s->to < 0 ? s->to + count : s->to, low, high);
  return b;
}

static bounds wrapping_bounds(const sf_slice *s, int64_t count) {
  bounds b = {s->from, s->to, 1};
  if (!s->has_from || !s->has_to)
    return normal_bounds(s, count);
  b.from = clamp(b.from, -count, count);
  b.to = clamp(b.to, -count, count);
  return b;
}

static sf_outcome run_slice(sf_eval *e, const sf_step *s, sf_value v) {
  const sf_step *next = sf_next_step(e, s);
  int64_t i, count;
  bounds b;
  sf_outcome out = RUN_ON;
  if (v.kind != SF_ARRAY)
    return s->upstream && e->rules->missing_fails
             ? sf_eval_missing(e, FAULT_NO_ARRAY, s, v)
             : RUN_ON;
  count = (int64_t)sf_array_count(v);
  b = e->rules->slice_wraps ? wrapping_bounds(&s->u.slice, count)
                            : normal_bounds(&s->u.slice, count);
  if (b.step == 0)
    return RUN_ON;
  for (i = b.from; (b.step > 0 ? i < b.to : i > b.to) && out == RUN_ON;
       i += b.step) {
    size_t at = (size_t)(i < 0 ? i + count : i);
    out = sf_eval_work(e, 1);
    if (out == RUN_ON)
      out = run_element(e, next, sf_array_at(v, at), at);
  }
  return out;
}

static sf_outcome run_union(sf_eval *e, const sf_step *s, sf_value v) {
  uint32_t selector = s->u.list.first;
  sf_outcome out = RUN_ON;
  for (; selector != 0 && out == RUN_ON; selector = e->steps[selector].sibling)
    out = sf_run(e, &e->steps[selector], v);
  return out;
}

/* --- several names (AWS) --- */

/* One object with the members that are there. */
static sf_outcome merge_names(sf_eval *e, const sf_step *s, sf_value v) {
  sf_value merged = sf_object_new(e->mem, s->u.list.count);
  uint32_t i;
  for (i = 0; i < s->u.list.count; i++) {
    sf_value name = e->path->values[s->u.list.first + i];
    sf_value one = sf_object_get_key(v, name);
    if (one.kind == SF_ABSENT && e->required) {
      sf_release(merged);
      return sf_eval_missing(e, FAULT_PROPERTY, s, v);
    }
    if (one.kind != SF_ABSENT &&
        sf_object_set(&merged, sf_retain(name), sf_retain(one)) != SF_OK) {
      sf_release(merged);
      return sf_eval_nomem(e);
    }
  }
  if (sf_eval_keep(e, merged) != RUN_ON)
    return RUN_FAILED;
  return found(e, merged);
}

static sf_outcome each_name(sf_eval *e, const sf_step *s, sf_value v) {
  const sf_step *next = sf_next_step(e, s);
  sf_outcome out = RUN_ON;
  uint32_t i;
  for (i = 0; i < s->u.list.count && out == RUN_ON; i++) {
    size_t mark = e->trail_count;
    sf_value name = e->path->values[s->u.list.first + i];
    sf_value one = sf_object_get_key(v, name);
    if (one.kind == SF_ABSENT) {
      if (e->required)
        return sf_eval_missing(e, FAULT_PROPERTY, s, v);
      continue;
    }
    out = sf_step_into(e, name);
    if (out == RUN_ON)
      out = sf_run(e, next, one);
    e->trail_count = mark;
  }
  return out;
}

static sf_outcome run_names(sf_eval *e, const sf_step *s, sf_value v) {
  sf_outcome out;
  if (v.kind != SF_OBJECT)
    return s->upstream ? sf_eval_missing(e, FAULT_NO_OBJECT, s, v) : RUN_ON;
  out = sf_eval_work(e, s->u.list.count);
  if (out != RUN_ON)
    return out;
  return s->next == 0 ? merge_names(e, s, v) : each_name(e, s, v);
}

/* --- filters --- */

static sf_outcome filter_elements(sf_eval *e, const sf_step *s,
                                  sf_value array) {
  const sf_step *next = sf_next_step(e, s);
  const sf_value *items = sf_array_items(array);
  size_t i, count = sf_array_count(array);
  sf_outcome out = sf_eval_work(e, count);
  for (i = 0; i < count && out == RUN_ON; i++) {
    bool yes = false;
    out = sf_filter_test(e, s->u.node, sf_next_element(items, i, count), &yes);
    if (yes && out == RUN_ON)
      out = run_element(e, next, items[i], i);
  }
  return out;
}

static sf_outcome filter_members(sf_eval *e, const sf_step *s,
                                 sf_value object) {
  const sf_step *next = sf_next_step(e, s);
  size_t i, count = sf_object_count(object);
  sf_outcome out = sf_eval_work(e, count);
  for (i = 0; i < count && out == RUN_ON; i++) {
    bool yes = false;
    out = sf_filter_test(e, s->u.node, sf_object_value_at(object, i), &yes);
    if (yes && out == RUN_ON)
      out = run_member(e, next, object, i);
  }
  return out;
}

static sf_outcome filter_self(sf_eval *e, const sf_step *s, sf_value v) {
  bool yes = false;
  sf_outcome out = sf_filter_test(e, s->u.node, v, &yes);
  return yes && out == RUN_ON ? sf_run(e, sf_next_step(e, s), v) : out;
}

static sf_outcome run_filter(sf_eval *e, const sf_step *s, sf_value v) {
  if (v.kind == SF_ARRAY)
    return filter_elements(e, s, v);
  if (v.kind == SF_OBJECT)
    return e->rules->filter_self ? filter_self(e, s, v)
                                 : filter_members(e, s, v);
  if (s->upstream && e->rules->missing_fails)
    return sf_eval_missing(e, FAULT_SCALAR, s, v);
  return RUN_ON;
}

/* --- functions (AWS) --- */

static sf_outcome run_call(sf_eval *e, const sf_step *s, sf_value v) {
  const sf_function *f = s->u.call.function;
  sf_value result;
  sf_outcome out = sf_eval_work(e, 1);
  if (out == RUN_ON)
    out = f->apply(e, f, s->u.call.args, v, &result);
  if (out == RUN_ON)
    out = found(e, result);
  if (out == RUN_ON && s->next != 0)
    out = sf_run(e, sf_next_step(e, s), result);
  return out;
}

/* --- all kinds --- */

static sf_outcome enter(sf_eval *e) {
  if (e->frames == SF_EVAL_FRAMES_MAX)
    return sf_eval_too_much(e, "nests too deep");
  e->frames++;
  return RUN_ON;
}

sf_outcome sf_run(sf_eval *e, const sf_step *s, sf_value v) {
  /* ORDER STEP */
  static runner *const runners[] = {
    run_end,      NULL,       NULL,      run_names,   run_slice,
    run_wildcard, run_filter, run_union, sf_run_scan, run_call};
  size_t mark = e->trail_count;
  bool in_array = false;
  sf_outcome out = sf_eval_work(e, 1);
  for (; out == RUN_ON && (s->kind == STEP_NAME || s->kind == STEP_INDEX);
       s = sf_next_step(e, s)) {
    sf_value child = sf_absent();
    if (s->kind == STEP_NAME && v.kind == SF_OBJECT) {
      child = sf_follow_name(e, s, v);
      out = sf_step_into(e, s->u.name);
    } else if (s->kind == STEP_INDEX && v.kind == SF_ARRAY) {
      child = sf_follow_index(s, v);
      in_array = true;
      out = step_to_index(e, v, s->u.slice.from);
    }
    if (child.kind == SF_ABSENT) {
      e->trail_count = mark;
      return out == RUN_ON ? absent(e, s, v) : out;
    }
    v = child;
  }
  if (s->kind == STEP_END && out == RUN_ON)
    out = found(e, v);
  else if (out == RUN_ON && (out = enter(e)) == RUN_ON) {
    out = runners[s->kind](e, s, v);
    e->frames--;
  }
  e->trail_count = mark;
  return in_array ? absorb(out) : out;
}
