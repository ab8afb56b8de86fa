/*
** maprun_settings.c - what the definition and the state's input say of a Map Run.
*/
#include "run/maprun.h"

#include "base/json.h"

const sf_item_reader *sf_item_reader_of(const sf_map *map) {
  const sf_distribution *d = map->distribution;

  return d == NULL || !d->reader.there ? NULL : &d->reader;
}

const sf_item_reader *sf_map_run_rules(const sf_execution *x,
                                       const map_run *run) {
  return sf_item_reader_of(&x->machine->states[run->state].u.map);
}

/* A whole number that a constant or a path gives; *there: is there one? */
static bool whole_setting(sight *s, const sf_operand *operand,
                          const char *field, sf_value input, bool *there,
                          int64_t *out, failure *fail) {
  sf_value v;
  bool ok;

  *there = operand->kind != SF_OPERAND_NONE;
  *out = 0;
  if (!*there)
    return true;
  if (!sf_road_setting(s, operand, field, input, &v, fail))
    return false;
  ok = sf_road_whole(v, out) ||
       sf_fail_setting(s, operand, field, "integer", v, fail);
  sf_release(v);
  return ok;
}

/* A number, also as text. */
static bool to_float(sf_execution *x, sf_value v, double *out) {
  sf_value number = sf_retain(v);
  sf_error err;
  bool ok;

  if (v.kind == SF_STRING &&
      sf_json_read(x->mem, sf_string_text(v), sf_string_length(v), &number,
                   &err) != SF_OK)
    number = sf_absent();
  if (v.kind == SF_STRING)
    sf_release(v);
  ok = sf_is_number(number);
  if (ok)
    *out = sf_to_double(number);
  sf_release(number);
  return ok;
}

static bool tolerated_count(sight *s, const sf_map *map, sf_value input,
                            map_run *run, failure *fail) {
  int64_t n;

  if (!whole_setting(s, &map->tolerated_count, "ToleratedFailureCountPath",
                     input, &run->has_count, &n, fail))
    return false;
  if (n < 0)
    return sf_fail_runtime(s, fail,
                           "ToleratedFailureCount cannot be negative.");
  run->tolerated_count = (uint64_t)n;
  return true;
}

static bool tolerated_percentage(sight *s, const sf_map *map, sf_value input,
                                 map_run *run, failure *fail) {
  const char *field = "ToleratedFailurePercentagePath";
  const sf_operand *operand = &map->tolerated_percentage;
  double p = 0;
  sf_value v;
  bool ok;

  run->has_percentage = operand->kind != SF_OPERAND_NONE;
  if (!run->has_percentage)
    return true;
  if (!sf_road_setting(s, operand, field, input, &v, fail))
    return false;
  ok = to_float(s->x, v, &p) ||
       sf_fail_setting(s, operand, field, "float", v, fail);
  sf_release(v);
  if (ok && !(p >= 0 && p <= 100))
    ok = sf_fail_runtime(
      s, fail, "ToleratedFailurePercentage must be between 0 and 100.");
  run->tolerated_percentage = p;
  return ok;
}

static bool batch_limit(sight *s, const sf_operand *operand, const char *field,
                        const char *what, sf_value input, uint64_t *out,
                        failure *fail) {
  bool there;
  int64_t n;

  if (!whole_setting(s, operand, field, input, &there, &n, fail))
    return false;
  if (there && n <= 0)
    return sf_fail_runtime(s, fail, "field %s must be positive", what);
  *out = (uint64_t)n;
  return true;
}

static bool batching(sight *s, const sf_map *map, sf_value input, map_run *run,
                     failure *fail) {
  const sf_item_batcher *b =
    map->distribution == NULL ? NULL : &map->distribution->batcher;

  run->has_batches = b != NULL && b->there;
  if (!run->has_batches)
    return true;
  return batch_limit(s, &b->max_items, "MaxItemsPerBatchPath",
                     "MaxItemsPerBatch", input, &run->limits.items, fail) &&
         batch_limit(s, &b->max_bytes, "MaxInputBytesPerBatchPath",
                     "MaxInputBytesPerBatch", input, &run->limits.bytes,
                     fail) &&
         (b->input == NULL ||
          sf_road_template(s, b->input, input, SF_STAGE_AFTER_PARAMETERS,
                           &run->batch_input, fail));
}

static bool reading(sight *s, const sf_map *map, sf_value input, map_run *run,
                    failure *fail) {
  const sf_item_reader *reader = sf_item_reader_of(map);

  if (reader == NULL)
    return true;
  if (!whole_setting(s, &reader->max_items, "MaxItemsPath", input,
                     &run->has_max_items, &run->max_items, fail) ||
      !sf_reader_prepare(s, run, reader, input, fail))
    return false;
  if (run->max_items > MAP_RUN_ITEMS_MAX)
    run->max_items = 0;
  return true;
}

bool sf_map_run_settings(sight *s, const sf_map *map, sf_value input,
                         map_run *run, failure *fail) {
  return tolerated_count(s, map, input, run, fail) &&
         tolerated_percentage(s, map, input, run, fail) &&
         reading(s, map, input, run, fail) &&
         batching(s, map, input, run, fail) &&
         sf_writer_prepare(s, run, input, fail);
}
