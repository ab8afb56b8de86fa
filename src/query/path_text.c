/*
** path_text.c - see path_text.h.
*/
#include <string.h>

#include "query/path_function.h"
#include "query/path_text.h"

static void write_char(sf_buffer *b, char c) {
  static const char controls[] = "\b\t\n\f\r", letters[] = "btnfr";
  const char *at = c != '\0' ? strchr(controls, c) : NULL;
  if (at != NULL) {
    sf_buffer_add_char(b, '\\');
    sf_buffer_add_char(b, letters[at - controls]);
  } else if (c == '\'' || c == '\\') {
    sf_buffer_add_char(b, '\\');
    sf_buffer_add_char(b, c);
  } else if ((unsigned char)c < 0x20)
    sf_buffer_add_format(b, "\\u%04x", (unsigned)(unsigned char)c);
  else
    sf_buffer_add_char(b, c);
}

static void write_name(sf_buffer *b, sf_value name) {
  const char *text = sf_string_text(name);
  size_t i, len = sf_string_length(name);
  sf_buffer_add_char(b, '\'');
  for (i = 0; i < len; i++)
    write_char(b, text[i]);
  sf_buffer_add_char(b, '\'');
}

void sf_place_write(sf_buffer *b, sf_value key) {
  sf_buffer_add_char(b, '[');
  if (key.kind == SF_STRING)
    write_name(b, key);
  else
    sf_buffer_add_format(b, "%lld", (long long)key.u.integer);
  sf_buffer_add_char(b, ']');
}

static void write_slice(sf_buffer *b, const sf_slice *s) {
  sf_buffer_add_char(b, '[');
  if (s->has_from)
    sf_buffer_add_format(b, "%lld", (long long)s->from);
  sf_buffer_add_char(b, ':');
  if (s->has_to)
    sf_buffer_add_format(b, "%lld", (long long)s->to);
  sf_buffer_add_char(b, ']');
}

static void write_names(sf_buffer *b, const sf_path *path, const sf_step *s) {
  uint32_t i;
  for (i = 0; i < s->u.list.count; i++) {
    sf_buffer_add_char(b, i == 0 ? '[' : ',');
    write_name(b, path->values[s->u.list.first + i]);
  }
  sf_buffer_add_char(b, ']');
}

/* A union, which is of indices where messages need it. */
static void write_union(sf_buffer *b, const sf_path *path, const sf_step *s) {
  uint32_t at = s->u.list.first;
  char before = '[';
  for (; at != 0; at = path->steps[at].sibling) {
    sf_buffer_add_char(b, before);
    sf_buffer_add_format(b, "%lld", (long long)path->steps[at].u.slice.from);
    before = ',';
  }
  sf_buffer_add_char(b, ']');
}

static void write_step(sf_buffer *b, const sf_path *path, const sf_step *s) {
  switch ((sf_step_kind)s->kind) {
    case STEP_NAME: sf_place_write(b, s->u.name); break;
    case STEP_INDEX: sf_place_write(b, sf_integer(s->u.slice.from)); break;
    case STEP_NAMES: write_names(b, path, s); break;
    case STEP_SLICE: write_slice(b, &s->u.slice); break;
    case STEP_WILDCARD: sf_buffer_add_text(b, "[*]"); break;
    case STEP_FILTER: sf_buffer_add_text(b, "[?]"); break;
    case STEP_UNION: write_union(b, path, s); break;
    case STEP_SCAN: sf_buffer_add_text(b, ".."); break;
    case STEP_CALL:
      sf_buffer_add_format(b, ".%s(%s)", s->u.call.function->name,
                           s->u.call.args != 0 ? "..." : "");
      break;
    case STEP_END: break;
  }
}

void sf_query_write(sf_buffer *b, const sf_path *path, const sf_node *query,
                    const sf_step *last) {
  const sf_step *s = &path->steps[query->u.query.first];
  sf_buffer_add_char(b, query->u.query.from_root ? '$' : '@');
  for (; s->kind != STEP_END; s = &path->steps[s->next]) {
    write_step(b, path, s);
    if (s == last)
      break;
  }
}
