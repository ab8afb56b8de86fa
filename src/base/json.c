/*
** json.c - values to JSON text: see json.h; the way back is json_read.c.
**
** What cJSON would write otherwise goes in as a raw node: all numbers, and
** strings with U+0000.  Strings and keys are lent to the tree.
*/
#include "base/json.h"

#include <limits.h>
#include <string.h>

#include <cjson/cJSON.h>

#define PRINT_SLACK 16 /* cJSON wants a few bytes more than it writes */

static void add_escape(sf_buffer *out, unsigned char c) {
  static const char letters[] = "btn?fr"; /* from U+0008 on */
  if (c == '"' || c == '\\') {
    sf_buffer_add_char(out, '\\');
    sf_buffer_add_char(out, (char)c);
  } else if (c >= '\b' && c <= '\r' && c != '\v') {
    sf_buffer_add_char(out, '\\');
    sf_buffer_add_char(out, letters[c - '\b']);
  } else
    sf_buffer_add_format(out, "\\u%04x", c);
}

/* A string in quotes, with the escapes that cJSON would use. */
static void add_quoted(sf_buffer *out, sf_value v) {
  const char *at = sf_string_text(v), *end = at + sf_string_length(v);
  sf_buffer_add_char(out, '"');
  for (; at < end; at++) {
    unsigned char c = (unsigned char)*at;
    if (c < 0x20 || c == '"' || c == '\\')
      add_escape(out, c);
    else
      sf_buffer_add_char(out, *at);
  }
  sf_buffer_add_char(out, '"');
}

/* A raw node of the buffer's content; the buffer is cleared. */
static cJSON *raw_node(sf_buffer *text) {
  cJSON *node = NULL;
  sf_buffer_add_char(text, '\0');
  if (!text->failed)
    node = cJSON_CreateRaw(text->bytes);
  sf_buffer_clear(text);
  return node;
}

static cJSON *integer_node(int64_t i) {
  char text[SF_DOUBLE_TEXT_MAX];
  sf_integer_text(i, text);
  return cJSON_CreateRaw(text);
}

static cJSON *double_node(double d) {
  char text[SF_DOUBLE_TEXT_MAX];
  sf_double_text(d, text);
  return cJSON_CreateRaw(text);
}

static bool has_nul(sf_value string) {
  return strlen(sf_string_text(string)) != sf_string_length(string);
}

static cJSON *string_node(const sf_alloc *mem, sf_value v) {
  sf_buffer text;
  if (!has_nul(v))
    return cJSON_CreateStringReference(sf_string_text(v));
  sf_buffer_init(&text, mem);
  add_quoted(&text, v);
  return raw_node(&text);
}

/* Values are at most SF_DEPTH_MAX deep: so is the recursion here. */
static cJSON *node_of(const sf_alloc *mem, sf_value v);

static cJSON *array_node(const sf_alloc *mem, sf_value v) {
  cJSON *array = cJSON_CreateArray();
  size_t i, count = sf_array_count(v);
  for (i = 0; i < count && array != NULL; i++) {
    cJSON *node = node_of(mem, sf_array_at(v, i));
    if (node == NULL || !cJSON_AddItemToArray(array, node)) {
      cJSON_Delete(node);
      cJSON_Delete(array);
      array = NULL;
    }
  }
  return array;
}

/* An object with a name that cJSON can't hold, all of it as text. */
static cJSON *raw_object_node(const sf_alloc *mem, sf_value v) {
  sf_buffer text;
  size_t i, count = sf_object_count(v);
  sf_buffer_init(&text, mem);
  sf_buffer_add_char(&text, '{');
  for (i = 0; i < count; i++) {
    if (i > 0)
      sf_buffer_add_char(&text, ',');
    add_quoted(&text, sf_object_key_at(v, i));
    sf_buffer_add_char(&text, ':');
    if (sf_json_write(sf_object_value_at(v, i), &text) != SF_OK)
      text.failed = true;
  }
  sf_buffer_add_char(&text, '}');
  return raw_node(&text);
}

static cJSON *object_node(const sf_alloc *mem, sf_value v) {
  cJSON *object;
  size_t i, count = sf_object_count(v);
  for (i = 0; i < count; i++)
    if (has_nul(sf_object_key_at(v, i)))
      return raw_object_node(mem, v);
  object = cJSON_CreateObject();
  for (i = 0; i < count && object != NULL; i++) {
    const char *key = sf_string_text(sf_object_key_at(v, i));
    cJSON *node = node_of(mem, sf_object_value_at(v, i));
    if (node == NULL || !cJSON_AddItemToObjectCS(object, key, node)) {
      cJSON_Delete(node);
      cJSON_Delete(object);
      object = NULL;
    }
  }
  return object;
}

static cJSON *node_of(const sf_alloc *mem, sf_value v) {
  switch (v.kind) {
    case SF_BOOLEAN: return cJSON_CreateBool(v.u.boolean);
    case SF_INTEGER: return integer_node(v.u.integer);
    case SF_DOUBLE: return double_node(v.u.number);
    case SF_BIGNUM: return cJSON_CreateRaw(sf_string_text(v));
    case SF_STRING: return string_node(mem, v);
    case SF_ARRAY: return array_node(mem, v);
    case SF_OBJECT: return object_node(mem, v);
    default: return cJSON_CreateNull();
  }
}

static bool print(const sf_alloc *mem, sf_value v, char *room, size_t size) {
  cJSON *tree = node_of(mem, v);
  bool is_written =
    tree != NULL && cJSON_PrintPreallocated(tree, room, (int)size, 0);
  cJSON_Delete(tree);
  return is_written;
}

sf_status sf_json_write(sf_value v, sf_buffer *out) {
  size_t length = sf_json_length(v);
  char *room;
  assert(v.kind != SF_ABSENT);
  if (length > INT_MAX - PRINT_SLACK)
    return SF_ERR_LIMIT;
  room = sf_buffer_reserve(out, length + PRINT_SLACK);
  if (room == NULL || !print(out->mem, v, room, length + PRINT_SLACK))
    return SF_ERR_NOMEM;
  assert(strlen(room) == length);
  out->length += length;
  return SF_OK;
}

/* --- writing with line breaks --- */

static void add_line(sf_buffer *out, unsigned depth) {
  sf_buffer_add_char(out, '\n');
  for (; depth > 0; depth--)
    sf_buffer_add(out, "  ", 2);
}

/* The end of the string that begins at 'at'. */
static const char *string_end(const char *at) {
  for (at++; *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at + 1;
}

/* Copy what stands at 'at' in a compact text, and what belongs around it.
** Returns the place behind it. */
static const char *add_indented(sf_buffer *out, const char *at,
                                unsigned *depth) {
  const char *next = *at == '"' ? string_end(at) : at + 1;
  switch (*at) {
    case '{':
    case '[':
      if (*next == '}' || *next == ']') {
        sf_buffer_add(out, at, 2);
        return next + 1;
      }
      sf_buffer_add_char(out, *at);
      add_line(out, ++*depth);
      return next;
    case '}':
    case ']': add_line(out, --*depth); break;
    default: break;
  }
  sf_buffer_add(out, at, (size_t)(next - at));
  if (*at == ',')
    add_line(out, *depth);
  else if (*at == ':')
    sf_buffer_add_char(out, ' ');
  return next;
}

sf_status sf_json_write_indented(sf_value v, sf_buffer *out) {
  sf_buffer compact;
  const char *at;
  unsigned depth = 0;
  sf_status status;
  sf_buffer_init(&compact, out->mem);
  status = sf_json_write(v, &compact);
  sf_buffer_add_char(&compact, '\0');
  if (status == SF_OK && !compact.failed)
    for (at = compact.bytes; *at != '\0';)
      at = add_indented(out, at, &depth);
  if (compact.failed || out->failed)
    status = SF_ERR_NOMEM;
  sf_buffer_clear(&compact);
  return status;
}

sf_value sf_json_text(const sf_alloc *mem, sf_value v) {
  sf_buffer text;
  sf_buffer_init(&text, mem);
  if (sf_json_write(v, &text) != SF_OK)
    text.failed = true;
  return sf_buffer_string(&text);
}
