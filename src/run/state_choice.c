/*
** state_choice.c - Choice: the first rule that holds says where to go.
*/
#include "asl/choice.h"
#include "run/state.h"

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
    return (sf_choice_select(choice, &env, rule, &err) == SF_OK &&
            !s->x->putting_off) ||
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
  departure way = sf_state_way(st);

  way.next = choice->otherwise;
  if (rule != SF_NONE) {
    way.next = choice->rules[rule].next;
    way.rule = rule + 1;
    way.assign = choice->rules[rule].assign;
    way.output = choice->rules[rule].output;
  }
  return way;
}

void sf_choice_act(sight *s, frame *f, const sf_state *st) {
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
    sf_state_leave_with(s, f, input, way);
    return;
  }
  sf_release(input);
  sf_fail_runtime(s, &fail,
                  "Failed to transition out of the state. The state does not "
                  "point to a next state.");
  sf_raise(s->x, f, &fail);
}
