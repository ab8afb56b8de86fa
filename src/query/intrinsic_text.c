/*
** intrinsic_text.c - intrinsic functions that make and cut text.
*/
#include "base/json.h"
#include "base/utf8.h"
#include "query/intrinsic.h"

/* --- the written form --- */

static void write_array(sf_value v, sf_buffer *out) {
  size_t i, count = sf_array_count(v);
  sf_buffer_add_char(out, '[');
  for (i = 0; i < count && !out->failed; i++) {
    if (i > 0)
      sf_buffer_add(out, ", ", 2);
    sf_write_plain(sf_array_at(v, i), out);
  }
  sf_buffer_add_char(out, ']');
}

static void write_object(sf_value v, sf_buffer *out) {
  size_t i, count = sf_object_count(v);
  sf_buffer_add_char(out, '{');
  for (i = 0; i < count && !out->failed; i++) {
    if (i > 0)
      sf_buffer_add(out, ", ", 2);
    sf_write_plain(sf_object_key_at(v, i), out);
    sf_buffer_add_char(out, '=');
    sf_write_plain(sf_object_value_at(v, i), out);
  }
  sf_buffer_add_char(out, '}');
}

/* This is how Java prints its collections, which is what the service shows.
** The depth of a value (SF_DEPTH_MAX) bounds the recursion. */
void sf_write_plain(sf_value v, sf_buffer *out) {
  switch (v.kind) {
    case SF_STRING:
      sf_buffer_add(out, sf_string_text(v), sf_string_length(v));
      break;
    case SF_ARRAY: write_array(v, out); break;
    case SF_OBJECT: write_object(v, out); break;
    default:
      if (sf_json_write(v, out) != SF_OK)
        out->failed = true;
  }
}

/* --- States.Format --- */

static bool is_escapable(char c) {
  return c == '\'' || c == '\\' || c == '{' || c == '}';
}

static sf_status lone_brace(const sf_call *call, char missing, char found) {
  return sf_error_set(
    call->err, SF_ERR_EVALUATE,
    "Invalid template in States.Format: matching '%c' not found for '%c'.",
    missing, found);
}

/* Bytes from 's' on that stand for themselves. */
static size_t plain_length(const char *s, const char *end) {
  const char *p = s;
  while (p < end && *p != '{' && *p != '}' && *p != '\\')
    p++;
  return (size_t)(p - s);
}

/* Write the template with each {} replaced by the next argument. */
static sf_status fill_template(const sf_call *call, sf_buffer *text) {
  const char *s = sf_string_text(call->args[0]);
  const char *end = s + sf_string_length(call->args[0]);
  size_t next = 1;
  while (s < end) {
    size_t plain = plain_length(s, end);
    sf_buffer_add(text, s, plain);
    s += plain;
    if (s == end)
      break;
    if (*s == '\\') {
      if (s + 1 == end)
        return sf_error_set(call->err, SF_ERR_EVALUATE,
                            "Invalid template in States.Format: nothing "
                            "follows the last '\\'.");
      if (!is_escapable(s[1]))
        sf_buffer_add_char(text, '\\');
      sf_buffer_add_char(text, s[1]);
    } else if (*s == '}') {
      return lone_brace(call, '{', '}');
    } else if (s + 1 == end || s[1] != '}') {
      return lone_brace(call, '}', '{');
    } else if (next == call->count) {
      return sf_call_invalid(call, "the template has more {} than arguments");
    } else {
      sf_write_plain(call->args[next++], text);
    }
    s += 2;
  }
  if (next < call->count)
    return sf_call_invalid(call, "the template has fewer {} than arguments");
  return SF_OK;
}

sf_status sf_intrinsic_format(const sf_call *call, sf_value *out) {
  sf_buffer text;
  sf_status st;
  if (call->args[0].kind != SF_STRING)
    return sf_call_invalid(call, "the template must be a string");
  sf_buffer_init(&text, call->env->mem);
  st = fill_template(call, &text);
  if (st == SF_OK)
    st = sf_call_work(call, text.length / 64);
  if (st == SF_OK)
    return sf_call_result(call, sf_buffer_string(&text), out);
  sf_buffer_clear(&text);
  return st;
}

/* --- States.StringSplit --- */

static bool is_delimiter(sf_value delimiters, uint32_t code) {
  const char *d = sf_string_text(delimiters);
  const char *end = d + sf_string_length(delimiters);
  while (d < end)
    if (sf_utf8_next(&d) == code)
      return true;
  return false;
}

#define COMPARED_AT_ONCE 4096 /* characters, between draws from the budget */

/* Go behind the run of characters at *s that are delimiters, or are not. */
static sf_status skip_run(const sf_call *call, const char **s, const char *end,
                          sf_value delimiters, bool are) {
  const char *next = *s;
  uint64_t work = 0;
  sf_status st = SF_OK;
  while (st == SF_OK && *s < end &&
         is_delimiter(delimiters, sf_utf8_next(&next)) == are) {
    *s = next;
    work += 1 + sf_string_length(delimiters);
    if (work >= COMPARED_AT_ONCE) {
      st = sf_call_work(call, work / 64);
      work = 0;
    }
  }
  return st;
}

/* Every character of 'delimiters' separates; parts are never empty. */
static sf_status split(const sf_call *call, sf_value text, sf_value delimiters,
                       sf_value *out) {
  const char *s = sf_string_text(text), *end = s + sf_string_length(text);
  sf_value parts = sf_array_new(call->env->mem, 0);
  sf_status st = skip_run(call, &s, end, delimiters, true);
  while (s < end && st == SF_OK) {
    const char *part = s;
    st = skip_run(call, &s, end, delimiters, false);
    if (st == SF_OK)
      st = sf_call_push(
        call, &parts, sf_string_new(call->env->mem, part, (size_t)(s - part)));
    if (st == SF_OK)
      st = skip_run(call, &s, end, delimiters, true);
    if (st == SF_OK)
      st = sf_call_work(call, 1);
  }
  if (st == SF_OK)
    return sf_call_result(call, parts, out);
  sf_release(parts);
  return st;
}

sf_status sf_intrinsic_string_split(const sf_call *call, sf_value *out) {
  sf_value text = call->args[0], delimiters = call->args[1];
  if (text.kind != SF_STRING || delimiters.kind != SF_STRING)
    return sf_call_invalid(call, "both arguments must be strings");
  return split(call, text, delimiters, out);
}
