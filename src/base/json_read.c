/*
** json_read.c - JSON text to values: see json.h.
**
** One pass over the tokens (token.h) decides whether it is JSON, and cuts it
** into pieces: runs of whole elements or members of about PIECE bytes.  cJSON
** builds the tree of one piece at a time, so that there is never a large one,
** and its nodes are those that were freed just now.  Arrays and objects that are
** longer than a piece are opened in the builder, the pieces go into them.
**
** Tokens that cJSON gets wrong are marked on the way.  Keys, strings and numbers
** are counted in the order of the text, and a mark says which one of them it
** belongs to.
*/
#include "base/json.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "base/builder.h"
#include "base/token.h"

#define PIECE            1024 /* bytes; nests less deep than cJSON reads */
#define CJSON_NUMBER_MAX 60   /* longer ones cJSON does not read to the end */
#define SHARED_KEYS      256  /* a power of two; places for two keys each */

/* A number that cJSON might round or refuse, or a string with \u0000. */
typedef struct mark {
  size_t ordinal;        /* how many keys, strings and numbers go before it */
  size_t offset, length; /* of the token in the text, quotes included */
  bool is_number;
} mark;

/* An array or object whose end has not come.  Its run are the elements or
** members that are complete and not read yet. */
typedef struct level {
  size_t begin;           /* offset of its bracket */
  size_t from, to;        /* of the run; equal when there is none */
  size_t key, key_length; /* the name of the member at hand */
  bool is_object;
  bool is_open; /* in the builder, too */
} level;

typedef struct reader {
  const sf_alloc *mem;
  sf_tokens t;
  size_t noted; /* keys, strings and numbers that the tokens have passed */
  mark *marks;  /* in the order of the text */
  size_t mark_count, mark_capacity;
  level *levels; /* levels[0]: around the whole text */
  size_t depth, level_capacity;
  size_t open; /* how many of them are in the builder */

  sf_builder builder;
  size_t ordinal;             /* keys, strings and numbers that were read */
  size_t next_mark;           /* the first one that is not read */
  sf_value keys[SHARED_KEYS]; /* used lately: elements of an array share them;
                                 of two with one hash the newer comes first */
} reader;

/* --- from the tree of a piece to the builder --- */

/* Count a key, string or number; its mark if it has one. */
static const mark *take_mark(reader *r) {
  size_t ordinal = r->ordinal++;
  if (r->next_mark == r->mark_count ||
      r->marks[r->next_mark].ordinal != ordinal)
    return NULL;
  return &r->marks[r->next_mark++];
}

static sf_value unescaped(const reader *r, size_t offset, size_t length) {
  sf_buffer text;
  sf_buffer_init(&text, r->mem);
  sf_token_unescape(&text, r->t.text + offset, length);
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

static void read_key(reader *r, const cJSON *node) {
  const mark *m = take_mark(r);
  sf_builder_key_value(&r->builder, m != NULL
                                      ? unescaped(r, m->offset, m->length)
                                      : shared_key(r, node->string));
}

static sf_value read_number(reader *r, const cJSON *node) {
  const mark *m = take_mark(r);
  return m == NULL ? sf_number(node->valuedouble)
                   : sf_number_parse(r->mem, r->t.text + m->offset, m->length);
}

static sf_value read_string(reader *r, const cJSON *node) {
  const mark *m = take_mark(r);
  return m == NULL ? sf_string_from(r->mem, node->valuestring)
                   : unescaped(r, m->offset, m->length);
}

static void read_node(reader *r, const cJSON *node) {
  sf_builder *b = &r->builder;
  switch (node->type & 0xFF) {
    case cJSON_NULL: sf_builder_add(b, sf_null()); break;
    case cJSON_False: sf_builder_add(b, sf_boolean(false)); break;
    case cJSON_True: sf_builder_add(b, sf_boolean(true)); break;
    case cJSON_Number: sf_builder_add(b, read_number(r, node)); break;
    case cJSON_String: sf_builder_add(b, read_string(r, node)); break;
    case cJSON_Array: sf_builder_begin_array(b); break;
    default: sf_builder_begin_object(b); break;
  }
}

static bool is_branch(const cJSON *node) {
  return cJSON_IsArray(node) || cJSON_IsObject(node);
}

/* The children of 'around', in the order of the text, with a stack of the open
** nodes.  The builder is in that array or object already. */
static void read_children(reader *r, const cJSON *around) {
  const cJSON *open[SF_DEPTH_MAX + 1], *node = around->child;
  size_t depth = 1;
  open[0] = around;
  while (r->builder.status == SF_OK) {
    if (cJSON_IsObject(open[depth - 1]))
      read_key(r, node);
    read_node(r, node);
    if (is_branch(node)) {
      if (node->child != NULL) {
        open[depth++] = node;
        node = node->child;
        continue;
      }
      sf_builder_end(&r->builder);
    }
    for (; node->next == NULL; sf_builder_end(&r->builder)) {
      node = open[--depth];
      if (depth == 0)
        return;
    }
    node = node->next;
  }
}

/* --- pieces --- */

/* 0 and blanks for the long numbers of text[from..to), which lies at 'copy':
** the marks have them. */
static void blank_long_numbers(const reader *r, const level *v, char *copy) {
  size_t i;
  for (i = r->next_mark; i < r->mark_count; i++) {
    const mark *m = &r->marks[i];
    if (m->offset >= v->to)
      break;
    if (!m->is_number || m->length <= CJSON_NUMBER_MAX)
      continue;
    memset(copy + (m->offset - v->from), ' ', m->length);
    copy[m->offset - v->from] = '0';
  }
}

/* Let cJSON read the run in room[0..size), brackets around it. */
static void read_piece(reader *r, const level *v, char *room, size_t size) {
  cJSON *tree;
  room[0] = v->is_object ? '{' : '[';
  memcpy(room + 1, r->t.text + v->from, size - 2);
  room[size - 1] = v->is_object ? '}' : ']';
  blank_long_numbers(r, v, room + 1);
  tree = cJSON_ParseWithLengthOpts(room, size, NULL, 0);
  if (tree != NULL)
    read_children(r, tree);
  else /* of a text that the tokens have accepted: there is no memory */
    r->builder.status = SF_ERR_NOMEM;
  cJSON_Delete(tree);
}

/* Read the run of an open level. */
static void flush(reader *r, level *v) {
  char small[PIECE + 2], *room = small;
  size_t size = v->to - v->from + 2;
  if (v->from == v->to || r->builder.status != SF_OK)
    return;
  if (size > sizeof small)
    room = sf_alloc_new(r->mem, size);
  if (room == NULL) {
    r->builder.status = SF_ERR_NOMEM;
    return;
  }
  read_piece(r, v, room, size);
  if (room != small)
    sf_alloc_free(r->mem, room, size);
  v->from = v->to;
}

/* --- from the tokens to pieces --- */

static void add_mark(reader *r) {
  void *marks = r->marks;
  mark *m;
  if (!sf_alloc_grow(r->mem, &marks, &r->mark_capacity, r->mark_count + 1,
                     sizeof *m)) {
    r->builder.status = SF_ERR_NOMEM;
    return;
  }
  r->marks = marks;
  m = &r->marks[r->mark_count++];
  m->ordinal = r->noted;
  m->offset = r->t.offset;
  m->length = r->t.length;
  m->is_number = r->t.kind == SF_TOKEN_NUMBER;
}

/* Count the key, string or number at hand; mark it if cJSON can't hold it. */
static void note(reader *r) {
  if (r->t.kind == SF_TOKEN_NUMBER ? !r->t.is_short : r->t.has_nul)
    add_mark(r);
  r->noted++;
}

static void enter(reader *r, bool is_object) {
  void *levels = r->levels;
  level *v;
  if (!sf_alloc_grow(r->mem, &levels, &r->level_capacity, r->depth + 1,
                     sizeof *v)) {
    r->builder.status = SF_ERR_NOMEM;
    return;
  }
  r->levels = levels;
  v = &r->levels[r->depth++];
  memset(v, 0, sizeof *v);
  v->begin = r->t.offset;
  v->is_object = is_object;
}

/* The name of the member that a level which is opened belongs to. */
static void open_key(reader *r, const level *v) {
  if (!v->is_object)
    return;
  take_mark(r);
  sf_builder_key_value(&r->builder, unescaped(r, v->key, v->key_length));
}

/* The innermost level is longer than a piece: so are those around it. */
static void open_levels(reader *r) {
  for (; r->open < r->depth; r->open++) {
    level *v = &r->levels[r->open];
    flush(r, v - 1);
    open_key(r, v - 1);
    if (v->is_object)
      sf_builder_begin_object(&r->builder);
    else
      sf_builder_begin_array(&r->builder);
    v->is_open = true;
  }
}

/* A value that began at 'begin' ends at 'end', in the innermost level. */
static void complete(reader *r, size_t begin, size_t end) {
  level *v = &r->levels[r->depth - 1];
  if (!v->is_open && end - v->begin > PIECE)
    open_levels(r);
  if (v->is_open && end - v->from > PIECE)
    flush(r, v);
  if (v->from == v->to)
    v->from = v->is_object ? v->key : begin;
  v->to = end;
}

static void leave(reader *r) {
  level *v = &r->levels[--r->depth];
  if (v->is_open) {
    flush(r, v);
    sf_builder_end(&r->builder);
    r->open--;
  } else
    complete(r, v->begin, r->t.offset + 1);
}

static void take_token(reader *r) {
  const sf_tokens *t = &r->t;
  switch (t->kind) {
    case SF_TOKEN_ARRAY_BEGIN: enter(r, false); break;
    case SF_TOKEN_OBJECT_BEGIN: enter(r, true); break;
    case SF_TOKEN_ARRAY_END:
    case SF_TOKEN_OBJECT_END: leave(r); break;
    case SF_TOKEN_KEY:
      note(r);
      r->levels[r->depth - 1].key = t->offset;
      r->levels[r->depth - 1].key_length = t->length;
      break;
    case SF_TOKEN_STRING:
    case SF_TOKEN_NUMBER: note(r); /* fallthrough */
    default: complete(r, t->offset, t->offset + t->length); break;
  }
}

static sf_status read_text(reader *r, sf_error *err) {
  enter(r, false);
  if (r->builder.status == SF_OK)
    r->levels[r->open++].is_open = true;
  while (r->builder.status == SF_OK) {
    sf_status status = sf_tokens_next(&r->t, err);
    if (status != SF_OK)
      return status;
    if (r->t.kind == SF_TOKEN_END) {
      flush(r, r->levels);
      break;
    }
    take_token(r);
  }
  return r->builder.status == SF_OK ? SF_OK
                                    : sf_error_of(err, r->builder.status);
}

static bool has_byte_order_mark(const char *text, size_t len) {
  return len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
}

static sf_status check_whole(const char *text, size_t len, sf_error *err) {
  if (len > SF_LENGTH_MAX)
    return sf_error_at(err, SF_ERR_LIMIT, 0, "a text longer than %u bytes",
                       SF_LENGTH_MAX);
  if (has_byte_order_mark(text, len))
    return sf_error_at(err, SF_ERR_SYNTAX, 0,
                       "the text begins with a byte order mark");
  return SF_OK;
}

sf_status sf_json_read_noting(const sf_alloc *mem, const char *text, size_t len,
                              sf_value *out, bool *repeats, sf_error *err) {
  sf_status status = check_whole(text, len, err);
  reader r;
  size_t i;
  *out = sf_absent();
  *repeats = false;
  if (status != SF_OK)
    return status;
  memset(&r, 0, offsetof(reader, keys));
  for (i = 0; i < SHARED_KEYS; i++)
    r.keys[i] = sf_absent();
  r.mem = mem;
  sf_tokens_init(&r.t, text, len, 0);
  sf_builder_init(&r.builder, mem);
  status = read_text(&r, err);
  if (status == SF_OK) {
    *repeats = r.builder.repeats;
    *out = sf_builder_take(&r.builder);
  } else
    sf_builder_clear(&r.builder);
  for (i = 0; i < SHARED_KEYS; i++)
    sf_release(r.keys[i]);
  sf_alloc_free(mem, r.marks, r.mark_capacity * sizeof *r.marks);
  sf_alloc_free(mem, r.levels, r.level_capacity * sizeof *r.levels);
  return status;
}

sf_status sf_json_read(const sf_alloc *mem, const char *text, size_t len,
                       sf_value *out, sf_error *err) {
  bool repeats;
  return sf_json_read_noting(mem, text, len, out, &repeats, err);
}
