/*
** state_leave.c - what comes after a state's own act: the rest of the data road,
** variables, the Exited event, and where the frame goes on.
*/
#include "run/state.h"

/* --- the road --- */

/* JSONata: Assign and Output, side by side, from what the state had on entry and
** its result.  'otherwise' is the output without the field. */
static bool jsonata_road(sight *s, const sf_template *assign,
                         const sf_template *output, sf_value otherwise,
                         sf_value *out, sf_value *assigned, failure *fail) {
  const sf_state *st = sf_frame_state(s->x, s->frame);

  *out = *assigned = sf_absent();
  if (sf_road_assign(s, assign, otherwise, assigned, fail) &&
      sf_road_template(s, output, otherwise, SF_STAGE_AFTER_OUTPUT_PATH, out,
                       fail) &&
      sf_road_size(s, *out, st->name, fail))
    return true;
  sf_assign(out, sf_absent());
  sf_assign(assigned, sf_absent());
  return false;
}

bool sf_state_road(sight *s, const sf_state *st, sf_value result,
                   sf_value *output, sf_value *assigned, failure *fail) {
  sf_value selected = {{0}, SF_ABSENT}, placed = {{0}, SF_ABSENT};
  bool ok;

  if (st->language == SF_JSONATA) {
    s->result = st->type == SF_PASS ? sf_absent() : result;
    return jsonata_road(s, st->assign, st->output, result, output, assigned,
                        fail);
  }
  *output = *assigned = sf_absent();
  ok = sf_road_template(s, st->result_selector, result,
                        SF_STAGE_AFTER_RESULT_SELECTOR, &selected, fail) &&
       sf_road_assign(s, st->assign, result, assigned, fail) &&
       sf_road_result_path(s, &st->result_path, s->frame->input, selected,
                           &placed, fail) &&
       sf_road_select(s, &st->output_path, placed, SF_STAGE_AFTER_OUTPUT_PATH,
                      output, fail) &&
       sf_road_size(s, *output, st->name, fail);
  sf_release(selected);
  sf_release(placed);
  if (!ok) {
    sf_assign(output, sf_absent());
    sf_assign(assigned, sf_absent());
  }
  return ok;
}

void sf_state_result(sf_execution *x, frame *f, sf_value result) {
  sf_assign(&f->effective, sf_retain(result));
  f->phase = FRAME_RESULT;
  sf_queue_push_ahead(x, f);
}

void sf_result_step(sf_execution *x, frame *f) {
  const sf_state *st = sf_frame_state(x, f);
  sf_value output, assigned;
  failure fail;
  sight s;
  bool ok;

  sf_sight_init(&s, x, f);
  ok = sf_state_road(&s, st, f->effective, &output, &assigned, &fail);
  sf_sight_clear(&s);
  if (ok)
    sf_state_leave(x, f, st->next, 0, output, assigned);
  else
    sf_raise(x, f, &fail);
}

/* --- leaving --- */

static void assign(sf_execution *x, frame *f, sf_value assigned) {
  size_t i;

  if (f->variables.kind == SF_ABSENT) {
    f->variables = sf_retain(assigned);
  } else {
    x->variables_bytes -= sf_json_length(f->variables);
    for (i = 0; i < sf_object_count(assigned); i++) {
      if (sf_object_set(&f->variables, sf_retain(sf_object_key_at(assigned, i)),
                        sf_retain(sf_object_value_at(assigned, i))) != SF_OK)
        x->broken = true;
    }
  }
  x->variables_bytes += sf_json_length(f->variables);
  if (x->variables_bytes > x->variables_largest)
    x->variables_largest = x->variables_bytes;
}

/* For the usage. */
static void note_assign(sf_execution *x, const frame *f, uint64_t bytes) {
  if (bytes > x->assign_largest) {
    x->assign_largest = bytes;
    x->assign_state = f->state;
  }
}

/* Are these together, and the variables of the execution with them, within their
** limits?  What they replace does not count. */
static bool variables_fit(sf_execution *x, const frame *f, sf_value assigned) {
  uint64_t limit = x->facts.limits.variables;
  uint64_t together = 0, replaced = 0;
  size_t i;

  if (assigned.kind == SF_ABSENT)
    return true;
  for (i = 0; i < sf_object_count(assigned); i++) {
    sf_value before =
      f->variables.kind == SF_ABSENT
        ? sf_absent()
        : sf_object_get_key(f->variables, sf_object_key_at(assigned, i));
    together += sf_json_length(sf_object_value_at(assigned, i));
    if (before.kind != SF_ABSENT)
      replaced += sf_json_length(before);
  }
  note_assign(x, f, together);
  return limit == 0 ||
         (together <= SF_LIMIT_ASSIGN &&
          x->variables_bytes - replaced + sf_json_length(assigned) <= limit);
}

static void fail_variables(sf_execution *x, frame *f) {
  sf_value cause = sf_string_format(
    x->mem,
    "The state '%s' assigned variables with a size exceeding the maximum "
    "number of bytes service limit.",
    sf_string_text(sf_frame_state(x, f)->name));
  failure fail;

  sf_fail_named(x, &fail, "States.DataLimitExceeded", cause, REACH_NONE);
  sf_raise(x, f, &fail);
}

static void end_visit(sf_execution *x, frame *f) {
  sf_alloc_free(x->mem, f->retries, f->nretries * sizeof *f->retries);
  f->retries = NULL;
  f->nretries = 0;
  f->retry_count = 0;
  sf_assign(&f->effective, sf_absent());
}

/* The frame has come to its end. */
static void end_frame(sf_execution *x, frame *f, sf_value output) {
  if (f->parent == NULL)
    sf_finish(x, SF_SUCCEEDED, output, sf_absent(), sf_absent());
  else
    sf_group_child_done(x, f, output);
}

/* Is only one state to be run? */
static bool stops_here(const sf_execution *x, const frame *f) {
  return x->special != NULL && x->special->stop_after && f->parent == NULL;
}

void sf_state_leave(sf_execution *x, frame *f, uint32_t next, uint32_t way,
                    sf_value output, sf_value assigned) {
  const sf_state *st = sf_frame_state(x, f);

  if (!variables_fit(x, f, assigned)) {
    sf_release(output);
    sf_release(assigned);
    fail_variables(x, f);
    return;
  }
  f->last_id = sf_emit(x, (history_type)(H_STATE_EXITED + st->type), f->last_id,
                       f, output, assigned);
  if (way != 0)
    sf_emit_way(x, f->last_id, way);
  if (assigned.kind != SF_ABSENT)
    assign(x, f, assigned);
  sf_release(assigned);
  end_visit(x, f);
  if (x->overflow) {
    sf_release(output);
  } else if (next == SF_NONE || stops_here(x, f)) {
    end_frame(x, f, output);
    sf_release(output);
  } else {
    f->state = next;
    sf_assign(&f->input, output);
    f->phase = FRAME_ENTER;
    sf_queue_push(x, f);
  }
}

void sf_state_leave_with(sight *s, frame *f, sf_value input, departure way) {
  const sf_state *st = sf_frame_state(s->x, f);
  sf_value output = {{0}, SF_ABSENT}, assigned = {{0}, SF_ABSENT};
  failure fail;
  bool ok;

  if (st->language == SF_JSONATA)
    ok =
      jsonata_road(s, way.assign, way.output, input, &output, &assigned, &fail);
  else
    ok = sf_road_assign(s, way.assign, input, &assigned, &fail) &&
         sf_road_select(s, &st->output_path, input, SF_STAGE_AFTER_OUTPUT_PATH,
                        &output, &fail) &&
         sf_road_size(s, output, st->name, &fail);
  sf_release(input);
  if (ok) {
    sf_state_leave(s->x, f, way.next, way.rule, output, assigned);
  } else {
    sf_release(output);
    sf_release(assigned);
    sf_raise(s->x, f, &fail);
  }
}

departure sf_state_way(const sf_state *st) {
  departure way;

  way.next = st->next;
  way.rule = 0;
  way.assign = st->assign;
  way.output = st->output;
  return way;
}
