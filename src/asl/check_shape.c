/*
** check_shape.c - see check_shape.h.
*/
#include "asl/check_shape.h"

#include <string.h>

sf_shape sf_shape_open(void) {
  sf_shape s = {true, true, true, {{0}, SF_ABSENT}};
  return s;
}

sf_shape sf_shape_empty(sf_loader *l) {
  sf_shape s = {true, false, true, {{0}, SF_ABSENT}};
  s.members = sf_object_new(l->mem, 0);
  if (s.members.kind == SF_ABSENT) {
    sf_loader_nomem(l);
    s.open = true;
  }
  return s;
}

sf_shape sf_shape_copy(const sf_shape *s) {
  sf_shape copy = *s;
  copy.members = sf_retain(s->members);
  return copy;
}

void sf_shape_clear(sf_shape *s) {
  sf_release(s->members);
  s->members = sf_absent();
}

void sf_shape_widen(sf_shape *s) {
  sf_shape_clear(s);
  s->open = true;
}

bool sf_shape_has(const sf_shape *s, sf_value name) {
  return s->open || sf_object_get_key(s->members, name).kind != SF_ABSENT;
}

/* 'name' is consumed. */
void sf_shape_add(sf_loader *l, sf_shape *s, sf_value name) {
  if (name.kind == SF_ABSENT || s->open ||
      sf_object_count(s->members) >= SF_SHAPE_MEMBERS_MAX) {
    sf_release(name);
    sf_shape_widen(s);
  } else if (sf_object_set(&s->members, name, sf_null()) != SF_OK) {
    sf_loader_nomem(l);
    sf_shape_widen(s);
  }
}

/* The members of a constant, or of a template, whose names lose their ".$". */
sf_shape sf_shape_of(sf_loader *l, sf_value v, bool is_template) {
  sf_shape s;
  size_t i;
  if (v.kind != SF_OBJECT)
    return sf_shape_open();
  s = sf_shape_empty(l);
  for (i = 0; i < sf_object_count(v) && !s.open; i++) {
    sf_value key = sf_object_key_at(v, i);
    const char *text = sf_string_text(key);
    size_t len = sf_string_length(key);
    if (is_template && len > 2 && memcmp(text + len - 2, ".$", 2) == 0)
      len -= 2;
    sf_shape_add(l, &s, sf_string_new(l->mem, text, len));
  }
  return s;
}
