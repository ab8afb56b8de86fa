/*
** intrinsic_json.c - intrinsic functions between text and JSON.
*/
#include "base/json.h"
#include "query/intrinsic.h"

static bool is_blank(sf_value text) {
  const char *s = sf_string_text(text);
  size_t i, len = sf_string_length(text);
  for (i = 0; i < len; i++)
    if (s[i] != ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != '\r')
      return false;
  return true;
}

sf_status sf_intrinsic_string_to_json(const sf_call *call, sf_value *out) {
  sf_value text = call->args[0];
  sf_error why;
  sf_status st;
  if (text.kind != SF_STRING)
    return sf_call_invalid(call, "the argument must be a string");
  st = sf_call_work(call, sf_string_length(text) / 64);
  if (st != SF_OK)
    return st;
  if (is_blank(text)) { /* no document at all is null, as the service has it */
    *out = sf_null();
    return SF_OK;
  }
  st = sf_json_read(call->env->mem, sf_string_text(text),
                    sf_string_length(text), out, &why);
  if (st == SF_ERR_NOMEM)
    return sf_error_nomem(call->err);
  return st == SF_OK ? SF_OK : sf_call_invalid(call, why.message);
}

sf_status sf_intrinsic_json_to_string(const sf_call *call, sf_value *out) {
  sf_status st = sf_call_work(call, sf_json_length(call->args[0]) / 64);
  if (st != SF_OK)
    return st;
  return sf_call_result(call, sf_json_text(call->env->mem, call->args[0]), out);
}

/* The members of 'b' put into 'a' (consumed): the later one wins. */
static sf_status merge(const sf_call *call, sf_value a, sf_value b,
                       sf_value *out) {
  size_t i, count = sf_object_count(b);
  sf_status st = SF_OK;
  for (i = 0; i < count && st == SF_OK; i++)
    st = sf_object_set(&a, sf_retain(sf_object_key_at(b, i)),
                       sf_retain(sf_object_value_at(b, i)));
  if (st == SF_OK)
    return sf_call_result(call, a, out);
  sf_release(a);
  return sf_error_of(call->err, st);
}

/* Only the shallow merge exists; a third argument that is no boolean counts as
** false. */
sf_status sf_intrinsic_json_merge(const sf_call *call, sf_value *out) {
  sf_value a = call->args[0], b = call->args[1], deep = call->args[2];
  sf_status st;
  if (a.kind != SF_OBJECT || b.kind != SF_OBJECT)
    return sf_call_invalid(call, "the first two arguments must be objects");
  if (deep.kind == SF_BOOLEAN && deep.u.boolean)
    return sf_call_invalid(call, "deep merging is not supported");
  st = sf_call_work(call, sf_object_count(a) + sf_object_count(b));
  return st == SF_OK ? merge(call, sf_retain(a), b, out) : st;
}
