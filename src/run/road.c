/*
** road.c - the one road that data takes through every state: input, InputPath,
** Parameters, the state's own act, ResultSelector, ResultPath, Assign,
** OutputPath.  Here are its stages; state.c, task.c and group.c walk them.
*/
#include <string.h>

#include "base/json.h"
#include "run/internal.h"

/* ORDER STAGE_NAME */
const char *const sf_stage_name_texts[] = {"input",
                                           "afterInputPath",
                                           "afterParameters",
                                           "afterItemsPath",
                                           "afterItemSelector",
                                           "result",
                                           "afterResultSelector",
                                           "afterResultPath",
                                           "afterOutputPath",
                                           "variables",
                                           "credentials",
                                           NULL};

static void record(sight *s, sf_stage_name stage, sf_value v) {
  const sf_special_facts *special = s->x->special;

  if (special != NULL && special->recorder != NULL)
    special->recorder->record(special->recorder->ud, s->frame->state, stage, v);
}

/* What went wrong, when it is not about the path: limits and memory. */
static bool fail_evaluation(sight *s, const sf_error *err, failure *fail) {
  if (err->status == SF_ERR_NOMEM)
    s->x->broken = true;
  if (err->status == SF_ERR_EVALUATE)
    return sf_fail_runtime(
      s, fail, "There was an error while evaluating the intrinsic function: %s",
      err->message);
  return sf_fail_runtime(s, fail, "%s", err->message);
}

/* What an evaluation has ended with counts, unless its step is put off. */
static sf_status outcome(sight *s, sf_status st, sf_value *out, sf_error *err) {
  if (!s->x->putting_off)
    return st;
  sf_assign(out, sf_absent());
  return sf_error_set(err, SF_ERR_LIMIT, "the slice is spent");
}

static sf_status evaluate(sight *s, const sf_expr *e, sf_value input,
                          sf_value *out, sf_error *err) {
  sf_env env = sf_sight_env(s, input);

  return outcome(s, sf_expr_eval(e, &env, out, err), out, err);
}

/* ORDER STAGE_NAME: the field of a JSONata state behind each */
static const char *const jsonata_fields[] = {
  "", "", "Arguments", "Items",  "ItemSelector", "",
  "", "", "Output",    "Assign", "Credentials"};

static bool fail_path(sight *s, const sf_expr *e, const sf_error *err,
                      failure *fail) {
  if (err->status != SF_ERR_NOT_FOUND)
    return fail_evaluation(s, err, fail);
  return sf_fail_runtime(s, fail, "Invalid path '%s' : %s", sf_expr_text(e),
                         err->message);
}

bool sf_fail_field(sight *s, const sf_expr *e, const char *field,
                   sf_value input, const sf_error *err, failure *fail) {
  sf_value text;

  if (err->status != SF_ERR_NOT_FOUND)
    return fail_evaluation(s, err, fail);
  text = sf_json_text(s->x->mem, input);
  if (text.kind == SF_ABSENT) {
    s->x->broken = true;
    return sf_fail_runtime(s, fail, "%s", err->message);
  }
  sf_fail_runtime(s, fail,
                  "The JSONPath '%s' specified for the field '%s' could not be "
                  "found in the input '%s'",
                  sf_expr_text(e), field, sf_string_text(text));
  sf_release(text);
  return false;
}

static bool empty_object(sight *s, sf_value *out) {
  *out = sf_object_new(s->x->mem, 0);
  if (out->kind == SF_ABSENT)
    s->x->broken = true;
  return true;
}

bool sf_road_select(sight *s, const sf_selection *path, sf_value input,
                    sf_stage_name stage, sf_value *out, failure *fail) {
  sf_error err;

  switch (path->kind) {
    case SF_SELECT_ALL: *out = sf_retain(input); break;
    case SF_SELECT_NONE: empty_object(s, out); break;
    case SF_SELECT_EXPR:
      if (evaluate(s, path->expr, input, out, &err) != SF_OK)
        return fail_path(s, path->expr, &err, fail);
      break;
  }
  record(s, stage, *out);
  return true;
}

bool sf_road_template(sight *s, const sf_template *t, sf_value input,
                      sf_stage_name stage, sf_value *out, failure *fail) {
  sf_template_place place;
  sf_env env;
  sf_error err;

  if (t == NULL) {
    *out = sf_retain(input);
    return true;
  }
  env = sf_sight_env(s, input);
  env.gaps = true;
  if (outcome(s, sf_template_eval(t, &env, out, &place, &err), out, &err) !=
      SF_OK) {
    if (s->x->putting_off || err.status == SF_ERR_NOMEM || place.expr == NULL)
      return fail_evaluation(s, &err, fail);
    if (sf_expr_what(place.expr) == SF_EXPR_JSONATA)
      return sf_fail_expression(s, place.expr, jsonata_fields[stage],
                                place.path, &err, fail);
    return sf_fail_field(s, place.expr, sf_string_text(place.key), input, &err,
                         fail);
  }
  record(s, stage, *out);
  return true;
}

bool sf_road_result_path(sight *s, const sf_selection *path, sf_value input,
                         sf_value result, sf_value *out, failure *fail) {
  sf_error err;

  if (path->kind == SF_SELECT_ALL) {
    *out = sf_retain(result);
  } else {
    *out = sf_retain(input);
    if (path->kind == SF_SELECT_EXPR &&
        sf_path_write(sf_expr_path(path->expr), out, sf_retain(result), &err) !=
          SF_OK) {
      sf_assign(out, sf_absent());
      if (err.status == SF_ERR_NOMEM)
        return fail_evaluation(s, &err, fail);
      return sf_fail_state(s, fail, "States.ResultPathMatchFailure",
                           "Unable to apply ResultPath '%s' : %s",
                           sf_expr_text(path->expr), err.message);
    }
  }
  record(s, SF_STAGE_AFTER_RESULT_PATH, *out);
  return true;
}

bool sf_road_assign(sight *s, const sf_template *assign, sf_value input,
                    sf_value *out, failure *fail) {
  *out = sf_absent();
  if (assign == NULL)
    return true;
  return sf_road_template(s, assign, input, SF_STAGE_VARIABLES, out, fail);
}

sf_status sf_road_operand(sight *s, const sf_operand *operand, sf_value input,
                          sf_value *out, sf_error *err) {
  *out = sf_absent();
  switch (operand->kind) {
    case SF_OPERAND_NONE: return SF_OK;
    case SF_OPERAND_CONSTANT: *out = sf_retain(operand->constant); return SF_OK;
    case SF_OPERAND_EXPR: break;
  }
  return evaluate(s, operand->expr, input, out, err);
}

bool sf_road_setting(sight *s, const sf_operand *operand, const char *field,
                     sf_value input, sf_value *out, failure *fail) {
  sf_error err;

  if (sf_road_operand(s, operand, input, out, &err) == SF_OK)
    return true;
  if (sf_is_jsonata(operand))
    return sf_fail_expression(s, operand->expr, field, sf_absent(), &err, fail);
  return fail_path(s, operand->expr, &err, fail);
}

bool sf_road_whole(sf_value v, int64_t *out) {
  const char *text;
  size_t len;

  if (sf_is_number(v))
    return sf_to_integer(v, out);
  if (v.kind != SF_STRING)
    return false;
  text = sf_string_text(v);
  len = sf_string_length(v);
  if (len == 0 || len > 18 || strspn(text, "0123456789-") != len ||
      strrchr(text, '-') > text)
    return false;
  return sf_to_integer(sf_number_parse(sf_value_mem(v), text, len), out);
}

sf_value sf_road_shown(sf_execution *x, sf_value v) {
  sf_value text = v.kind == SF_STRING ? sf_retain(v) : sf_json_text(x->mem, v);

  if (text.kind == SF_ABSENT) {
    x->broken = true;
    text = sf_string_from(x->mem, "");
  }
  return text;
}

bool sf_road_size(sight *s, sf_value v, sf_value who, failure *fail) {
  sf_execution *x = s->x;
  uint64_t bytes = sf_json_length(v);
  sf_value cause;

  if (bytes > x->payload_largest) {
    x->payload_largest = bytes;
    x->payload_state = s->frame->state;
  }
  if (x->facts.limits.payload == 0 || bytes <= x->facts.limits.payload)
    return true;
  cause = sf_string_format(
    x->mem,
    "The state/task '%s' returned a result with a size exceeding the maximum "
    "number of bytes service limit.",
    sf_string_text(who));
  return sf_fail_named(x, fail, "States.DataLimitExceeded", cause, REACH_NAME);
}
