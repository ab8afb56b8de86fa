/*
** reader_json.c - the elements of a JSON array one after the other, also of one
** inside an object (ItemsPointer), where the members of an object do too.  What
** is not on the way to them is passed over without being kept.
*/
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/token.h"
#include "base/utf8.h"
#include "run/reader.h"

#define NOT_ITERABLE "Attempting to map over non-iterable node."

void sf_json_parser_init(parser *p, const sf_alloc *mem, sf_value path) {
  memset(p, 0, sizeof *p);
  p->mem = mem;
  p->type = SF_INPUT_JSON;
  p->u.json.path = path;
  p->u.json.has_path = path.kind == SF_ARRAY;
  p->u.json.phase = JSON_VALUE;
}

static parse fail(sf_error *err, const char *message) {
  sf_error_set(err, SF_ERR_SYNTAX, "%s", message);
  return PARSE_FAILED;
}

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next character that is no blank, not taken.  PARSE_ITEM: *c has it. */
static parse peek(stream *in, char *c, sf_error *err) {
  while (in->at < in->length && is_space(in->bytes[in->at]))
    sf_stream_take(in, 1);
  if (in->at < in->length) {
    *c = in->bytes[in->at];
    return PARSE_ITEM;
  }
  return in->ended ? fail(err, "The JSON text ends too early.") : PARSE_MORE;
}

/* --- the end of a value --- */

static void begin_value(json_parser *j) {
  j->depth = 0;
  j->in_string = j->escaped = j->started = false;
}

/* Is the value over before (*behind: or with) the character 'c'? */
static bool ends_value(json_parser *j, char c, bool *behind) {
  *behind = true;
  if (j->in_string) {
    if (j->escaped)
      j->escaped = false;
    else if (c == '\\')
      j->escaped = true;
    else if (c == '"')
      j->in_string = false;
    return !j->in_string && j->depth == 0;
  }
  switch (c) {
    case '"': j->in_string = true; return false;
    case '[':
    case '{': j->depth++; return false;
    case ']':
    case '}': *behind = j->depth > 0; return j->depth == 0 || --j->depth == 0;
    default: *behind = false; return j->depth == 0 && (c == ',' || is_space(c));
  }
}

/* Find the end of the value that begins at the front: in->scanned is its length
** then.  PARSE_ITEM: it is there. */
static parse find_end(json_parser *j, stream *in, sf_error *err) {
  size_t left = in->length - in->at;
  bool behind;

  while (in->scanned < left) {
    if (ends_value(j, in->bytes[in->at + in->scanned], &behind)) {
      in->scanned += behind;
      return PARSE_ITEM;
    }
    in->scanned++;
  }
  if (in->ended)
    return fail(err, "The JSON text ends too early.");
  return sf_parse_more(in, err);
}

/* Pass over a value; its bytes are given up as they come. */
static parse skip(json_parser *j, stream *in, sf_error *err) {
  parse got;

  j->started = true;
  got = find_end(j, in, err);
  if (got != PARSE_FAILED)
    sf_stream_take(in, in->scanned);
  if (got == PARSE_ITEM) {
    j->phase = j->after_skip;
    j->started = false;
  }
  return got;
}

/* --- keys --- */

/* The text at the front as a value, taken.  PARSE_ITEM: *out has it, owned. */
static parse read_key(parser *p, stream *in, sf_value *out, sf_error *err) {
  json_parser *j = &p->u.json;
  found_item it = {{{0}, SF_ABSENT}, {{0}, SF_ABSENT}};
  parse got;

  if (!j->started)
    begin_value(j);
  j->started = true;
  got = find_end(j, in, err);
  if (got != PARSE_ITEM)
    return got;
  got = sf_parse_json(p->mem, in->bytes + in->at, in->scanned, &it, err);
  sf_stream_take(in, in->scanned);
  j->started = false;
  *out = it.value;
  return got;
}

/* --- on the way --- */

static parse on_value(json_parser *j, stream *in, char c, sf_error *err) {
  bool there = !j->has_path || j->step == sf_array_count(j->path);

  if (c != '[' && c != '{')
    return fail(err, NOT_ITERABLE);
  sf_stream_take(in, 1);
  j->element = 0;
  if (!there) {
    j->phase = c == '{' ? JSON_KEY : JSON_INDEX;
  } else if (c == '{' && !j->has_path) {
    return fail(err, NOT_ITERABLE);
  } else {
    j->members = c == '{';
    j->phase = JSON_FIRST;
  }
  return PARSE_ITEM;
}

static parse not_found(sf_error *err) {
  return fail(err, "The ItemsPointer names nothing in the JSON text.");
}

static parse on_key(parser *p, stream *in, char c, sf_error *err) {
  json_parser *j = &p->u.json;
  sf_value key = {{0}, SF_ABSENT};
  parse got;

  if (c == '}')
    return not_found(err);
  if (c == ',') {
    sf_stream_take(in, 1);
    return PARSE_ITEM;
  }
  if (c != '"')
    return fail(err, "The JSON text is not valid.");
  got = read_key(p, in, &key, err);
  if (got == PARSE_ITEM) {
    j->found = sf_equal(key, sf_array_at(j->path, j->step));
    j->phase = JSON_COLON;
  }
  sf_release(key);
  return got;
}

static void pass_over(json_parser *j, json_phase then) {
  j->phase = JSON_SKIP;
  j->after_skip = then;
  begin_value(j);
}

static parse on_colon(json_parser *j, stream *in, char c, sf_error *err) {
  if (c != ':')
    return fail(err, "The JSON text is not valid.");
  sf_stream_take(in, 1);
  if (j->found) {
    j->step++;
    j->phase = JSON_VALUE;
    return PARSE_ITEM;
  }
  pass_over(j, JSON_KEY);
  return PARSE_ITEM;
}

static parse on_index(json_parser *j, stream *in, char c, sf_error *err) {
  const char *wanted = sf_string_text(sf_array_at(j->path, j->step));
  char *end;

  if (c == ']')
    return not_found(err);
  if (c == ',') {
    sf_stream_take(in, 1);
    return PARSE_ITEM;
  }
  if (*wanted >= '0' && *wanted <= '9' &&
      strtoul(wanted, &end, 10) == j->element && *end == '\0') {
    j->step++;
    j->phase = JSON_VALUE;
  } else {
    j->element++;
    pass_over(j, JSON_INDEX);
  }
  return PARSE_ITEM;
}

/* --- items --- */

/* Before the first one: there may be none. */
static parse on_first(json_parser *j, char c) {
  if (c == (j->members ? '}' : ']')) {
    j->phase = JSON_DONE;
    return PARSE_ITEM;
  }
  j->phase = JSON_ELEMENT;
  return PARSE_ITEM;
}

static parse on_element(parser *p, stream *in, char c, sf_error *err) {
  json_parser *j = &p->u.json;
  parse got;

  if (!j->members) {
    begin_value(j);
    j->phase = JSON_BODY;
    return PARSE_ITEM;
  }
  if (c != '"')
    return fail(err, "The JSON text is not valid.");
  got = read_key(p, in, &j->key, err);
  if (got == PARSE_ITEM)
    j->phase = JSON_MEMBER;
  return got;
}

static parse on_member(json_parser *j, stream *in, char c, sf_error *err) {
  if (c != ':')
    return fail(err, "The JSON text is not valid.");
  sf_stream_take(in, 1);
  begin_value(j);
  j->phase = JSON_BODY;
  return PARSE_ITEM;
}

static parse on_body(parser *p, stream *in, found_item *out, sf_error *err) {
  json_parser *j = &p->u.json;
  char c;
  parse got = in->scanned > 0 ? PARSE_ITEM : peek(in, &c, err);

  if (got == PARSE_ITEM)
    got = find_end(j, in, err);
  if (got != PARSE_ITEM)
    return got;
  got = sf_parse_json(p->mem, in->bytes + in->at, in->scanned, out, err);
  sf_stream_take(in, in->scanned);
  out->key = j->key;
  j->key = sf_absent();
  j->phase = JSON_AFTER;
  return got;
}

static parse on_after(json_parser *j, stream *in, char c, sf_error *err) {
  if (c != ',' && c != (j->members ? '}' : ']'))
    return fail(err, "The JSON text is not valid.");
  sf_stream_take(in, 1);
  j->phase = c == ',' ? JSON_ELEMENT : JSON_DONE;
  return PARSE_ITEM;
}

/* One step that gives no item.  It begins with the next character, but for a key
** or value of which a piece has been seen. */
static parse move(parser *p, stream *in, sf_error *err) {
  json_parser *j = &p->u.json;
  char c = '"';
  parse got = j->started ? PARSE_ITEM : peek(in, &c, err);

  if (got != PARSE_ITEM)
    return got;
  switch (j->phase) {
    case JSON_VALUE: return on_value(j, in, c, err);
    case JSON_KEY: return on_key(p, in, c, err);
    case JSON_INDEX: return on_index(j, in, c, err);
    case JSON_COLON: return on_colon(j, in, c, err);
    case JSON_SKIP: return skip(j, in, err);
    case JSON_FIRST: return on_first(j, c);
    case JSON_ELEMENT: return on_element(p, in, c, err);
    case JSON_MEMBER: return on_member(j, in, c, err);
    case JSON_AFTER: return on_after(j, in, c, err);
    default: return PARSE_ITEM;
  }
}

parse sf_json_parser_next(parser *p, stream *in, found_item *out,
                          sf_error *err) {
  parse got = PARSE_ITEM;

  while (got == PARSE_ITEM) {
    if (p->u.json.phase == JSON_DONE)
      return PARSE_END;
    if (p->u.json.phase == JSON_BODY)
      return on_body(p, in, out, err);
    got = move(p, in, err);
  }
  return got;
}
