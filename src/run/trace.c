/*
** trace.c - the history read as a person would: one row a visit of a state.
*/
#include "run/internal.h"

typedef struct rows {
  const sf_execution *x;
  sf_value list;    /* array of objects; SF_ABSENT after a failure */
  uint32_t *row_of; /* by event id: 1 + the row of the visit it began */
  sf_time *ended;   /* by row: when it was over without being left, or never */
  uint32_t first;   /* id of the first event that is kept */
  size_t ids;
} rows;

/* Where the row of the visit that event 'id' began is noted; NULL: not kept. */
static uint32_t *row_slot(const rows *r, uint32_t id) {
  return id >= r->first && id - r->first < r->ids ? &r->row_of[id - r->first]
                                                  : NULL;
}

/* Find the row of the visit that event 'id' is of.  false: it is of none, or one
** that is not kept. */
static bool find_row(const rows *r, uint32_t id, uint32_t *row) {
  const history *h = &r->x->events;
  const uint32_t *slot;

  if (id < r->first || id - r->first >= h->count)
    return false;
  slot = row_slot(r, h->items[id - r->first].visit);
  if (slot == NULL || *slot == 0)
    return false;
  *row = *slot - 1;
  return true;
}

static void fail_rows(rows *r) {
  sf_assign(&r->list, sf_absent());
}

/* Change one member of a row; consumes 'v'. */
static void put(rows *r, uint32_t row, const char *key, sf_value v) {
  sf_value o;

  if (r->list.kind == SF_ABSENT || v.kind == SF_ABSENT) {
    sf_release(v);
    return;
  }
  o = sf_retain(sf_array_at(r->list, row));
  sf_array_set(&r->list, row, sf_null()); /* so that 'o' is not shared */
  if (sf_object_put(&o, key, v) != SF_OK) {
    sf_release(o);
    fail_rows(r);
  } else if (sf_array_set(&r->list, row, o) != SF_OK) {
    fail_rows(r);
  }
}

/* The path of the frame that 'e' entered its state in: names of Parallel and Map
** states and indices in turn, outermost first. */
static sf_value path_of(rows *r, const history_record *e) {
  sf_value path, name;
  uint64_t origin;
  uint32_t *slot, row;

  if (e->more.kind != SF_INTEGER)
    return sf_array_new(r->x->mem, 0);
  origin = (uint64_t)e->more.u.integer;
  slot = row_slot(r, (uint32_t)(origin >> 32));
  if (slot == NULL || *slot == 0)
    return sf_array_new(r->x->mem, 0); /* that part has been dropped */
  row = *slot - 1;
  path = sf_retain(sf_object_get(sf_array_at(r->list, row), "path", 4));
  name = sf_object_get(sf_array_at(r->list, row), "state", 5);
  if (sf_array_push(&path, sf_retain(name)) != SF_OK ||
      sf_array_push(&path, sf_integer((int64_t)(origin & UINT32_MAX))) != SF_OK)
    sf_assign(&path, sf_absent());
  return path;
}

static sf_value seconds(sf_time t) {
  return sf_number(sf_time_to_seconds(t));
}

static void begin_row(rows *r, const history_record *e) {
  const sf_state *st = &r->x->machine->states[e->state];
  uint32_t row = (uint32_t)sf_array_count(r->list);
  sf_value path = path_of(r, e), o = sf_object_new(r->x->mem, 8);

  if (path.kind == SF_ABSENT) {
    sf_release(o);
    fail_rows(r);
    return;
  }
  if (sf_array_push(&r->list, o) != SF_OK) {
    sf_release(path);
    fail_rows(r);
    return;
  }
  *row_slot(r, e->id) = row + 1;
  r->ended[row] = SF_TIME_NEVER;
  put(r, row, "state", sf_retain(st->name));
  put(r, row, "type", sf_string_from(r->x->mem, sf_state_type_name(st->type)));
  put(r, row, "input", sf_retain(e->data));
  put(r, row, "entered", seconds(e->time));
  put(r, row, "attempts", sf_integer(0));
  put(r, row, "path", path);
}

static bool counts_as_attempt(uint16_t type) {
  return type == H_LAMBDA_SCHEDULED || type == H_TASK_SCHEDULED ||
         type == H_ACTIVITY_SCHEDULED || type == H_PARALLEL_STARTED ||
         type == H_MAP_STARTED;
}

static bool tells_error(uint16_t type) {
  switch (type) {
    case H_LAMBDA_SCHEDULE_FAILED:
    case H_LAMBDA_START_FAILED:
    case H_LAMBDA_FAILED:
    case H_LAMBDA_TIMED_OUT:
    case H_PARALLEL_FAILED:
    case H_MAP_FAILED:
    case H_MAP_RUN_FAILED:
    case H_TASK_START_FAILED:
    case H_TASK_SUBMIT_FAILED:
    case H_TASK_FAILED:
    case H_TASK_TIMED_OUT:
    case H_ACTIVITY_SCHEDULE_FAILED:
    case H_ACTIVITY_FAILED:
    case H_ACTIVITY_TIMED_OUT: return true;
    default: return false;
  }
}

static bool tells_abort(uint16_t type) {
  return type == H_TASK_STATE_ABORTED || type == H_WAIT_STATE_ABORTED ||
         type == H_PARALLEL_ABORTED || type == H_MAP_ABORTED;
}

static void put_error(rows *r, uint32_t row, const history_record *e) {
  put(r, row, "error", sf_retain(e->data));
  put(r, row, "cause", sf_retain(e->more));
}

/* An event of the visit.  One that was over goes on after a redrive. */
static void tell(rows *r, uint32_t row, const history_record *e) {
  sf_value o = sf_array_at(r->list, row), n;

  r->ended[row] = tells_abort(e->type) ? e->time : SF_TIME_NEVER;
  if (counts_as_attempt(e->type)) {
    n = sf_object_get(o, "attempts", 8);
    put(r, row, "attempts", sf_integer(n.u.integer + 1));
  } else if (tells_error(e->type)) {
    put_error(r, row, e);
  } else if (e->type == H_EVALUATION_FAILED) {
    put(r, row, "error",
        sf_string_from(r->x->mem, "States.QueryEvaluationError"));
    put(r, row, "cause", sf_retain(e->data));
  } else if (e->type >= H_STATE_EXITED && e->type < H_STATE_EXITED + 8) {
    put(r, row, "output", sf_retain(e->data));
    put(r, row, "exited", seconds(e->time));
    if (e->way != 0)
      put(r, row, e->type == H_STATE_EXITED + SF_CHOICE ? "rule" : "catcher",
          sf_integer(e->way));
  }
}

static bool was_left(const rows *r, uint32_t row) {
  return sf_object_get(sf_array_at(r->list, row), "exited", 6).kind !=
         SF_ABSENT;
}

/* A Parallel, Map, iteration or execution failed: for what the event before was
** of.  That visit is over, and what it ended with has perhaps no other event. */
static void tell_origin(rows *r, const history_record *e) {
  const uint32_t *own;
  uint32_t row;

  own = row_slot(r, e->visit);
  if (!find_row(r, e->previous, &row) || was_left(r, row) ||
      (own != NULL && *own == row + 1))
    return;
  r->ended[row] = e->time;
  if (e->type != H_ITERATION_FAILED)
    put_error(r, row, e);
}

/* What was begun and not left is over when the execution is. */
static void tell_end(rows *r, const history_record *e) {
  uint32_t row;

  for (row = 0; row < sf_array_count(r->list); row++) {
    if (r->ended[row] == SF_TIME_NEVER)
      r->ended[row] = e->time;
  }
}

static bool tells_origin(uint16_t type) {
  return type == H_PARALLEL_FAILED || type == H_MAP_FAILED ||
         type == H_ITERATION_FAILED || type == H_EXECUTION_FAILED;
}

static void read_record(rows *r, const history_record *e) {
  const uint32_t *slot = row_slot(r, e->visit);

  if (tells_origin(e->type))
    tell_origin(r, e);
  if (r->list.kind == SF_ABSENT)
    return;
  if (e->type >= H_STATE_ENTERED && e->type < H_STATE_EXITED)
    begin_row(r, e);
  else if (e->type > H_EXECUTION_STARTED && e->type <= H_EXECUTION_ABORTED)
    tell_end(r, e);
  else if (slot != NULL && *slot != 0)
    tell(r, *slot - 1, e);
}

static void put_ends(rows *r) {
  uint32_t row;

  for (row = 0; r->list.kind != SF_ABSENT && row < sf_array_count(r->list);
       row++) {
    if (r->ended[row] != SF_TIME_NEVER && !was_left(r, row))
      put(r, row, "ended", seconds(r->ended[row]));
  }
}

sf_value sf_execution_trace(const sf_execution *x) {
  rows r;
  size_t i;

  r.x = x;
  r.first = x->events.count == 0 ? 0 : x->events.items[0].id;
  r.ids = x->events.count + 1; /* their ids follow one another */
  r.list = sf_array_new(x->mem, x->events.count / 2);
  r.row_of = sf_alloc_zero(x->mem, r.ids * sizeof *r.row_of);
  r.ended = sf_alloc_zero(x->mem, r.ids * sizeof *r.ended);
  if (r.row_of == NULL || r.ended == NULL)
    fail_rows(&r);
  for (i = 0; i < x->events.count && r.list.kind != SF_ABSENT; i++)
    read_record(&r, &x->events.items[i]);
  put_ends(&r);
  sf_alloc_free(x->mem, r.ended, r.ids * sizeof *r.ended);
  sf_alloc_free(x->mem, r.row_of, r.ids * sizeof *r.row_of);
  return r.list;
}
