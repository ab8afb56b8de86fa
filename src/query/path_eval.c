/*
** path_eval.c - runs a query's steps over a document.  Names and indices are
** followed in a loop, every other kind of step has a runner that calls on for
** each child it selects; '..' walks with a stack of its own.
*/
#include <string.h>

#include "query/path_eval.h"
#include "query/path_filter.h"
#include "query/path_function.h"
#include "query/path_member.h"
#include "query/path_text.h"

typedef sf_outcome runner(sf_eval *e, const sf_step *s, sf_value v);

static runner run;

/* Documents are larger than caches: ask early for a block that comes soon. */
#if defined(__GNUC__)
#define PREFETCH(v) __builtin_prefetch((v).u.block)
#else
#define PREFETCH(v) ((void)0)
#endif
#define PREFETCH_AHEAD 6

/* The element at 'i', while one some places further on is on its way. */
static inline sf_value next_element(const sf_value *items, size_t i,
                                    size_t count) {
  if (i + PREFETCH_AHEAD < count)
    PREFETCH(items[i + PREFETCH_AHEAD]);
  return items[i];
}

/* --- state --- */

void sf_eval_init(sf_eval *e, const sf_path *path, sf_value root,
                  sf_budget *budget, sf_error *err) {
  memset(e, 0, sizeof *e);
  e->path = path;
  e->rules = path->rules;
  e->steps = path->steps;
  e->node_table = path->nodes;
  e->mem = path->mem;
  e->root = root;
  e->budget = budget;
  e->err = err;
}

static void release_all(const sf_eval *e, sf_value *items, size_t count,
                        size_t capacity) {
  size_t i;
  for (i = 0; i < count; i++)
    sf_release(items[i]);
  sf_alloc_free(e->mem, items, capacity * sizeof(sf_value));
}

void sf_eval_clear(sf_eval *e) {
  size_t slot, slots = e->path->slots + (size_t)1;
  release_all(e, e->made, e->made_count, e->made_capacity);
  release_all(e, e->nodes, 0, e->node_capacity);
  release_all(e, e->trail, 0, e->trail_capacity);
  sf_alloc_free(e->mem, e->levels, e->level_capacity * sizeof(sf_level));
  if (e->kept != NULL)
    for (slot = 0; slot < slots; slot++)
      sf_release(e->kept[slot].v);
  sf_alloc_free(e->mem, e->kept, slots * sizeof(sf_operand));
  sf_regex_free(e->regex);
  sf_release(e->regex_text);
}

sf_outcome sf_eval_nomem(sf_eval *e) {
  sf_error_nomem(e->err);
  return RUN_FAILED;
}

static sf_outcome too_much(sf_eval *e, const char *what) {
  sf_error_set(e->err, SF_ERR_LIMIT, "the path '%s' %s", e->path->text, what);
  return RUN_FAILED;
}

sf_outcome sf_eval_exhausted(sf_eval *e) {
  return too_much(e, "needs more work than it is allowed");
}

static sf_outcome enter(sf_eval *e) {
  if (e->frames == SF_EVAL_FRAMES_MAX)
    return too_much(e, "nests too deep");
  e->frames++;
  return RUN_ON;
}

sf_outcome sf_eval_missing(sf_eval *e, sf_fault_kind fault, const sf_step *s,
                           sf_value v) {
  e->fault = fault;
  e->fault_step = s;
  e->fault_query = NULL;
  e->fault_value = v;
  return fault == FAULT_SCALAR ? RUN_REFUSED : RUN_MISSING;
}

static bool grow(sf_eval *e, sf_value **items, size_t count, size_t *capacity) {
  void *grown = *items;
  if (!sf_alloc_grow(e->mem, &grown, capacity, count + 1, sizeof(sf_value)))
    return false;
  *items = grown;
  return true;
}

static inline bool push(sf_eval *e, sf_value **items, size_t *count,
                        size_t *capacity, sf_value v) {
  if (*count == *capacity && !grow(e, items, *count, capacity))
    return false;
  (*items)[(*count)++] = v;
  return true;
}

sf_outcome sf_eval_keep(sf_eval *e, sf_value v) {
  if (v.kind != SF_ABSENT &&
      push(e, &e->made, &e->made_count, &e->made_capacity, v))
    return RUN_ON;
  sf_release(v);
  return sf_eval_nomem(e);
}

void sf_eval_sweep(sf_eval *e, size_t mark) {
  while (e->made_count > mark)
    sf_release(e->made[--e->made_count]);
}

/* --- the end of a path --- */

static inline sf_outcome add_node(sf_eval *e, sf_value v) {
  if (!push(e, &e->nodes, &e->node_count, &e->node_capacity, v))
    return sf_eval_nomem(e);
  return RUN_ON;
}

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
  return sf_eval_keep(e, text) == RUN_ON ? add_node(e, text) : RUN_FAILED;
}

static inline sf_outcome found(sf_eval *e, sf_value v) {
  switch (e->sink) {
    case SINK_NODES: return add_node(e, v);
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

/* Note the way to a child.  The trail is cut by whoever went there. */
static inline sf_outcome step_into(sf_eval *e, sf_value key) {
  if (e->sink != SINK_PLACES)
    return RUN_ON;
  if (!push(e, &e->trail, &e->trail_count, &e->trail_capacity, key))
    return sf_eval_nomem(e);
  return RUN_ON;
}

static sf_outcome step_to_index(sf_eval *e, sf_value array, int64_t i) {
  return step_into(e,
                   sf_integer(i < 0 ? i + (int64_t)sf_array_count(array) : i));
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
      return add_node(e, child);
  }
  out = step_into(e, sf_integer((int64_t)i));
  if (out == RUN_ON)
    out = absorb(run(e, next, v));
  e->trail_count = mark;
  return out;
}

static sf_outcome run_member(sf_eval *e, const sf_step *next, sf_value object,
                             size_t i) {
  size_t mark = e->trail_count;
  sf_outcome out = step_into(e, sf_object_key_at(object, i));
  if (out == RUN_ON)
    out = run(e, next, sf_object_value_at(object, i));
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
    out = run_element(e, next, next_element(items, i, count), i);
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
    out = run(e, &e->steps[selector], v);
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
    out = step_into(e, name);
    if (out == RUN_ON)
      out = run(e, next, one);
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
    out = sf_filter_test(e, s->u.node, next_element(items, i, count), &yes);
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
  return yes && out == RUN_ON ? run(e, sf_next_step(e, s), v) : out;
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

/* --- deep scan --- */

/* Hand every element of an array that a scan came upon to what follows its
** target. */
static sf_outcome pass_elements(sf_eval *e, const sf_step *target, sf_value v) {
  const sf_step *next = sf_next_step(e, target);
  size_t i, count = sf_array_count(v);
  sf_outcome out = sf_eval_work(e, count);
  for (i = 0; i < count && out == RUN_ON; i++) {
    size_t mark = e->trail_count;
    out = step_into(e, sf_integer((int64_t)i));
    if (out == RUN_ON)
      out = run(e, next, sf_array_at(v, i));
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
    case STEP_WILDCARD: return run(e, target, v);
    case STEP_NAMES:
      if (array ||
          (target->next == 0 && !e->required && !has_names(e, target, v)))
        return RUN_ON;
      return run(e, target, v);
    case STEP_INDEX:
    case STEP_SLICE:
    case STEP_UNION: yes = array; break;
    case STEP_FILTER: out = sf_filter_test(e, target->u.node, v, &yes); break;
    default: return RUN_ON;
  }
  if (out != RUN_ON || !yes)
    return out;
  return array && target->next != 0 ? pass_elements(e, target, v)
                                    : run(e, target, v);
}

/* Apply the target to a container that the scan came upon. */
static inline sf_outcome visit(sf_eval *e, const sf_step *target, sf_value v) {
  if (target->kind == STEP_NAME && !e->required) {
    sf_value child =
      v.kind == SF_OBJECT ? sf_follow_name(e, target, v) : sf_absent();
    if (child.kind == SF_ABSENT)
      return RUN_ON; /* most of them */
    if (target->next == 0 && e->sink == SINK_NODES)
      return add_node(e, child);
  }
  return e->rules->scan_picks ? pick(e, target, v) : run(e, target, v);
}

/* Remember where the scan is in 'l' while it is inside a child. */
static sf_outcome push_level(sf_eval *e, const sf_level *l) {
  void *levels = e->levels;
  if (!sf_alloc_grow(e->mem, &levels, &e->level_capacity, e->level_count + 1,
                     sizeof(sf_level)))
    return sf_eval_nomem(e);
  e->levels = levels;
  e->levels[e->level_count++] = *l;
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
      *child = next_element(items, i, count);
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

static sf_value key_before(const sf_level *l) {
  if (l->v.kind == SF_OBJECT)
    return sf_object_key_at(l->v, l->next - 1);
  return sf_integer((int64_t)l->next - 1);
}

static inline size_t child_count(sf_value v) {
  return v.kind == SF_ARRAY ? sf_array_count(v) : sf_object_count(v);
}

/* Visit a container, then all below it; children after their parents. */
static sf_outcome scan(sf_eval *e, const sf_step *target, sf_value v) {
  size_t base = e->level_count, mark = e->trail_count;
  sf_level l = {v, 0};
  sf_value child;
  sf_outcome out = sf_eval_work(e, 1 + child_count(v));
  if (out == RUN_ON)
    out = visit(e, target, v);
  while (out == RUN_ON) {
    if (!next_container(&l, &child)) {
      if (e->level_count == base)
        break;
      l = e->levels[--e->level_count];
      continue;
    }
    e->trail_count = mark;
    if (e->sink == SINK_PLACES)
      e->trail_count += e->level_count - base;
    out = step_into(e, key_before(&l));
    if (out == RUN_ON)
      out = sf_eval_work(e, 1 + child_count(child));
    if (out == RUN_ON)
      out = visit(e, target, child);
    if (out == RUN_ON && sf_depth(child) > 1) { /* it holds containers */
      out = push_level(e, &l);
      l.v = child;
      l.next = 0;
    }
  }
  e->level_count = base;
  e->trail_count = mark;
  return out;
}

static sf_outcome run_scan(sf_eval *e, const sf_step *s, sf_value v) {
  return v.kind >= SF_ARRAY ? scan(e, sf_next_step(e, s), v) : RUN_ON;
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
    out = run(e, sf_next_step(e, s), result);
  return out;
}

/* --- all kinds --- */

static sf_outcome run(sf_eval *e, const sf_step *s, sf_value v) {
  /* ORDER STEP */
  static runner *const runners[] = {
    run_end,      NULL,       NULL,      run_names, run_slice,
    run_wildcard, run_filter, run_union, run_scan,  run_call};
  size_t mark = e->trail_count;
  bool in_array = false;
  sf_outcome out = sf_eval_work(e, 1);
  for (; out == RUN_ON && (s->kind == STEP_NAME || s->kind == STEP_INDEX);
       s = sf_next_step(e, s)) {
    sf_value child = sf_absent();
    if (s->kind == STEP_NAME && v.kind == SF_OBJECT) {
      child = sf_follow_name(e, s, v);
      out = step_into(e, s->u.name);
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

sf_outcome sf_eval_query(sf_eval *e, uint32_t node, sf_value v) {
  const sf_node *n = &e->node_table[node];
  sf_outcome out = run(e, &e->steps[n->u.query.first], v);
  if (out == RUN_MISSING && e->fault_query == NULL)
    e->fault_query = n;
  return out == RUN_STOP ? RUN_ON : out;
}

sf_outcome sf_eval_nodes(sf_eval *e, uint32_t node, sf_value v, size_t *first) {
  sf_sink sink = e->sink;
  sf_outcome out;
  *first = e->node_count;
  e->sink = SINK_NODES;
  out = sf_eval_query(e, node, v);
  e->sink = sink;
  if (out != RUN_ON)
    e->node_count = *first;
  return out;
}

sf_outcome sf_eval_value(sf_eval *e, uint32_t node, sf_value v, sf_value *out) {
  size_t first;
  sf_outcome outcome = sf_eval_nodes(e, node, v, &first);
  if (outcome != RUN_ON)
    return outcome;
  if (e->node_count == first) {
    sf_eval_missing(e, FAULT_NOTHING, NULL, v);
    e->fault_query = &e->node_table[node];
    return RUN_MISSING;
  }
  *out = e->nodes[e->node_count - 1];
  e->node_count = first;
  return RUN_ON;
}

/* --- what went wrong --- */

static void describe(sf_eval *e, sf_buffer *b) {
  const sf_node *q = e->fault_query;
  const sf_step *s = e->fault_step;
  if (q == NULL)
    q = &e->node_table[e->path->main];
  if (e->fault == FAULT_NOTHING) {
    sf_buffer_add_text(b, "No results for path: ");
    sf_query_write(b, e->path, q, NULL);
  } else if (e->fault == FAULT_PROPERTY) {
    sf_buffer_add_text(b, "Missing property in path ");
    sf_query_write(b, e->path, q, s);
  } else {
    sf_buffer_add_text(b, e->fault == FAULT_NO_OBJECT ? "Expected an object in "
                          : e->fault == FAULT_NO_ARRAY
                            ? "Expected an array in "
                            : "Filter can not be applied to primitives in ");
    sf_query_write(b, e->path, q, s);
    sf_buffer_add_format(b, " but found '%s'",
                         sf_kind_name(e->fault_value.kind));
  }
}

sf_status sf_eval_report(sf_eval *e, sf_outcome out) {
  sf_status status = out == RUN_MISSING ? SF_ERR_NOT_FOUND : SF_ERR_EVALUATE;
  sf_buffer b;
  if (out == RUN_FAILED)
    return e->err->status;
  if (out == RUN_RANGE)
    return sf_error_set(e->err, SF_ERR_EVALUATE,
                        "the index of a function is out of range");
  sf_buffer_init(&b, e->mem);
  describe(e, &b);
  if (b.failed)
    status = sf_error_nomem(e->err);
  else
    sf_error_set(e->err, status, "%.*s", (int)b.length, b.bytes);
  sf_buffer_clear(&b);
  return status;
}
