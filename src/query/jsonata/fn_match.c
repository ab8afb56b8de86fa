/*
** fn_match.c - functions that search in strings: $match, $contains, $replace,
** $split.
*/
#include <math.h>

#include "query/jsonata/function.h"
#include "query/jsonata/match.h"
#include "query/jsonata/text.h"

/* A limit that is given: not negative, else a fault.  Undefined: none. */
static bool limit_of(const jn_call *c, size_t arg, const char *code,
                     double *out) {
  jn_value v = c->args[arg];
  *out = INFINITY;
  if (jn_is_undefined(v))
    return true;
  *out = jn_double(v);
  if (*out >= 0)
    return true;
  c->run->fault->index = (int)arg + 1;
  return jn_fail(c->run, code, v);
}

static bool set(jn_run *r, jn_object *o, const char *name, jn_value v) {
  jn_value key = jn_text_borrow(&r->arena, name, strlen(name));
  return (!jn_is_undefined(key) && jn_object_set(&r->arena, o, key, v)) ||
         jn_fail_memory(r);
}

static bool push_match(jn_run *r, jn_array *to, const jn_found *found) {
  jn_object *o = jn_object_new(&r->arena, 3);
  if (o == NULL)
    return jn_fail_memory(r);
  return set(r, o, "match", found->match) &&
         set(r, o, "index", found->start_value) &&
         set(r, o, "groups", found->groups) &&
         jn_push(r, to, jn_object_value(o));
}

bool jn_fn_match(const jn_call *c, jn_value *out) {
  jn_search s;
  jn_found found;
  jn_array *to;
  double limit, n;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (!limit_of(c, 2, "D3040", &limit))
    return false;
  to = jn_new_array(c->run, 0, JN_SEQUENCE);
  if (to == NULL)
    return false;
  *out = jn_array_value(to);
  if (limit <= 0)
    return true;
  jn_search_init(&s, c->run, c->frame, c->args[1], c->args[0]);
  if (!jn_search_next(&s, &found))
    return false;
  for (n = 0; found.is_match && n < limit; n++)
    if (!push_match(c->run, to, &found) || !jn_search_next(&s, &found))
      return false;
  return true;
}

bool jn_fn_contains(const jn_call *c, jn_value *out) {
  jn_search s;
  jn_found found;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (jn_is_undefined(c->args[1]) && c->run->dialect->contains_needs_token)
    return true;
  if (jn_is_undefined(c->args[1]))
    return jn_fail(c->run, "T1006", jn_undefined());
  if (jn_is_string(c->args[1])) {
    *out = sf_boolean(jn_bytes_find(jn_bytes_of(c->args[0]),
                                    jn_bytes_of(c->args[1]), 0) != SIZE_MAX);
    return true;
  }
  jn_search_init(&s, c->run, c->frame, c->args[1], c->args[0]);
  if (!jn_search_next(&s, &found))
    return false;
  *out = sf_boolean(found.is_match);
  return true;
}

/* --- $replace --- */

typedef struct replacer {
  const jn_call *call;
  jn_bytes text;
  sf_buffer out;
} replacer;

static bool add_value(replacer *p, jn_value v) {
  jn_bytes b;
  if (!jn_string_bytes(p->call->run, v, &b))
    return false;
  sf_buffer_add(&p->out, b.at, b.length);
  return true;
}

/* A decimal number of at most 'most' digits; -1: there is none. */
static int64_t read_number(jn_bytes b, size_t at, int most) {
  int64_t n = 0;
  int i;
  for (i = 0; i < most && at + (size_t)i < b.length; i++) {
    char c = b.at[at + (size_t)i];
    if (c < '0' || c > '9')
      break;
    n = n * 10 + (c - '0');
  }
  return i > 0 ? n : -1;
}

static int digits_of(int64_t n) {
  int count = 1;
  for (; n >= 10; n /= 10)
    count++;
  return count;
}

/* What stands behind a '$' at 'at'; returns how many bytes that was. */
static bool add_reference(replacer *p, jn_bytes with, size_t at,
                          const jn_found *found, size_t *used) {
  jn_items groups = {NULL, 0};
  char c = at < with.length ? with.at[at] : '\0';
  int most;
  int64_t index;
  *used = 1;
  if (c == '$') {
    sf_buffer_add_char(&p->out, '$');
    return true;
  }
  if (c == '0')
    return add_value(p, found->match);
  if (jn_is_array(found->groups))
    groups = jn_items_of(found->groups);
  most = groups.count == 0 ? 1 : digits_of((int64_t)groups.count);
  index = read_number(with, at, most);
  if (most > 1 && index > (int64_t)groups.count)
    index = read_number(with, at, most - 1);
  *used = 0;
  if (index < 0) {
    sf_buffer_add_char(&p->out, '$');
    return true;
  }
  *used = (size_t)digits_of(index);
  return index < 1 || index > (int64_t)groups.count ||
         add_value(p, groups.at[index - 1]);
}

/* A replacement with $0, $1 ... */
static bool add_template(replacer *p, jn_bytes with, const jn_found *found) {
  size_t at = 0, used;
  while (at < with.length) {
    const char *dollar = memchr(with.at + at, '$', with.length - at);
    size_t end = dollar != NULL ? (size_t)(dollar - with.at) : with.length;
    sf_buffer_add(&p->out, with.at + at, end - at);
    at = end;
    if (dollar == NULL)
      break;
    if (!add_reference(p, with, at + 1, found, &used))
      return false;
    at += 1 + used;
  }
  return true;
}

/* What a function makes of a match. */
static bool add_result(replacer *p, const jn_found *found) {
  const jn_call *c = p->call;
  jn_run *r = c->run;
  jn_object *o = jn_object_new(&r->arena, 4);
  jn_value v, argument;
  jn_arguments args = {&argument, 1};
  jn_bytes b;
  if (o == NULL)
    return jn_fail_memory(r);
  if (!set(r, o, "match", found->match) ||
      !set(r, o, "start", found->start_value) ||
      !set(r, o, "end",
           sf_integer((int64_t)jn_units(p->text, 0, found->end))) ||
      !set(r, o, "groups", found->groups))
    return false;
  argument = jn_object_value(o);
  if (!jn_apply(r, c->args[2], args, jn_undefined(), c->frame, &v))
    return false;
  if (!jn_is_string(v))
    return jn_fail(r, "D3012", v);
  b = jn_bytes_of(v);
  sf_buffer_add(&p->out, b.at, b.length);
  return true;
}

static bool replace_match(replacer *p, const jn_found *found, size_t *at) {
  const jn_call *c = p->call;
  if (found->start > *at)
    sf_buffer_add(&p->out, p->text.at + *at, found->start - *at);
  if (!(jn_is_string(c->args[2])
          ? add_template(p, jn_bytes_of(c->args[2]), found)
          : add_result(p, found)))
    return false;
  *at = found->start;
  if (jn_is_string(found->match))
    *at += jn_bytes_of(found->match).length;
  if (*at > p->text.length)
    *at = p->text.length;
  return true;
}

/* The next match is looked for even where the limit is reached. */
static bool replace_matches(replacer *p, double limit) {
  const jn_call *c = p->call;
  jn_search s;
  jn_found found;
  size_t at = 0;
  double n;
  jn_search_init(&s, c->run, c->frame, c->args[1], c->args[0]);
  if (limit > 0 && !jn_search_next(&s, &found))
    return false;
  for (n = 0; n < limit && found.is_match; n++)
    if (!replace_match(p, &found, &at) || !jn_search_next(&s, &found))
      return false;
  sf_buffer_add(&p->out, p->text.at + at, p->text.length - at);
  return true;
}

static bool replace_texts(replacer *p, double limit) {
  const jn_call *c = p->call;
  jn_bytes what = jn_bytes_of(c->args[1]);
  size_t at = 0, found;
  double n;
  for (n = 0; n < limit; n++) {
    found = jn_bytes_find(p->text, what, at);
    if (found == SIZE_MAX)
      break;
    sf_buffer_add(&p->out, p->text.at + at, found - at);
    if (!jn_step(c->run, 1) || !add_value(p, c->args[2]))
      return false;
    at = found + what.length;
  }
  sf_buffer_add(&p->out, p->text.at + at, p->text.length - at);
  return true;
}

bool jn_fn_replace(const jn_call *c, jn_value *out) {
  replacer p;
  double limit;
  bool fine;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (jn_is_string(c->args[1]) && jn_bytes_of(c->args[1]).length == 0) {
    c->run->fault->index = 2;
    return jn_fail(c->run, "D3010", c->args[1]);
  }
  if (!limit_of(c, 3, "D3011", &limit))
    return false;
  if (jn_is_undefined(c->args[1]))
    return jn_fail(c->run, "T1006", jn_undefined());
  if (jn_is_undefined(c->args[2]) && !jn_is_string(c->args[1]))
    return jn_fail(c->run, "T1006", jn_undefined());
  p.call = c;
  p.text = jn_bytes_of(c->args[0]);
  sf_buffer_init(&p.out, c->run->env->mem);
  fine = jn_is_string(c->args[1]) ? replace_texts(&p, limit)
                                  : replace_matches(&p, limit);
  if (fine)
    return jn_buffer_text(c->run, &p.out, out);
  sf_buffer_clear(&p.out);
  return false;
}

/* --- $split --- */

static bool push_part(const jn_call *c, jn_array *to, jn_bytes b, size_t from,
                      size_t end) {
  jn_value v;
  if (end < from)
    end = from;
  v = jn_text_borrow(&c->run->arena, b.at + from, end - from);
  return !jn_is_undefined(v) ? jn_push(c->run, to, v) : jn_fail_memory(c->run);
}

static bool split_matches(const jn_call *c, jn_array *to, double limit) {
  jn_bytes b = jn_bytes_of(c->args[0]);
  jn_search s;
  jn_found found;
  size_t at = 0;
  double n;
  jn_search_init(&s, c->run, c->frame, c->args[1], c->args[0]);
  if (!jn_search_next(&s, &found))
    return false;
  for (n = 0; n < limit && found.is_match; n++) {
    if (!push_part(c, to, b, at, found.start))
      return false;
    at = found.end;
    if (!jn_search_next(&s, &found))
      return false;
  }
  return n >= limit || push_part(c, to, b, at, b.length);
}

/* The end of the part that begins at 'at'; *is_last: nothing follows it. */
static size_t part_end(jn_bytes b, jn_bytes by, size_t at, bool *is_last) {
  size_t end =
    by.length > 0 ? jn_bytes_find(b, by, at) : at + jn_char_length(b, at);
  *is_last = by.length > 0 ? end == SIZE_MAX : end >= b.length;
  return end == SIZE_MAX ? b.length : end;
}

static bool split_texts(const jn_call *c, jn_array *to, double limit) {
  jn_bytes b = jn_bytes_of(c->args[0]), by = jn_bytes_of(c->args[1]);
  bool is_last = b.length == 0 && by.length == 0;
  size_t at = 0;
  double n;
  for (n = 0; n < floor(limit) && !is_last; n++) {
    size_t end = part_end(b, by, at, &is_last);
    if (!jn_step(c->run, 1) || !push_part(c, to, b, at, end))
      return false;
    at = end + by.length;
  }
  return true;
}

bool jn_fn_split(const jn_call *c, jn_value *out) {
  jn_array *to;
  double limit;
  if (jn_is_undefined(c->args[0]))
    return true;
  if (!limit_of(c, 2, "D3020", &limit))
    return false;
  to = jn_new_array(c->run, 4, 0);
  if (to == NULL)
    return false;
  *out = jn_array_value(to);
  if (limit <= 0)
    return true;
  if (jn_is_undefined(c->args[1]))
    return jn_fail(c->run, "T1006", jn_undefined());
  return jn_is_string(c->args[1]) ? split_texts(c, to, limit)
                                  : split_matches(c, to, limit);
}
