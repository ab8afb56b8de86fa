/*
** string.c - the blocks of strings and bignums: see value.h.
*/
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/block.h"
#include "base/hash.h"

#define FORMAT_ROOM 256 /* texts of sf_string_format that need no second try */

size_t sf_string_size(size_t length) {
  return sizeof(sf_string) + length + 1;
}

void sf_string_free(sf_string *s) {
  sf_alloc_free(s->head.mem, s, sf_string_size(s->head.count));
}

/* A string whose bytes are still to be written. */
static sf_string *new_block(const sf_alloc *mem, size_t len) {
  sf_string *s;
  if (len > SF_LENGTH_MAX)
    return NULL;
  s = sf_alloc_new(mem, sf_string_size(len));
  if (s == NULL)
    return NULL;
  s->head.mem = mem;
  s->head.refs = 1;
  s->head.count = (uint32_t)len;
  s->hash = 0;
  s->json_length = 0;
  s->text[len] = '\0';
  return s;
}

static sf_value new_of_kind(const sf_alloc *mem, sf_kind kind, const char *text,
                            size_t len) {
  sf_value v = {{0}, SF_ABSENT};
  sf_string *s = new_block(mem, len);
  if (s == NULL)
    return v;
  if (len > 0)
    memcpy(s->text, text, len);
  v.u.string = s;
  v.kind = kind;
  return v;
}

sf_value sf_string_new(const sf_alloc *mem, const char *text, size_t len) {
  return new_of_kind(mem, SF_STRING, text, len);
}

sf_value sf_bignum_new(const sf_alloc *mem, const char *text, size_t len) {
  sf_value v = new_of_kind(mem, SF_BIGNUM, text, len);
  if (v.kind != SF_ABSENT)
    v.u.string->json_length = (uint32_t)len;
  return v;
}

sf_value sf_string_from(const sf_alloc *mem, const char *text) {
  return sf_string_new(mem, text, strlen(text));
}

sf_value sf_string_format(const sf_alloc *mem, const char *format, ...) {
  char room[FORMAT_ROOM];
  sf_value v = {{0}, SF_STRING};
  va_list args;
  int len;
  va_start(args, format);
  len = vsnprintf(room, sizeof room, format, args);
  va_end(args);
  if (len < 0)
    return sf_absent();
  if ((size_t)len < sizeof room)
    return sf_string_new(mem, room, (size_t)len);
  v.u.string = new_block(mem, (size_t)len);
  if (v.u.string == NULL)
    return sf_absent();
  va_start(args, format);
  vsnprintf(v.u.string->text, (size_t)len + 1, format, args);
  va_end(args);
  return v;
}

bool sf_string_is(sf_value v, const char *text) {
  size_t len = strlen(text);
  return v.kind == SF_STRING && v.u.string->head.count == len &&
         memcmp(v.u.string->text, text, len) == 0;
}

int sf_string_compare(sf_value a, sf_value b) {
  size_t alen = sf_string_length(a), blen = sf_string_length(b);
  int order;
  if (a.u.string == b.u.string)
    return 0;
  order = memcmp(a.u.string->text, b.u.string->text, alen < blen ? alen : blen);
  return order != 0 ? order : (alen > blen) - (alen < blen);
}

bool sf_string_equal(const sf_string *a, const sf_string *b) {
  if (a == b)
    return true;
  if (a->head.count != b->head.count)
    return false;
  if (a->hash != b->hash && a->hash != 0 && b->hash != 0 &&
      a->head.mem == b->head.mem)
    return false;
  return memcmp(a->text, b->text, a->head.count) == 0;
}

uint32_t sf_string_hash(sf_string *s) {
  if (s->hash == 0)
    s->hash = sf_hash(s->head.mem->hash_seed, s->text, s->head.count);
  return s->hash;
}

/* Bytes that JSON needs for a character beyond the one it is. */
static size_t escape_extra(unsigned char c) {
  switch (c) {
    case '"':
    case '\\':
    case '\b':
    case '\f':
    case '\n':
    case '\r':
    case '\t': return 1;
    default: return c < 0x20 ? 5 : 0;
  }
}

static bool needs_escapes(const unsigned char *text, size_t len) {
  unsigned found = 0;
  size_t i;
  for (i = 0; i < len; i++)
    found |= (unsigned)(text[i] < 0x20) | (text[i] == '"') | (text[i] == '\\');
  return found != 0;
}

size_t sf_string_json_length(sf_string *s) {
  const unsigned char *text = (const unsigned char *)s->text;
  size_t i, len = s->head.count, total = len + 2;
  if (s->json_length != 0)
    return s->json_length;
  if (needs_escapes(text, len))
    for (i = 0; i < len; i++)
      total = sf_length_add(total, escape_extra(text[i]));
  if (total <= UINT32_MAX)
    s->json_length = (uint32_t)total;
  return total;
}
