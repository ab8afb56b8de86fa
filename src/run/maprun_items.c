/*
** maprun_items.c - from items to the inputs of children: where the next item
** comes from, what ItemSelector makes of it, how ItemBatcher puts items
** together.
*/
#include "base/json.h"
#include "run/maprun.h"

#define ITEM_COST 8 /* in steps of expressions */

static supply from_input(map_run *run, found_item *out) {
  size_t index = (size_t)run->taken;

  if (run->source.kind == SF_ARRAY) {
    if (index >= sf_array_count(run->source))
      return SUPPLY_END;
    out->value = sf_retain(sf_array_at(run->source, index));
  } else {
    if (index >= sf_object_count(run->source))
      return SUPPLY_END;
    out->value = sf_retain(sf_object_value_at(run->source, index));
    out->key = sf_retain(sf_object_key_at(run->source, index));
  }
  run->taken++;
  return SUPPLY_READY;
}

/* $$.Map.Item */
static sf_value map_item(sf_execution *x, const map_run *run,
                         const found_item *it) {
  sf_value o = sf_object_new(x->mem, 4);

  sf_map_run_put(x, &o, "Index", sf_integer((int64_t)run->taken - 1));
  if (it->key.kind != SF_ABSENT)
    sf_map_run_put(x, &o, "Key", sf_retain(it->key));
  sf_map_run_put(x, &o, "Value", sf_retain(it->value));
  sf_map_run_put(x, &o, "Source",
                 run->source.kind == SF_ABSENT
                   ? sf_retain(sf_reader_source(run))
                   : sf_string_from(x->mem, SF_SOURCE_STATE));
  return o;
}

/* What a child gets of an item without an ItemSelector. */
static sf_value plain_item(sf_execution *x, const found_item *it) {
  sf_value o;

  if (it->key.kind == SF_ABSENT)
    return sf_retain(it->value);
  o = sf_object_new(x->mem, 2);
  sf_map_run_put(x, &o, "Key", sf_retain(it->key));
  sf_map_run_put(x, &o, "Value", sf_retain(it->value));
  return o;
}

static bool select_item(sight *s, const map_run *run, const found_item *it,
                        sf_value *out, failure *fail) {
  const sf_map *map = &s->x->machine->states[run->state].u.map;
  bool ok;

  if (map->item_selector == NULL) {
    *out = plain_item(s->x, it);
    return true;
  }
  sf_sight_item(s, map_item(s->x, run, it), (uint32_t)run->taken);
  ok = sf_road_template(s, map->item_selector, run->frame->effective,
                        SF_STAGE_AFTER_ITEM_SELECTOR, out, fail);
  sf_sight_item(s, sf_absent(), 0);
  return ok;
}

/* The item is kept till it is selected: that may take more than one slice. */
static supply find_item(sf_execution *x, map_run *run, failure *fail) {
  if (run->found.value.kind != SF_ABSENT)
    return SUPPLY_READY;
  return run->source.kind == SF_ABSENT
           ? sf_reader_next(x, run, &run->found, fail)
           : from_input(run, &run->found);
}

static supply next_item(sight *s, map_run *run, sf_value *out, failure *fail) {
  supply got = find_item(s->x, run, fail);

  sf_budget_take(&s->budget, ITEM_COST);
  if (s->x->putting_off)
    return SUPPLY_FAILED;
  if (got != SUPPLY_READY)
    return got;
  if (!select_item(s, run, &run->found, out, fail))
    got = SUPPLY_FAILED;
  if (!s->x->putting_off) {
    sf_assign(&run->found.value, sf_absent());
    sf_assign(&run->found.key, sf_absent());
  }
  return got;
}

/* --- batches --- */

/* {"BatchInput": ..., "Items": [...]} without the items, and without the comma
** that the first of them does not need. */
static uint64_t frame_bytes(const map_run *run) {
  uint64_t bytes = sizeof "{\"Items\":[]}" - 2;

  if (run->batch_input.kind != SF_ABSENT)
    bytes += sizeof "\"BatchInput\":," - 1 + sf_json_length(run->batch_input);
  return bytes;
}

/* Is there room for the item that is held?  The first always has it. */
static bool has_room(const map_run *run) {
  size_t count = run->batch.kind == SF_ABSENT ? 0 : sf_array_count(run->batch);

  if (count == 0)
    return true;
  if (run->limits.items != 0 && count >= run->limits.items)
    return false;
  return run->limits.bytes == 0 ||
         run->batch_bytes + sf_json_length(run->held) + 1 <= run->limits.bytes;
}

static void add_held(sf_execution *x, map_run *run) {
  if (run->batch.kind == SF_ABSENT) {
    run->batch = sf_array_new(x->mem, 0);
    run->batch_bytes = frame_bytes(run);
  }
  run->batch_bytes += sf_json_length(run->held) + 1; /* and a comma */
  if (sf_array_push(&run->batch, run->held) != SF_OK)
    x->broken = true;
  run->held = sf_absent();
}

static bool is_full(const map_run *run) {
  return run->batch.kind != SF_ABSENT && run->limits.items != 0 &&
         sf_array_count(run->batch) >= run->limits.items;
}

static supply take_batch(sf_execution *x, map_run *run, sf_value *input,
                         uint32_t *items) {
  *input = sf_object_new(x->mem, 2);
  *items = (uint32_t)sf_array_count(run->batch);
  if (run->batch_input.kind != SF_ABSENT)
    sf_map_run_put(x, input, "BatchInput", sf_retain(run->batch_input));
  sf_map_run_put(x, input, "Items", run->batch);
  run->batch = sf_absent();
  return SUPPLY_READY;
}

static supply next_batch(sight *s, map_run *run, sf_value *input,
                         uint32_t *items, failure *fail) {
  supply got;

  while (!is_full(run) && !s->x->broken) {
    if (run->held.kind == SF_ABSENT) {
      got = next_item(s, run, &run->held, fail);
      if (got == SUPPLY_END)
        break;
      if (got != SUPPLY_READY)
        return got;
    }
    if (!has_room(run))
      break;
    add_held(s->x, run);
  }
  if (run->batch.kind == SF_ABSENT)
    return SUPPLY_END;
  return take_batch(s->x, run, input, items);
}

supply sf_map_run_next(sight *s, map_run *run, sf_value *input, uint32_t *items,
                       failure *fail) {
  supply got;

  *input = sf_absent();
  *items = 1;
  if (run->has_batches)
    got = next_batch(s, run, input, items, fail);
  else
    got = next_item(s, run, input, fail);
  if (got == SUPPLY_READY &&
      !sf_road_size(s, *input, s->x->machine->states[run->state].name, fail)) {
    sf_assign(input, sf_absent());
    return SUPPLY_FAILED;
  }
  return got;
}
