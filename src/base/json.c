/*
** json.c - values to cJSON trees and back: see json.h.
**
** Reading: scan.h has checked the text and marked the tokens that cJSON gets
** wrong.  Keys, strings and numbers are counted in the order of the text, and
** a mark says which one of them it belongs to.
**
** Writing: what cJSON would write otherwise goes in as a raw node: all
** numbers, and strings with U+0000.  Strings and keys are lent to the tree.
*/
#include "base/json.h"

#include <limits.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/builder.h"
#include "base/scan.h"
#include "base/token.h"

/* --- reading --- */

#define CJSON_NUMBER_MAX 60  /* longer ones cJSON does not read to the end */
#define SHARED_KEYS      256 /* a power of two; places for two keys each */

typedef struct reader {
  const sf_alloc *mem;
  const char *text;
  const sf_mark *mark, *marks_end; /* the next one */
  size_t ordinal;                  /* of the key, string or number at hand */
  sf_builder builder;
  sf_value keys[SHARED_KEYS]; /* used lately: elements of an array share them;
                                 of two with one hash the newer comes first */
} reader;

/* Count a key, string or number; its mark if it has one. */
static const sf_mark *next_mark(reader *r) {
  size_t ordinal = r->ordinal++;
  if (r->mark == r->marks_end || r->mark->ordinal != ordinal)
    return NULL;
  return r->mark++;
}

static sf_value marked_string(const reader *r, const sf_mark *mark) {
  sf_buffer text;
  sf_buffer_init(&text, r->mem);
  sf_token_unescape(&text, r->text + mark->offset, mark->length);
  return sf_buffer_string(&text);
}

static bool key_is(sf_value key, const char *name, size_t len) {
  return key.kind != SF_ABSENT && sf_string_length(key) == len &&
         memcmp(sf_string_text(key), name, len) == 0;
}

/* The key of that name: one block for all members that have it. */
static sf_value shared_key(reader *r, const char *name) {
  size_t len;
  unsigned hash = 0;
  sf_value *pair;
  for (len = 0; name[len] != '\0'; len++)
    hash = hash * 31 + (unsigned char)name[len];
  pair = &r->keys[(hash ^ hash >> 7) * 2 % SHARED_KEYS];
  if (key_is(pair[0], name, len))
    return sf_retain(pair[0]);
  if (key_is(pair[1], name, len))
    return sf_retain(pair[1]);
  sf_assign(&pair[1], pair[0]);
  pair[0] = sf_string_new(r->mem, name, len);
  return sf_retain(pair[0]);
}

static sf_status read_key(reader *r, const cJSON *node) {
  const sf_mark *mark = next_mark(r);
  return sf_builder_key_value(&r->builder, mark != NULL
                                             ? marked_string(r, mark)
                                             : shared_key(r, node->string));
}

static sf_value read_number(reader *r, const cJSON *node) {
  const sf_mark *mark = next_mark(r);
  if (mark == NULL)
    return sf_number(node->valuedouble);
  return sf_number_parse(r->mem, r->text + mark->offset, mark->length);
}

static sf_value read_string(reader *r, const cJSON *node) {
  const sf_mark *mark = next_mark(r);
  if (mark != NULL)
    return marked_string(r, mark);
  return sf_string_from(r->mem, node->valuestring);
}

static sf_status read_node(reader *r, const cJSON *node) {
  sf_builder *b = &r->builder;
  switch (node->type & 0xFF) {
    case cJSON_NULL: return sf_builder_add(b, sf_null());
    case cJSON_False: return sf_builder_add(b, sf_boolean(false));
    case cJSON_True: return sf_builder_add(b, sf_boolean(true));
    case cJSON_Number: return sf_builder_add(b, read_number(r, node));
    case cJSON_String: return sf_builder_add(b, read_string(r, node));
    case cJSON_Array: return sf_builder_begin_array(b);
    default: return sf_builder_begin_object(b);
  }
}

static bool is_branch(const cJSON *node) {
  return cJSON_IsArray(node) || cJSON_IsObject(node);
}

/* Walk the tree in the order of the text, with a stack of its open nodes. */
static sf_status read_tree(reader *r, const cJSON *node) {
  const cJSON *open[SF_DEPTH_MAX]; /* the scan has seen to it */
  size_t depth = 0;
  sf_status status = SF_OK;
  while (status == SF_OK) {
    if (depth > 0 && cJSON_IsObject(open[depth - 1]))
      read_key(r, node);
    status = read_node(r, node);
    if (is_branch(node)) {
      if (node->child != NULL) {
        open[depth++] = node;
        node = node->child;
        continue;
      }
      status = sf_builder_end(&r->builder);
    }
    for (; depth > 0 && node->next == NULL; node = open[--depth])
      status = sf_builder_end(&r->builder);
    if (depth == 0)
      break;
    node = node->next;
  }
  return status;
}

static sf_status read_value(const sf_scan *scan, const char *text,
                            const cJSON *tree, sf_value *out) {
  reader r;
  size_t i;
  r.mem = scan->mem;
  r.text = text;
  r.mark = scan->marks;
  r.marks_end = scan->marks == NULL ? NULL : scan->marks + scan->count;
  r.ordinal = 0;
  for (i = 0; i < SHARED_KEYS; i++)
    r.keys[i] = sf_absent();
  sf_builder_init(&r.builder, r.mem);
  read_tree(&r, tree);
  *out = sf_builder_take(&r.builder);
  for (i = 0; i < SHARED_KEYS; i++)
    sf_release(r.keys[i]);
  return r.builder.status;
}

static bool is_too_long(const sf_mark *mark) {
  return mark->kind == SF_MARK_NUMBER && mark->length > CJSON_NUMBER_MAX;
}

static bool has_long_numbers(const sf_scan *scan) {
  size_t i;
  for (i = 0; i < scan->count; i++)
    if (is_too_long(&scan->marks[i]))
      return true;
  return false;
}

/* The text with 0 and blanks for the long numbers; the marks have them. */
static char *without_long_numbers(const sf_scan *scan, const char *text,
                                  size_t len) {
  char *copy = sf_alloc_new(scan->mem, len);
  size_t i;
  if (copy == NULL)
    return NULL;
  memcpy(copy, text, len);
  for (i = 0; i < scan->count; i++) {
    const sf_mark *mark = &scan->marks[i];
    if (!is_too_long(mark))
      continue;
    memset(copy + mark->offset, ' ', mark->length);
    copy[mark->offset] = '0';
  }
  return copy;
}

/* The tree of a text that the scan has accepted: NULL is a lack of memory. */
static cJSON *parse(const sf_scan *scan, const char *text, size_t len) {
  char *copy = NULL;
  cJSON *tree;
  if (has_long_numbers(scan)) {
    copy = without_long_numbers(scan, text, len);
    if (copy == NULL)
      return NULL;
    text = copy;
  }
  tree = cJSON_ParseWithLengthOpts(text, len, NULL, 0);
  sf_alloc_free(scan->mem, copy, len);
  return tree;
}

sf_status sf_json_read(const sf_alloc *mem, const char *text, size_t len,
                       sf_value *out, sf_error *err) {
  sf_scan scan;
  cJSON *tree;
  sf_status status;
  *out = sf_absent();
  status = sf_scan_text(&scan, mem, text, len, err);
  if (status != SF_OK)
    return status;
  tree = parse(&scan, text, len);
  status = tree == NULL ? SF_ERR_NOMEM : read_value(&scan, text, tree, out);
  cJSON_Delete(tree);
  sf_scan_clear(&scan);
  return status == SF_OK ? SF_OK : sf_error_of(err, status);
}

/* --- writing --- */

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
