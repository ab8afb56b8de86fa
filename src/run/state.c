/*
** state.c - a frame's visit of a state: it enters, acts by type, and leaves
** (state_leave.c).  Pass and Succeed act here; task.c, group.c and state_NAME.c
** have the others.
*/
#include "run/state.h"

/* --- the acts --- */

static void act_pass(sight *s, frame *f, const sf_state *st) {
  sf_value input = {{0}, SF_ABSENT}, result = {{0}, SF_ABSENT};
  sf_value output, assigned;
  failure fail;
  bool ok;

  ok = sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                      &input, &fail);
  if (ok && st->result.kind != SF_ABSENT)
    result = sf_retain(st->result);
  else if (ok)
    ok = sf_road_template(s, st->parameters, input, SF_STAGE_AFTER_PARAMETERS,
                          &result, &fail);
  sf_release(input);
  ok = ok && sf_state_road(s, st, result, &output, &assigned, &fail);
  sf_release(result);
  if (ok)
    sf_state_leave(s->x, f, st->next, 0, output, assigned);
  else
    sf_raise(s->x, f, &fail);
}

static void act_succeed(sight *s, frame *f, const sf_state *st) {
  sf_value input = {{0}, SF_ABSENT};
  failure fail;

  if (sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                     &input, &fail))
    sf_state_leave_with(s, f, input, sf_state_way(st));
  else
    sf_raise(s->x, f, &fail);
}

/* --- the visit --- */

static void act(sf_execution *x, frame *f) {
  const sf_state *st = sf_frame_state(x, f);
  sight s;

  if (st->type == SF_TASK) {
    sf_task_act(x, f);
    return;
  }
  sf_sight_init(&s, x, f);
  switch (st->type) {
    case SF_PASS: act_pass(&s, f, st); break;
    case SF_CHOICE: sf_choice_act(&s, f, st); break;
    case SF_WAIT: sf_wait_act(&s, f, st); break;
    case SF_SUCCEED: act_succeed(&s, f, st); break;
    case SF_FAIL: sf_fail_act(&s, f, st); break;
    case SF_PARALLEL: sf_parallel_act(&s, f); break;
    case SF_MAP: sf_map_act(&s, f); break;
    case SF_TASK: break;
  }
  sf_sight_clear(&s);
}

/* For the trace: which visit of the frame above, which branch or iteration. */
static sf_value origin(const frame *f) {
  if (f->parent == NULL)
    return sf_absent();
  return sf_integer(
    (int64_t)((uint64_t)f->parent->entered_id << 32 | f->index));
}

/* A definition may be loaded before its placeholders are replaced, and with what
** can't be run. */
static bool is_able(sight *s, const sf_state *st, failure *fail) {
  if (st->type == SF_MAP && sf_map_is_unable(&st->u.map))
    return sf_fail_runtime(s, fail,
                           "Map states in INLINE mode with ItemReader, "
                           "ItemBatcher or ResultWriter can't be run");
  if (st->waits.kind == SF_ABSENT)
    return true;
  return sf_fail_runtime(s, fail,
                         "The value at '%s' waits for its placeholder to be "
                         "replaced",
                         sf_string_text(st->waits));
}

static void enter(sf_execution *x, frame *f) {
  const sf_state *st = sf_frame_state(x, f);
  failure fail;
  sight s;
  bool ok;

  f->entered_at = x->now;
  f->entered_previous = f->last_id;
  f->entered_id = x->last_event_id + 1;
  f->last_id = sf_emit(x, (history_type)(H_STATE_ENTERED + st->type),
                       f->last_id, f, f->input, origin(f));
  if (x->overflow)
    return;
  sf_sight_init(&s, x, f);
  ok = sf_road_size(&s, f->input, st->name, &fail) && is_able(&s, st, &fail);
  sf_sight_clear(&s);
  f->phase = FRAME_ACT;
  if (ok)
    act(x, f);
  else
    sf_raise(x, f, &fail);
}

void sf_frame_run(sf_execution *x, frame *f) {
  switch ((frame_phase)f->phase) {
    case FRAME_ENTER: enter(x, f); break;
    case FRAME_STARTED: sf_task_started(x, f); break;
    case FRAME_LAUNCH: sf_map_run_step(x, f); break;
    case FRAME_ITERATE: sf_map_iterate(x, f); break;
    case FRAME_RESULT: sf_result_step(x, f); break;
    case FRAME_CAUGHT: sf_catch_step(x, f); break;
    case FRAME_LEAVE: sf_wait_step(x, f); break;
    default: act(x, f); break;
  }
}
