/*
** substitute.c - ${Name} in the strings of a definition, as deployment tools
** leave it, replaced by what the caller gives.  Names that are not given stay; a
** string that is one placeholder becomes the very value, a number for example.
*/
#include <string.h>

#include "asl/loader.h"
#include "base/json.h"

/* Append what stands for the name, or the placeholder itself. */
static void add_replacement(sf_buffer *out, sf_value names, const char *name,
                            size_t len) {
  sf_value v = sf_object_get(names, name, len);
  if (v.kind == SF_STRING) {
    sf_buffer_add(out, sf_string_text(v), sf_string_length(v));
    return;
  }
  if (v.kind != SF_ABSENT) {
    out->failed |= sf_json_write(v, out) != SF_OK;
    return;
  }
  sf_buffer_add_text(out, "${");
  sf_buffer_add(out, name, len);
  sf_buffer_add_char(out, '}');
}

/* What the whole text "${name}" stands for: borrowed, or SF_ABSENT. */
static sf_value whole_replacement(sf_value text, sf_value names) {
  const char *p = sf_string_text(text);
  size_t len = sf_string_length(text);
  if (len < 4 || memcmp(p, "${", 2) != 0 || strchr(p, '}') != p + len - 1)
    return sf_absent();
  return sf_object_get(names, p + 2, len - 3);
}

static sf_value substitute_text(const sf_alloc *mem, sf_value v,
                                sf_value names) {
  const char *p = sf_string_text(v);
  const char *end = p + sf_string_length(v);
  const char *open, *close;
  sf_value whole = whole_replacement(v, names);
  sf_buffer out;
  if (whole.kind != SF_ABSENT)
    return sf_retain(whole);
  if (strstr(p, "${") == NULL)
    return sf_retain(v);
  sf_buffer_init(&out, mem);
  while ((open = strstr(p, "${")) != NULL &&
         (close = strchr(open, '}')) != NULL) {
    sf_buffer_add(&out, p, (size_t)(open - p));
    add_replacement(&out, names, open + 2, (size_t)(close - open - 2));
    p = close + 1;
  }
  sf_buffer_add(&out, p, (size_t)(end - p));
  return sf_buffer_string(&out);
}

/* Put 'part' (consumed) at index i of *out, unless it is there already. */
static bool put(sf_value *out, sf_value part, size_t i) {
  bool array = out->kind == SF_ARRAY;
  sf_value old = array ? sf_array_at(*out, i) : sf_object_value_at(*out, i);
  if (part.kind == SF_ABSENT)
    return false;
  if (sf_identity(part) == sf_identity(old)) { /* scalars have none at all */
    sf_release(part);
    return true;
  }
  if (array)
    return sf_array_set(out, i, part) == SF_OK;
  return sf_object_set(out, sf_retain(sf_object_key_at(*out, i)), part) ==
         SF_OK;
}

/* The depth of a value is limited (SF_DEPTH_MAX), so is this recursion. */
sf_value sf_substitute(const sf_alloc *mem, sf_value v, sf_value names) {
  sf_value out;
  size_t i, n;
  if (v.kind == SF_STRING)
    return substitute_text(mem, v, names);
  if (v.kind != SF_ARRAY && v.kind != SF_OBJECT)
    return v;
  out = sf_retain(v);
  n = v.kind == SF_ARRAY ? sf_array_count(v) : sf_object_count(v);
  for (i = 0; i < n; i++) {
    sf_value part =
      v.kind == SF_ARRAY ? sf_array_at(v, i) : sf_object_value_at(v, i);
    if (!put(&out, sf_substitute(mem, part, names), i)) {
      sf_release(out);
      return sf_absent();
    }
  }
  return out;
}
