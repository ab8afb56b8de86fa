/*
** maprun_update.c - a running Map Run gets other settings, as UpdateMapRun gives
** them: how many children at once, how many failures are tolerated.
*/
#include "run/maprun.h"

/* What an event says of one setting. */
typedef struct wish {
  bool there;
  double number;
} wish;

/* false: it is no number between 0 and 'most', or a whole one is wanted. */
static bool read_wish(sf_value v, double most, bool whole, wish *out) {
  int64_t n;

  out->there = v.kind != SF_ABSENT && v.kind != SF_NULL;
  out->number = 0;
  if (!out->there)
    return true;
  if (!sf_is_number(v) || (whole && !sf_to_integer(v, &n)))
    return false;
  out->number = sf_to_double(v);
  return out->number >= 0 && out->number <= most;
}

sf_answer sf_map_run_update(sf_execution *x, const sf_event *e) {
  map_run *run = sf_map_run_find(x, e->map_run);
  wish concurrency, count, percentage;

  if (x->status != SF_RUNNING)
    return SF_EXECUTION_FINISHED;
  if (run == NULL || run->status != SF_RUNNING)
    return SF_NO_MAP_RUN;
  if (!read_wish(e->max_concurrency, MAP_RUN_ITEMS_MAX, true, &concurrency) ||
      !read_wish(e->tolerated_count, MAP_RUN_ITEMS_MAX, true, &count) ||
      !read_wish(e->tolerated_percentage, 100, false, &percentage))
    return SF_INVALID_SETTING;
  if (concurrency.there)
    run->concurrency =
      concurrency.number > 0 && concurrency.number < MAP_RUN_CHILDREN_MAX
        ? (uint32_t)concurrency.number
        : MAP_RUN_CHILDREN_MAX;
  if (count.there) {
    run->has_count = true;
    run->tolerated_count = (uint64_t)count.number;
  }
  if (percentage.there) {
    run->has_percentage = true;
    run->tolerated_percentage = percentage.number;
  }
  sf_map_run_tell(x, run);
  sf_map_run_judge(x, run);
  return SF_ACCEPTED;
}
