/*
** buffer.c - text put together: see buffer.h.  The bytes lie behind room for
** the head of a string block, so that the finished text becomes a value
** without being copied.
*/
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/block.h"
#include "base/utf8.h"

#define CAPACITY_MIN 56
#define REPLACEMENT  0xFFFD /* for what is no character */

/* The block that the bytes lie in, and its size. */
static sf_string *block_of(const sf_buffer *b) {
  return b->bytes == NULL
           ? NULL
           : (sf_string *)(void *)(b->bytes - offsetof(sf_string, text));
}

static size_t block_size(const sf_buffer *b) {
  return b->bytes == NULL ? 0 : sf_string_size(b->capacity);
}

void sf_buffer_init(sf_buffer *b, const sf_alloc *mem) {
  b->mem = mem;
  b->bytes = NULL;
  b->length = b->capacity = 0;
  b->failed = false;
}

void sf_buffer_clear(sf_buffer *b) {
  sf_alloc_free(b->mem, block_of(b), block_size(b));
  sf_buffer_init(b, b->mem);
}

static bool grow(sf_buffer *b, size_t need) {
  size_t capacity = b->capacity + b->capacity / 2 + CAPACITY_MIN;
  sf_string *block;
  if (capacity < need)
    capacity = need;
  if (capacity > SF_LENGTH_MAX)
    capacity = SF_LENGTH_MAX;
  block = need > capacity ? NULL
                          : sf_alloc_resize(b->mem, block_of(b), block_size(b),
                                            sf_string_size(capacity));
  if (block == NULL) {
    b->failed = true;
    return false;
  }
  b->bytes = block->text;
  b->capacity = capacity;
  return true;
}

char *sf_buffer_reserve(sf_buffer *b, size_t len) {
  if (b->failed)
    return NULL;
  if (len > SF_LENGTH_MAX) {
    b->failed = true;
    return NULL;
  }
  if ((b->bytes == NULL || len > b->capacity - b->length) &&
      !grow(b, b->length + len))
    return NULL;
  return b->bytes + b->length;
}

void sf_buffer_add(sf_buffer *b, const char *bytes, size_t len) {
  char *to = sf_buffer_reserve(b, len);
  if (to == NULL || len == 0)
    return;
  memcpy(to, bytes, len);
  b->length += len;
}

void sf_buffer_add_text(sf_buffer *b, const char *text) {
  sf_buffer_add(b, text, strlen(text));
}

void sf_buffer_add_char(sf_buffer *b, char c) {
  char *to = sf_buffer_reserve(b, 1);
  if (to == NULL)
    return;
  *to = c;
  b->length++;
}

void sf_buffer_add_arguments(sf_buffer *b, const char *format, va_list args) {
  va_list again;
  char *to;
  int len;
  va_copy(again, args);
  len = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (len < 0)
    b->failed = true;
  to = sf_buffer_reserve(b, len < 0 ? 0 : (size_t)len);
  if (to == NULL || len < 0)
    return;
  vsnprintf(to, (size_t)len + 1, format, args); /* a block has room for '\0' */
  b->length += (size_t)len;
}

void sf_buffer_add_format(sf_buffer *b, const char *format, ...) {
  va_list args;
  va_start(args, format);
  sf_buffer_add_arguments(b, format, args);
  va_end(args);
}

void sf_buffer_add_code_point(sf_buffer *b, uint32_t code) {
  char bytes[4];
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
    code = REPLACEMENT;
  sf_buffer_add(b, bytes, sf_utf8_encode(code, bytes));
}

sf_value sf_buffer_string(sf_buffer *b) {
  sf_value v = {{0}, SF_STRING};
  sf_string *s = NULL;
  if (sf_buffer_reserve(b, 0) != NULL)
    s = sf_alloc_resize(b->mem, block_of(b), block_size(b),
                        sf_string_size(b->length));
  if (s == NULL) {
    sf_buffer_clear(b);
    return sf_absent();
  }
  s->head.mem = b->mem;
  s->head.refs = 1;
  s->head.count = (uint32_t)b->length;
  s->hash = 0;
  s->json_length = 0;
  s->text[b->length] = '\0';
  v.u.string = s;
  sf_buffer_init(b, b->mem);
  return v;
}
