/*
** state_wait.c - Wait: when it is over, and what AWS says of a time that is none.
*/
#include "run/state.h"

#define WAIT_DAYS_MAX 24855 /* AWS refuses a longer delay at run time */

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
      sf_time_parse_data(sf_string_text(v), sf_string_length(v), due))
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
  if (sf_time_parse_data(sf_string_text(v), sf_string_length(v), due))
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

void sf_wait_act(sight *s, frame *f, const sf_state *st) {
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
    sf_state_leave_with(s, f, input, sf_state_way(st));
  } else {
    f->effective = input;
    f->phase = FRAME_WAIT;
    sf_timer_arm(x, &f->wait, TIMER_WAIT, due);
  }
}

void sf_wait_over(sf_execution *x, frame *f) {
  f->phase = FRAME_LEAVE;
  sf_queue_push_ahead(x, f);
}

void sf_wait_step(sf_execution *x, frame *f) {
  sight s;

  sf_sight_init(&s, x, f);
  sf_state_leave_with(&s, f, sf_retain(f->effective),
                      sf_state_way(sf_frame_state(x, f)));
  sf_sight_clear(&s);
}
