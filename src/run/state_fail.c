/*
** state_fail.c - Fail: its Error and Cause.
*/
#include "run/state.h"

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

void sf_fail_act(sight *s, frame *f, const sf_state *st) {
  sf_value error = {{0}, SF_ABSENT}, cause = {{0}, SF_ABSENT};
  failure fail;

  if (fail_text(s, &st->u.fail.error, "ErrorPath", &error, &fail) &&
      fail_text(s, &st->u.fail.cause, "CausePath", &cause, &fail)) {
    sf_failure_set(s->x, &fail, error, cause, REACH_ALL);
  } else {
    sf_release(error);
  }
  sf_raise(s->x, f, &fail);
}
