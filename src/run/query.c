/*
** query.c - how the expressions of JSONata states fail: the wording of the
** service, and the EvaluationFailed event that tells of it.
*/
#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "run/internal.h"

bool sf_is_jsonata(const sf_operand *operand) {
  return operand->kind == SF_OPERAND_EXPR &&
         sf_expr_what(operand->expr) == SF_EXPR_JSONATA;
}

/* The length of the field's name in JSONata: "SecondsPath" is "Seconds". */
static int name_length(const char *field) {
  size_t len = strlen(field);

  if (len > 4 && strcmp(field + len - 4, "Path") == 0)
    len -= 4;
  return (int)len;
}

/* The event that EvaluationFailed points at: what happens before a state's work
** skips its Entered event. */
static uint32_t previous_of(const frame *f) {
  return f->last_id == f->entered_id ? f->entered_previous : f->last_id;
}

static void tell(sf_execution *x, frame *f, sf_value cause, sf_value location) {
  if (x->putting_off)
    return;
  f->last_id =
    sf_emit(x, H_EVALUATION_FAILED, previous_of(f), f, cause, location);
}

bool sf_fail_query(sight *s, failure *fail, sf_value location,
                   const char *format, ...) {
  va_list args;

  va_start(args, format);
  sf_fail_state_arguments(s, fail, "States.QueryEvaluationError", format, args);
  va_end(args);
  fail->evaluation = true;
  tell(s->x, s->frame, fail->cause, location);
  return false;
}

/* "Output/result"; owned. */
static sf_value location_of(sight *s, const char *field, sf_value path) {
  sf_value text =
    sf_string_format(s->x->mem, "%.*s%s%s", name_length(field), field,
                     path.kind == SF_ABSENT ? "" : "/",
                     path.kind == SF_ABSENT ? "" : sf_string_text(path));

  if (text.kind == SF_ABSENT)
    s->x->broken = true;
  return text;
}

static const char *text_of(sf_value v) {
  return v.kind == SF_STRING ? sf_string_text(v) : "";
}

bool sf_fail_expression(sight *s, const sf_expr *e, const char *field,
                        sf_value path, const sf_error *err, failure *fail) {
  sf_value at = location_of(s, field, path);
  const char *code = err->code == NULL ? "" : err->code;

  if (err->status == SF_ERR_NOMEM)
    s->x->broken = true;
  if (err->status == SF_ERR_NOT_FOUND)
    sf_fail_query(s, fail, at,
                  "The JSONata expression '%s' specified for the field '%s' "
                  "returned nothing (undefined).",
                  sf_expr_text(e), text_of(at));
  else if (err->status == SF_ERR_TYPE)
    sf_fail_query(s, fail, at,
                  "The JSONata expression '%s' specified for the field '%s' "
                  "returned an unsupported result type.",
                  sf_expr_text(e), text_of(at));
  else
    sf_fail_query(s, fail, at,
                  "The JSONata expression '%s' specified for the field '%s' "
                  "threw an error during evaluation. %s%s%s",
                  sf_expr_text(e), text_of(at), code, *code ? ": " : "",
                  err->message);
  sf_release(at);
  return false;
}

bool sf_fail_result(sight *s, const sf_expr *e, const char *field,
                    const char *expected, sf_value v, failure *fail) {
  sf_value at = location_of(s, field, sf_absent());
  sf_value shown = sf_json_text(s->x->mem, v);

  sf_fail_query(s, fail, at,
                "The JSONata expression '%s' specified for the field '%s' "
                "returned an unexpected result type. Expected '%s', but was "
                "'%s' for value: %s",
                sf_expr_text(e), text_of(at), expected, sf_kind_name(v.kind),
                text_of(shown));
  sf_release(at);
  sf_release(shown);
  return false;
}

bool sf_fail_parse(sight *s, const char *field, const char *kind, sf_value v,
                   failure *fail) {
  sf_value at = location_of(s, field, sf_absent());
  sf_value shown = sf_road_shown(s->x, v);

  sf_fail_query(s, fail, at, "The %s field cannot be parsed as %s: %s",
                text_of(at), kind, text_of(shown));
  sf_release(at);
  sf_release(shown);
  return false;
}
