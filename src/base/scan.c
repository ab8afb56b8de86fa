/*
** scan.c - finding places in a JSON text: see scan.h.
*/
#include "base/scan.h"

#include <string.h>

#include "base/buffer.h"
#include "base/token.h"
#include "base/utf8.h"

void sf_text_position(const char *text, size_t len, size_t offset,
                      unsigned *line, unsigned *column) {
  const char *at = text, *end = text + (offset < len ? offset : len);
  const char *next;
  *line = 1;
  while (at < end && (next = memchr(at, '\n', (size_t)(end - at))) != NULL) {
    ++*line;
    at = next + 1;
  }
  *column = 1 + (unsigned)sf_utf8_count(at, (size_t)(end - at));
}

/* The next character of a pointer's segment, in which ~1 is '/' and ~0 '~'. */
static uint32_t pointer_char(const char **at) {
  if (**at != '~' || ((*at)[1] != '0' && (*at)[1] != '1'))
    return sf_utf8_next(at);
  *at += 2;
  return (*at)[-1] == '1' ? '/' : '~';
}

typedef struct segment {
  const char *text, *end;
} segment;

static bool key_is(const sf_tokens *t, const segment *s) {
  const char *key = t->text + t->offset + 1, *key_end = key + t->length - 2;
  const char *at = s->text;
  while (key < key_end && at < s->end)
    if (sf_token_char(&key) != pointer_char(&at))
      return false;
  return key == key_end && at == s->end;
}

/* An array index: digits without a leading 0.  SIZE_MAX: it is none. */
static size_t index_of(const segment *s) {
  const char *at = s->text;
  size_t index = 0;
  if (at == s->end || (*at == '0' && s->end - at > 1) || s->end - at > 9)
    return SIZE_MAX;
  for (; at < s->end; at++) {
    if (*at < '0' || *at > '9')
      return SIZE_MAX;
    index = index * 10 + (size_t)(*at - '0');
  }
  return index;
}

typedef struct place {
  size_t key, value; /* offsets, or SF_NO_OFFSET */
} place;

static bool begins_value(sf_token_kind kind) {
  return kind != SF_TOKEN_ARRAY_END && kind != SF_TOKEN_OBJECT_END &&
         kind != SF_TOKEN_KEY && kind != SF_TOKEN_END;
}

/* The level at which a value token stands: an opening one is a level deeper. */
static unsigned level_of(const sf_tokens *t) {
  return t->depth -
         (t->kind == SF_TOKEN_ARRAY_BEGIN || t->kind == SF_TOKEN_OBJECT_BEGIN);
}

/* Where the child that the segment names stands, in the value at 'offset'. */
static place find_child(const char *text, size_t len, size_t offset,
                        const segment *s) {
  place found = {SF_NO_OFFSET, SF_NO_OFFSET};
  size_t key = SF_NO_OFFSET, index = index_of(s), count = 0;
  bool is_array;
  sf_error err;
  sf_tokens t;
  sf_tokens_init(&t, text, len, offset);
  if (sf_tokens_next(&t, &err) != SF_OK || t.depth == 0)
    return found; /* a scalar has no children */
  is_array = t.kind == SF_TOKEN_ARRAY_BEGIN;
  while (sf_tokens_next(&t, &err) == SF_OK && t.depth > 0) {
    if (t.kind == SF_TOKEN_KEY && t.depth == 1)
      key = key_is(&t, s) ? t.offset : SF_NO_OFFSET;
    if (!begins_value(t.kind) || level_of(&t) != 1)
      continue;
    if (is_array ? count++ == index : key != SF_NO_OFFSET) {
      found.key = key;
      found.value = t.offset;
    }
  }
  return found;
}

size_t sf_text_find_pointer(const char *text, size_t len, const char *pointer,
                            bool at_key) {
  place here = {SF_NO_OFFSET, 0};
  sf_error err;
  sf_tokens t;
  sf_tokens_init(&t, text, len, 0);
  if (sf_tokens_next(&t, &err) != SF_OK)
    return SF_NO_OFFSET;
  here.value = t.offset;
  while (*pointer == '/' && here.value != SF_NO_OFFSET) {
    segment s;
    s.text = pointer + 1;
    s.end = s.text + strcspn(s.text, "/");
    here = find_child(text, len, here.value, &s);
    pointer = s.end;
  }
  if (*pointer != '\0')
    return SF_NO_OFFSET;
  return at_key ? here.key : here.value;
}

/* --- repeated names --- */

/* For each open level the names seen in it, as an object of nulls. */
typedef struct seen {
  sf_value levels[SF_DEPTH_MAX];
  unsigned depth;
} seen;

static bool see_key(sf_value *names, const sf_tokens *t, bool *is_repeated) {
  const sf_alloc *mem = sf_value_mem(*names);
  sf_buffer text;
  sf_value key;
  sf_buffer_init(&text, mem);
  sf_token_unescape(&text, t->text + t->offset, t->length);
  key = sf_buffer_string(&text);
  if (key.kind == SF_ABSENT)
    return false;
  *is_repeated = sf_object_get_key(*names, key).kind != SF_ABSENT;
  return sf_object_set(names, key, sf_null()) == SF_OK;
}

/* Follow the nesting: false when there is no memory. */
static bool see_level(seen *s, const sf_alloc *mem, const sf_tokens *t) {
  while (s->depth > t->depth)
    sf_release(s->levels[--s->depth]);
  if (s->depth < t->depth)
    s->levels[s->depth++] = sf_object_new(mem, 0);
  return s->depth == 0 || s->levels[s->depth - 1].kind != SF_ABSENT;
}

void sf_text_duplicates(const sf_alloc *mem, const char *text, size_t len,
                        bool (*visit)(void *ud, size_t offset), void *ud) {
  sf_error err;
  sf_tokens t;
  seen s;
  s.depth = 0;
  sf_tokens_init(&t, text, len, 0);
  while (sf_tokens_next(&t, &err) == SF_OK && t.kind != SF_TOKEN_END) {
    bool is_repeated = false;
    if (!see_level(&s, mem, &t))
      break;
    if (t.kind == SF_TOKEN_KEY &&
        !see_key(&s.levels[s.depth - 1], &t, &is_repeated))
      break;
    if (is_repeated && !visit(ud, t.offset))
      break;
  }
  while (s.depth > 0)
    sf_release(s.levels[--s.depth]);
}
