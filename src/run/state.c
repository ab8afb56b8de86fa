/*
** state.c - a frame's visit of a state: it enters, acts by type, leaves.
** Pass, Choice, Wait, Succeed and Fail act here; task.c and group.c have the
** others.
*/
#include "asl/choice.h"
#include "run/internal.h"

#define WAIT_DAYS_MAX 24855 /* AWS refuses a longer delay at run time */

/* --- what comes after the state's own act --- */

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

static bool result_road(sight *s, const sf_state *st, sf_value result,
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
  const sf_state *st = sf_frame_state(x, f);
  sf_value output, assigned;
  failure fail;
  sight s;
  bool ok;

  sf_sight_init(&s, x, f);
  ok = result_road(&s, st, result, &output, &assigned, &fail);
  sf_sight_clear(&s);
  if (ok)
    sf_state_leave(x, f, st->next, output, assigned);
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

/* Are the variables of the execution, with these, within their limit? */
static bool variables_fit(const sf_execution *x, sf_value assigned) {
  uint64_t limit = x->facts.limits.variables;

  return limit == 0 || assigned.kind == SF_ABSENT ||
         x->variables_bytes + sf_json_length(assigned) <= limit;
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

void sf_state_leave(sf_execution *x, frame *f, uint32_t next, sf_value output,
                    sf_value assigned) {
  const sf_state *st = sf_frame_state(x, f);

  if (!variables_fit(x, assigned)) {
    sf_release(output);
    sf_release(assigned);
    fail_variables(x, f);
    return;
  }
  f->last_id = sf_emit(x, (history_type)(H_STATE_EXITED + st->type), f->last_id,
                       f, output, assigned);
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

/* Where a Choice, Wait or Succeed goes on, and what it says on the way. */
typedef struct departure {
  uint32_t next;
  const sf_template *assign;
  const sf_template *output; /* JSONata */
} departure;

/* Choice, Wait and Succeed end so: their output is their effective input.
** Consumes 'input'. */
static void leave_with_input(sight *s, frame *f, sf_value input,
                             departure way) {
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
                        &output, &fail);
  sf_release(input);
  if (ok) {
    sf_state_leave(s->x, f, way.next, output, assigned);
  } else {
    sf_release(assigned);
    sf_raise(s->x, f, &fail);
  }
}

/* The way that the state itself describes. */
static departure own_way(const sf_state *st) {
  departure way;

  way.next = st->next;
  way.assign = st->assign;
  way.output = st->output;
  return way;
}

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
  ok = ok && result_road(s, st, result, &output, &assigned, &fail);
  sf_release(result);
  if (ok)
    sf_state_leave(s->x, f, st->next, output, assigned);
  else
    sf_raise(s->x, f, &fail);
}

/* Does the Condition hold? */
static bool condition(sight *s, const sf_operand *operand, bool *holds,
                      failure *fail) {
  sf_value v;
  bool ok = true;

  if (!sf_road_setting(s, operand, "Condition", s->frame->input, &v, fail))
    return false;
  if (v.kind != SF_BOOLEAN)
    ok = sf_fail_result(s, operand->expr, "Condition", "boolean", v, fail);
  *holds = ok && v.u.boolean;
  sf_release(v);
  return ok;
}

/* The first rule that holds, or SF_NONE. */
static bool select_rule(sight *s, const sf_state *st, sf_value input,
                        uint32_t *rule, failure *fail) {
  const sf_choice *choice = st->u.choice;
  sf_error err;
  sf_env env;
  bool holds = false;

  if (st->language == SF_JSONPATH) {
    env = sf_sight_env(s, input);
    return sf_choice_select(choice, &env, rule, &err) == SF_OK ||
           sf_fail_runtime(s, fail, "%s", err.message);
  }
  for (*rule = 0; *rule < choice->count && !holds; ++*rule) {
    if (!condition(s, &choice->rules[*rule].condition, &holds, fail))
      return false;
  }
  *rule = holds ? *rule - 1 : SF_NONE;
  return true;
}

/* A rule that holds has its own Assign and Output, the state's are for Default. */
static departure way_of(const sf_state *st, uint32_t rule) {
  const sf_choice *choice = st->u.choice;
  departure way = own_way(st);

  way.next = choice->otherwise;
  if (rule != SF_NONE) {
    way.next = choice->rules[rule].next;
    way.assign = choice->rules[rule].assign;
    way.output = choice->rules[rule].output;
  }
  return way;
}

static void act_choice(sight *s, frame *f, const sf_state *st) {
  sf_value input = {{0}, SF_ABSENT};
  failure fail;
  departure way;
  uint32_t rule = SF_NONE;

  if (!sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                      &input, &fail) ||
      !select_rule(s, st, input, &rule, &fail)) {
    sf_release(input);
    sf_raise(s->x, f, &fail);
    return;
  }
  way = way_of(st, rule);
  if (way.next != SF_NONE) {
    leave_with_input(s, f, input, way);
    return;
  }
  sf_release(input);
  sf_fail_runtime(s, &fail,
                  "Failed to transition out of the state. The state does not "
                  "point to a next state.");
  sf_raise(s->x, f, &fail);
}

/* "$.p == <value>", the end of AWS's texts about a value in the input. */
static bool fail_wait(sight *s, failure *fail, const char *what,
                      const sf_expr *e, sf_value v) {
  sf_value shown = sf_road_shown(s->x, v);

  sf_fail_runtime(s, fail, "%s: %s == %s", what, sf_expr_text(e),
                  shown.kind == SF_STRING ? sf_string_text(shown) : "");
  sf_release(shown);
  return false;
}

static bool wait_seconds(sight *s, const sf_state *st, sf_value v, sf_time *due,
                         failure *fail) {
  const sf_expr *e = st->u.wait.seconds.expr;
  int64_t seconds;

  if (v.kind == SF_ABSENT || v.kind == SF_NULL)
    return sf_fail_runtime(
      s, fail,
      "The SecondsPath parameter does not reference an input value: %s",
      sf_expr_text(e));
  if (!sf_road_whole(v, &seconds))
    return fail_wait(
      s, fail, "The SecondsPath parameter cannot be parsed as a long value", e,
      v);
  if (seconds < 0)
    return fail_wait(
      s, fail, "The SecondsPath parameter references a negative value", e, v);
  *due = sf_time_add(s->x->now, sf_time_from_seconds((double)seconds));
  return true;
}

static bool wait_timestamp(sight *s, const sf_state *st, sf_value v,
                           sf_time *due, failure *fail) {
  if (v.kind == SF_STRING &&
      sf_time_parse(sf_string_text(v), sf_string_length(v), due))
    return true;
  return fail_wait(
    s, fail,
    "The TimestampPath parameter does not reference a valid ISO-8601 extended "
    "offset date-time format string",
    st->u.wait.timestamp.expr, v);
}

static bool seconds_result(sight *s, const sf_operand *operand, sf_value v,
                           sf_time *due, failure *fail) {
  int64_t n;

  if (!sf_is_number(v))
    return sf_fail_result(s, operand->expr, "Seconds", "number", v, fail);
  if (!sf_to_integer(v, &n))
    return sf_fail_parse(s, "Seconds", "an integer", v, fail);
  if (n < 0)
    return sf_fail_query(s, fail, sf_absent(),
                         "The Seconds field cannot be negative: %ld", (long)n);
  *due = sf_time_add(s->x->now, sf_time_from_seconds((double)n));
  return true;
}

static bool timestamp_result(sight *s, const sf_operand *operand, sf_value v,
                             sf_time *due, failure *fail) {
  if (v.kind != SF_STRING)
    return sf_fail_result(s, operand->expr, "Timestamp", "string", v, fail);
  if (sf_time_parse(sf_string_text(v), sf_string_length(v), due))
    return true;
  s->frame->entered_previous = s->frame->last_id; /* as recorded */
  return sf_fail_parse(s, "Timestamp",
                       "an ISO-8601 extended offset date-time format string", v,
                       fail);
}

static bool jsonata_wait_due(sight *s, const sf_operand *operand, bool seconds,
                             sf_time *due, failure *fail) {
  sf_value v;
  bool ok;

  if (!sf_road_setting(s, operand, seconds ? "Seconds" : "Timestamp",
                       s->frame->input, &v, fail))
    return false;
  ok = seconds ? seconds_result(s, operand, v, due, fail)
               : timestamp_result(s, operand, v, due, fail);
  sf_release(v);
  return ok;
}

/* When does the Wait end? */
static bool wait_due(sight *s, const sf_state *st, sf_value input, sf_time *due,
                     failure *fail) {
  const sf_wait *wait = &st->u.wait;
  bool seconds = wait->seconds.kind != SF_OPERAND_NONE;
  const sf_operand *operand = seconds ? &wait->seconds : &wait->timestamp;
  sf_value v;
  sf_error err;
  bool ok;

  if (wait->timestamp.kind == SF_OPERAND_CONSTANT) {
    *due = wait->until;
    return true;
  }
  if (wait->seconds.kind == SF_OPERAND_CONSTANT) {
    *due = sf_time_add(
      s->x->now, sf_time_from_seconds(sf_to_double(wait->seconds.constant)));
    return true;
  }
  if (sf_is_jsonata(operand))
    return jsonata_wait_due(s, operand, seconds, due, fail);
  if (sf_road_operand(s, operand, input, &v, &err) != SF_OK) {
    if (err.status != SF_ERR_NOT_FOUND)
      return sf_fail_runtime(s, fail, "%s", err.message);
    return sf_fail_runtime(
      s, fail, "The %s parameter does not reference an input value: %s",
      seconds ? "SecondsPath" : "TimestampPath", sf_expr_text(operand->expr));
  }
  ok = seconds ? wait_seconds(s, st, v, due, fail)
               : wait_timestamp(s, st, v, due, fail);
  sf_release(v);
  return ok;
}

static void act_wait(sight *s, frame *f, const sf_state *st) {
  sf_execution *x = s->x;
  sf_value input = {{0}, SF_ABSENT};
  sf_time due = 0;
  failure fail;
  bool ok;

  ok = sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                      &input, &fail) &&
       wait_due(s, st, input, &due, &fail);
  if (ok && due > x->now &&
      due - x->now >= (sf_time)(WAIT_DAYS_MAX + 1) * 86400 * SF_NANOSECONDS)
    ok = sf_fail_runtime(s, &fail, "Wait state delay is too long.");
  if (!ok) {
    sf_release(input);
    sf_raise(x, f, &fail);
  } else if (due <= x->now) {
    leave_with_input(s, f, input, own_way(st));
  } else {
    f->effective = input;
    f->phase = FRAME_WAIT;
    sf_timer_arm(x, &f->wait, TIMER_WAIT, due);
  }
}

void sf_wait_over(sf_execution *x, frame *f) {
  const sf_state *st = sf_frame_state(x, f);
  sf_value input = f->effective;
  sight s;

  f->effective = sf_absent();
  sf_sight_init(&s, x, f);
  leave_with_input(&s, f, input, own_way(st));
  sf_sight_clear(&s);
}

static void act_succeed(sight *s, frame *f, const sf_state *st) {
  sf_value input = {{0}, SF_ABSENT};
  failure fail;

  if (sf_road_select(s, &st->input_path, f->input, SF_STAGE_AFTER_INPUT_PATH,
                     &input, &fail))
    leave_with_input(s, f, input, own_way(st));
  else
    sf_raise(s->x, f, &fail);
}

static bool text_result(sight *s, const sf_operand *operand, const char *field,
                        sf_value *out, failure *fail) {
  if (!sf_road_setting(s, operand, field, s->frame->input, out, fail))
    return false;
  if (out->kind == SF_STRING)
    return true;
  sf_fail_result(s, operand->expr, field, "string", *out, fail);
  sf_assign(out, sf_absent());
  return false;
}

/* Error or Cause of a Fail state. */
static bool fail_text(sight *s, const sf_operand *operand, const char *field,
                      sf_value *out, failure *fail) {
  sf_value v;
  sf_error err;

  if (sf_is_jsonata(operand))
    return text_result(s, operand, field, out, fail);
  if (sf_road_operand(s, operand, s->frame->input, out, &err) != SF_OK)
    return sf_fail_field(s, operand->expr, field, s->frame->input, &err, fail);
  if (out->kind != SF_ABSENT && out->kind != SF_STRING) {
    v = sf_road_shown(s->x, *out);
    sf_fail_runtime(s, fail,
                    "The JSONPath '%s' specified for the field '%s' does not "
                    "name a string: %s",
                    sf_expr_text(operand->expr), field,
                    v.kind == SF_STRING ? sf_string_text(v) : "");
    sf_release(v);
    sf_assign(out, sf_absent());
    return false;
  }
  return true;
}

static void act_fail(sight *s, frame *f, const sf_state *st) {
  sf_value error = {{0}, SF_ABSENT}, cause = {{0}, SF_ABSENT};
  failure fail;

  if (fail_text(s, &st->u.fail.error, "ErrorPath", &error, &fail) &&
      fail_text(s, &st->u.fail.cause, "CausePath", &cause, &fail)) {
    fail.error = error;
    fail.cause = cause;
    fail.reach = REACH_ALL;
    fail.heartbeat = fail.evaluation = false;
  } else {
    sf_release(error);
  }
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
    case SF_CHOICE: act_choice(&s, f, st); break;
    case SF_WAIT: act_wait(&s, f, st); break;
    case SF_SUCCEED: act_succeed(&s, f, st); break;
    case SF_FAIL: act_fail(&s, f, st); break;
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
  ok = sf_road_size(&s, f->input, st->name, &fail);
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
    default: act(x, f); break;
  }
}
