/*
** group.c - Parallel and Map: frames below a frame.  Branches begin all at
** once, iterations lazily, at most as many as may run at a time.
*/
#include "base/json.h"
#include "run/internal.h"

group *sf_group_new(sf_execution *x, frame *f, uint32_t total) {
  group *g = sf_alloc_zero(x->mem, sizeof *g);
  uint32_t i;

  if (g == NULL) {
    x->broken = true;
    return NULL;
  }
  f->group = g;
  f->phase = FRAME_GROUP;
  g->total = total;
  g->results = sf_array_new(x->mem, total);
  for (i = 0; i < total && g->results.kind != SF_ABSENT; i++) {
    if (sf_array_push(&g->results, sf_null()) != SF_OK)
      x->broken = true;
  }
  if (g->results.kind == SF_ABSENT)
    x->broken = true;
  return g;
}

/* All are done: the state's result is there. */
static void complete(sf_execution *x, frame *f) {
  const sf_state *st = sf_frame_state(x, f);
  sf_value results = sf_retain(f->group->results);

  sf_emit(x, st->type == SF_MAP ? H_MAP_SUCCEEDED : H_PARALLEL_SUCCEEDED,
          f->last_id, f, sf_absent(), sf_absent());
  sf_group_free(x, f);
  sf_state_result(x, f, results);
  sf_release(results);
}

/* --- Parallel --- */

static void begin_branch(sf_execution *x, frame *f, uint32_t scope,
                         uint32_t index, sf_value input) {
  frame *branch = sf_frame_new(x, f, scope, index, sf_retain(input));

  if (branch == NULL)
    return;
  branch->last_id = f->group->started_id;
  f->group->begun++;
  f->group->running++;
  sf_queue_push(x, branch);
}

void sf_parallel_act(sight *s, frame *f) {
  sf_execution *x = s->x;
  const sf_state *st = sf_frame_state(x, f);
  const sf_parallel *p = &st->u.parallel;
  sf_value input = {{0}, SF_ABSENT}, sent = {{0}, SF_ABSENT};
  failure fail;
  uint32_t i;
  bool ok;

  ok = sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                      &input, &fail) &&
       sf_road_template(s, st->parameters, input, SF_STAGE_AFTER_PARAMETERS,
                        &sent, &fail) &&
       sf_road_size(s, sent, st->name, &fail);
  sf_release(input);
  if (!ok) {
    sf_release(sent);
    sf_raise(x, f, &fail);
    return;
  }
  f->last_id =
    sf_emit(x, H_PARALLEL_STARTED, f->last_id, f, sf_absent(), sf_absent());
  if (sf_group_new(x, f, p->count) != NULL) {
    f->group->started_id = f->last_id;
    for (i = 0; i < p->count; i++)
      begin_branch(x, f, p->branches[i], i, sent);
  }
  sf_release(sent);
}

/* --- Map --- */

/* The input of iteration 'index', owned. */
static bool iteration_input(sf_execution *x, frame *f, uint32_t index,
                            sf_value *out, failure *fail) {
  const sf_map *map = &sf_frame_state(x, f)->u.map;
  sf_value item = sf_array_at(f->group->items, index);
  sight s;
  bool ok;

  if (map->item_selector == NULL) {
    *out = sf_retain(item);
    return true;
  }
  sf_sight_init(&s, x, f);
  s.iterates = f->group;
  s.item = item;
  s.item_index = index;
  s.item_number = index + 1;
  ok = sf_road_template(&s, map->item_selector, f->effective,
                        SF_STAGE_AFTER_ITEM_SELECTOR, out, fail);
  sf_sight_clear(&s);
  return ok;
}

/* Let iterations begin, the first event of which points at 'previous'. */
static void iterate(sf_execution *x, frame *f, uint32_t previous) {
  f->group->previous_id = previous;
  f->phase = FRAME_ITERATE;
  sf_queue_push_ahead(x, f);
}

/* Begin the next iteration.  false: its input could not be made, and the Map has
** failed. */
static bool begin_iteration(sf_execution *x, frame *f) {
  group *g = f->group;
  uint32_t index = g->begun;
  sf_value input = {{0}, SF_ABSENT};
  failure fail;
  frame *iteration;

  if (!iteration_input(x, f, index, &input, &fail)) {
    sf_raise(x, f, &fail);
    return false;
  }
  iteration =
    sf_frame_new(x, f, sf_frame_state(x, f)->u.map.processor, index, input);
  if (iteration == NULL)
    return false;
  g->begun++;
  g->running++;
  iteration->last_id = sf_emit(x, H_ITERATION_STARTED, g->previous_id, f,
                               sf_integer(index), sf_absent());
  sf_queue_push(x, iteration);
  return true;
}

static bool may_begin(const sf_execution *x, const group *g) {
  return !x->broken && g->begun < g->total && g->running < g->concurrency;
}

void sf_map_iterate(sf_execution *x, frame *f) {
  const group *g = f->group;

  do {
    sf_step_charge(x, SF_TRANSITION_COST);
    if (!begin_iteration(x, f))
      return;
  } while (may_begin(x, g) && x->slice_left > 0);
  f->phase = FRAME_GROUP;
  if (may_begin(x, g))
    iterate(x, f, g->previous_id);
}

void sf_map_go_on(sf_execution *x, frame *f, uint32_t previous) {
  f->phase = FRAME_GROUP;
  if (may_begin(x, f->group))
    iterate(x, f, previous);
}

#define NOT_ITERABLE "Map state input must be an array but was: %s"

static bool fail_not_iterable(sight *s, const sf_state *st, sf_value items,
                              failure *fail) {
  const sf_template *t = st->u.map.items_template;
  const sf_expr *e = t == NULL ? NULL : sf_template_expr(t);
  sf_value shown;
  const char *text;

  if (e != NULL)
    return sf_fail_result(s, e, "Items", "array", items, fail);
  shown = sf_json_text(s->x->mem, items);
  text = shown.kind == SF_STRING ? sf_string_text(shown) : "";
  if (st->language == SF_JSONATA)
    sf_fail_query(s, fail, sf_absent(), NOT_ITERABLE, text);
  else
    sf_fail_runtime(s, fail, NOT_ITERABLE, text);
  sf_release(shown);
  return false;
}

bool sf_map_items(sight *s, const sf_state *st, sf_value input, bool members,
                  sf_value *items, failure *fail) {
  const sf_map *map = &st->u.map;

  if (map->items_template != NULL
        ? !sf_road_template(s, map->items_template, input,
                            SF_STAGE_AFTER_ITEMS_PATH, items, fail)
        : !sf_road_select(s, &map->items, input, SF_STAGE_AFTER_ITEMS_PATH,
                          items, fail))
    return false;
  return items->kind == SF_ARRAY || (members && items->kind == SF_OBJECT) ||
         fail_not_iterable(s, st, *items, fail);
}

bool sf_fail_setting(sight *s, const sf_operand *operand, const char *field,
                     const char *kind, sf_value v, failure *fail) {
  bool branch = v.kind == SF_ARRAY || v.kind == SF_OBJECT;
  sf_value shown;

  if (sf_is_jsonata(operand))
    return sf_is_number(v)
             ? sf_fail_parse(s, field, "an integer", v, fail)
             : sf_fail_result(s, operand->expr, field, "number", v, fail);
  shown = sf_road_shown(s->x, v);
  sf_fail_runtime(
    s, fail, "The %s field refers to value \"%s\" which is not a valid %s: %s",
    field, branch || shown.kind != SF_STRING ? "{}" : sf_string_text(shown),
    kind, sf_expr_text(operand->expr));
  sf_release(shown);
  return false;
}

bool sf_map_concurrency(sight *s, const sf_map *map, sf_value input,
                        uint32_t most, uint32_t *out, failure *fail) {
  const char *field = "MaxConcurrencyPath";
  const sf_operand *operand = &map->max_concurrency;
  int64_t n = 0;
  sf_value v;
  bool ok = true;

  *out = most;
  if (operand->kind == SF_OPERAND_NONE)
    return true;
  if (!sf_road_setting(s, operand, field, input, &v, fail))
    return false;
  if (!sf_road_whole(v, &n))
    ok = sf_fail_setting(s, operand, field, "integer", v, fail);
  else if (n < 0)
    ok = sf_fail_runtime(s, fail, "MaxConcurrency cannot be negative.");
  sf_release(v);
  if (n > 0 && n < most)
    *out = (uint32_t)n;
  return ok;
}

typedef struct map_start {
  sf_value input, items;
  uint32_t concurrency;
} map_start;

static bool prepare_map(sight *s, const frame *f, const sf_state *st,
                        map_start *start, failure *fail) {
  const sf_map *map = &st->u.map;
  uint32_t most = s->x->facts.limits.map_concurrency;

  start->input = start->items = sf_absent();
  if (!sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                      &start->input, fail) ||
      !sf_map_items(s, st, start->input, false, &start->items, fail))
    return false;
  return sf_map_concurrency(s, map, start->input, most == 0 ? UINT32_MAX : most,
                            &start->concurrency, fail);
}

static void begin_map(sf_execution *x, frame *f, const map_start *start) {
  uint32_t total = (uint32_t)sf_array_count(start->items);
  group *g;

  f->last_id =
    sf_emit(x, H_MAP_STARTED, f->last_id, f, sf_integer(total), sf_absent());
  g = sf_group_new(x, f, total);
  if (g == NULL || x->broken)
    return;
  g->started_id = f->last_id;
  g->items = sf_retain(start->items);
  g->concurrency = start->concurrency;
  sf_assign(&f->effective, sf_retain(start->input));
  if (total == 0)
    complete(x, f);
  else
    iterate(x, f, g->started_id);
}

void sf_map_act(sight *s, frame *f) {
  sf_execution *x = s->x;
  map_start start;
  failure fail;

  if (sf_frame_state(x, f)->u.map.distributed) {
    sf_map_run_act(s, f);
    return;
  }
  if (prepare_map(s, f, sf_frame_state(x, f), &start, &fail))
    begin_map(x, f, &start);
  else
    sf_raise(x, f, &fail);
  sf_release(start.input);
  sf_release(start.items);
}

/* --- an end below --- */

void sf_group_child_done(sf_execution *x, frame *child, sf_value output) {
  frame *f = child->parent;
  group *g = f->group;
  uint32_t last = child->last_id;
  bool map = sf_frame_state(x, f)->type == SF_MAP;

  f->last_id = last;
  if (map)
    f->last_id = sf_emit(x, H_ITERATION_SUCCEEDED, last, f,
                         sf_integer(child->index), sf_absent());
  if (sf_array_set(&g->results, child->index, sf_retain(output)) != SF_OK)
    x->broken = true;
  sf_frame_free(x, child);
  g->running--;
  g->done++;
  if (x->overflow || x->broken)
    return;
  if (map && g->begun < g->total)
    iterate(x, f, last);
  else if (g->done == g->total)
    complete(x, f);
}
