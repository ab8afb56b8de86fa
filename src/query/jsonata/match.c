/*
** match.c - see match.h, and for the functions that search: fn_match.c.
*/
#include "query/jsonata/match.h"

#include "query/jsonata/regex.h"
#include "query/jsonata/text.h"

/* --- a regex that finds --- */

typedef struct hit {
  bool is_match;
  size_t start, end;
  jn_value groups;
} hit;

static bool group_values(jn_run *r, jn_bytes text, const size_t *vector,
                         uint32_t count, jn_value *out) {
  jn_array *groups = jn_new_array(r, count, 0);
  uint32_t i;
  if (groups == NULL)
    return false;
  for (i = 1; i < count; i++) {
    jn_value v = jn_undefined();
    if (vector[2 * i] != SIZE_MAX &&
        !jn_make_text(r, text.at + vector[2 * i],
                      vector[2 * i + 1] - vector[2 * i], &v))
      return false;
    if (!jn_push(r, groups, v))
      return false;
  }
  *out = jn_array_value(groups);
  return true;
}

static bool find(jn_run *r, const jn_node *n, jn_value text, size_t start,
                 hit *out) {
  jn_regex_hit at;
  jn_bytes b = jn_bytes_of(text);
  int found = 0;
  if (start <= b.length)
    found =
      jn_regex_find(n->regex, b, start, r->budget, &r->arena, &at, r->fault);
  out->is_match = found > 0;
  if (found <= 0)
    return found == 0;
  out->start = at.vector[0];
  out->end = at.vector[1] < at.vector[0] ? at.vector[0] : at.vector[1];
  return group_values(r, b, at.vector, at.groups, &out->groups);
}

/* The next match after one that ended at 'end'. */
static bool find_next(jn_run *r, const jn_node *n, jn_value text, size_t end,
                      hit *out) {
  out->is_match = false;
  if (end >= jn_bytes_of(text).length)
    return true;
  if (!find(r, n, text, end, out))
    return false;
  if (!out->is_match || out->end > out->start)
    return true;
  jn_fail(r, "D1004", n->value);
  r->fault->position = n->position;
  return false;
}

static bool set(jn_run *r, jn_object *o, const char *name, jn_value v) {
  jn_value key = jn_text_borrow(&r->arena, name, strlen(name));
  return (!jn_is_undefined(key) && jn_object_set(&r->arena, o, key, v)) ||
         jn_fail_memory(r);
}

/* { match, start, end, groups, next } */
static bool hit_object(jn_run *r, const jn_node *n, jn_value text,
                       const hit *found, jn_value *out) {
  jn_object *o;
  jn_bytes b = jn_bytes_of(text);
  jn_value match, next;
  size_t start;
  *out = jn_undefined();
  if (!found->is_match)
    return true;
  start = jn_units(b, 0, found->start);
  o = jn_object_new(&r->arena, 5);
  if (o == NULL)
    return jn_fail_memory(r);
  *out = jn_object_value(o);
  return jn_make_text(r, b.at + found->start, found->end - found->start,
                      &match) &&
         jn_function_next(r, n, text, found->end, &next) &&
         set(r, o, "match", match) &&
         set(r, o, "start", sf_integer((int64_t)start)) &&
         set(r, o, "end",
             sf_integer(
               (int64_t)(start + jn_units(b, found->start, found->end)))) &&
         set(r, o, "groups", found->groups) && set(r, o, "next", next);
}

bool jn_match_call(jn_run *r, const jn_function *f, jn_arguments args,
                   jn_value *out) {
  hit found;
  size_t start = 0;
  double from;
  *out = jn_undefined();
  if (args.count == 0 || !jn_is_string(args.at[0]))
    return true;
  from = args.count > 1 && jn_is_number(args.at[1]) ? jn_double(args.at[1]) : 0;
  if (from > 0)
    start = from > (double)jn_bytes_of(args.at[0]).length
              ? SIZE_MAX
              : jn_char_offset(jn_bytes_of(args.at[0]), (size_t)from);
  return find(r, f->node, args.at[0], start, &found) &&
         hit_object(r, f->node, args.at[0], &found, out);
}

bool jn_match_next(jn_run *r, const jn_function *f, jn_value *out) {
  hit found;
  return find_next(r, f->node, f->text, f->start, &found) &&
         hit_object(r, f->node, f->text, &found, out);
}

/* --- searching --- */

void jn_search_init(jn_search *s, jn_run *r, jn_frame *frame, jn_value matcher,
                    jn_value text) {
  memset(s, 0, sizeof *s);
  s->run = r;
  s->frame = frame;
  s->matcher = matcher;
  s->text = text;
  s->is_regex = jn_function_of(matcher)->kind == JN_F_REGEX;
  s->next = jn_undefined();
}

static bool next_of_regex(jn_search *s, jn_found *out) {
  const jn_node *n = jn_function_of(s->matcher)->node;
  jn_bytes b = jn_bytes_of(s->text);
  hit found;
  if (!(s->began ? find_next(s->run, n, s->text, s->at, &found)
                 : find(s->run, n, s->text, 0, &found)))
    return false;
  out->is_match = found.is_match;
  if (!found.is_match)
    return true;
  s->at = found.end;
  s->units += jn_units(b, s->units_at, found.start);
  s->units_at = found.start;
  out->start = found.start;
  out->end = found.end;
  out->start_value = sf_integer((int64_t)s->units);
  out->groups = found.groups;
  return jn_make_text(s->run, b.at + found.start, found.end - found.start,
                      &out->match);
}

static size_t position(jn_search *s, jn_value v) {
  double d = jn_is_number(v) ? jn_double(v) : 0;
  jn_bytes b = jn_bytes_of(s->text);
  if (!(d > 0))
    return 0;
  return d > (double)b.length ? b.length : jn_char_offset(b, (size_t)d);
}

static bool has_shape(jn_run *r, jn_value v) {
  return jn_is_object(v) &&
         (jn_is_number(jn_object_named(&r->arena, v, "start")) ||
          jn_is_number(jn_object_named(&r->arena, v, "end")) ||
          jn_is_array(jn_object_named(&r->arena, v, "groups")) ||
          jn_is_function(jn_object_named(&r->arena, v, "next")));
}

/* A matcher that is a function gives its matches one by one. */
static bool next_of_function(jn_search *s, jn_found *out) {
  jn_run *r = s->run;
  jn_arguments args = {&s->text, s->began ? 0 : 1};
  jn_value v, fn = s->began ? s->next : s->matcher;
  if (!jn_apply(r, fn, args, jn_undefined(), s->frame, &v))
    return false;
  out->is_match = !jn_is_undefined(v);
  if (!out->is_match)
    return true;
  if (!has_shape(r, v))
    return jn_fail(r, "T1010", jn_undefined());
  out->match = jn_object_named(&r->arena, v, "match");
  out->start_value = jn_object_named(&r->arena, v, "start");
  out->start = position(s, out->start_value);
  out->end = position(s, jn_object_named(&r->arena, v, "end"));
  out->groups = jn_object_named(&r->arena, v, "groups");
  s->next = jn_object_named(&r->arena, v, "next");
  return true;
}

bool jn_search_next(jn_search *s, jn_found *out) {
  bool fine = jn_step(s->run, 1) &&
              (s->is_regex ? next_of_regex(s, out) : next_of_function(s, out));
  s->began = true;
  return fine;
}
