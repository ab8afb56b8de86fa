/*
** unpack.c - bytes to numbers and values: see pack.h.  Whoever wrote the bytes
** is not to be trusted.
*/
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/pack.h"
#include "base/utf8.h"

/* An array or object under way in the builder. */
typedef struct sf_unpack_level {
  size_t left;   /* elements still to come; keys and values count both */
  size_t number; /* under which others find it */
  bool is_object;
} sf_unpack_level;

void sf_unpacker_init(sf_unpacker *u, const sf_alloc *mem, const void *bytes,
                      size_t len) {
  u->mem = mem;
  u->at = bytes;
  u->end = u->at + len;
  u->status = SF_OK;
  u->blocks = NULL;
  u->blocks_count = u->blocks_capacity = 0;
  sf_builder_init(&u->builder, mem);
  u->levels = NULL;
  u->depth = u->depth_capacity = 0;
}

void sf_unpacker_clear(sf_unpacker *u) {
  while (u->blocks_count > 0)
    sf_release(u->blocks[--u->blocks_count]);
  sf_alloc_free(u->mem, u->blocks, u->blocks_capacity * sizeof *u->blocks);
  sf_alloc_free(u->mem, u->levels, u->depth_capacity * sizeof *u->levels);
  sf_builder_clear(&u->builder);
  sf_unpacker_init(u, u->mem, "", 0);
}

void sf_unpack_fail(sf_unpacker *u, sf_status status) {
  if (u->status == SF_OK)
    u->status = status;
  u->at = u->end;
}

/* --- numbers --- */

const unsigned char *sf_unpack_bytes(sf_unpacker *u, size_t len) {
  const unsigned char *bytes = u->at;

  if (u->status == SF_OK && len > (size_t)(u->end - u->at))
    sf_unpack_fail(u, SF_ERR_SYNTAX);
  if (u->status != SF_OK)
    return NULL;
  u->at += len;
  return bytes;
}

static unsigned unpack_byte(sf_unpacker *u) {
  const unsigned char *at = sf_unpack_bytes(u, 1);

  return at == NULL ? 0 : *at;
}

uint64_t sf_unpack_count(sf_unpacker *u) {
  uint64_t n = 0;
  unsigned byte, shift = 0;

  do {
    byte = unpack_byte(u);
    if (shift > 63 || (shift == 63 && byte > 1))
      sf_unpack_fail(u, SF_ERR_SYNTAX);
    else
      n |= (uint64_t)(byte & 0x7F) << shift;
    shift += 7;
  } while (byte >= 0x80 && u->status == SF_OK);
  return u->status == SF_OK ? n : 0;
}

size_t sf_unpack_length(sf_unpacker *u) {
  uint64_t n = sf_unpack_count(u);

  if (n > (size_t)(u->end - u->at)) {
    sf_unpack_fail(u, SF_ERR_SYNTAX);
    return 0;
  }
  return (size_t)n;
}

int64_t sf_unpack_integer(sf_unpacker *u) {
  uint64_t bits = sf_unpack_count(u);
  int64_t half = (int64_t)(bits >> 1);

  return bits & 1 ? -1 - half : half;
}

double sf_unpack_double(sf_unpacker *u) {
  const unsigned char *at = sf_unpack_bytes(u, 8);
  uint64_t bits = 0;
  double d;
  int i;

  for (i = 0; i < 8 && at != NULL; i++)
    bits |= (uint64_t)at[i] << (8 * i);
  memcpy(&d, &bits, sizeof d);
  return d;
}

/* --- values --- */

/* Give the next number to a block, or (SF_ABSENT) to one that is to come. */
static size_t enter(sf_unpacker *u, sf_value v) {
  void *blocks = u->blocks;

  if (!sf_alloc_grow(u->mem, &blocks, &u->blocks_capacity, u->blocks_count + 1,
                     sizeof *u->blocks)) {
    sf_unpack_fail(u, SF_ERR_NOMEM);
    return 0;
  }
  u->blocks = blocks;
  u->blocks[u->blocks_count] = sf_retain(v);
  return u->blocks_count++;
}

static sf_value again(sf_unpacker *u) {
  uint64_t number = sf_unpack_count(u);

  if (number >= u->blocks_count || u->blocks[number].kind == SF_ABSENT) {
    sf_unpack_fail(u,
                   SF_ERR_SYNTAX); /* never written, or it would hold itself */
    return sf_absent();
  }
  return sf_retain(u->blocks[number]);
}

/* A number that neither 64 bits nor a double hold; any other text of a number
** would have been one of those. */
static sf_value bignum(sf_unpacker *u, const char *text, size_t len) {
  sf_value v;
  sf_error err;

  if (sf_json_read(u->mem, text, len, &v, &err) == SF_ERR_NOMEM)
    sf_unpack_fail(u, SF_ERR_NOMEM);
  else if (v.kind != SF_BIGNUM || sf_string_length(v) != len)
    sf_unpack_fail(u, SF_ERR_SYNTAX);
  if (u->status != SF_OK)
    sf_assign(&v, sf_absent());
  return v;
}

static sf_value text(sf_unpacker *u, bool is_bignum) {
  size_t len = sf_unpack_length(u);
  const char *bytes = (const char *)sf_unpack_bytes(u, len);
  sf_value v = {{0}, SF_ABSENT};

  if (bytes == NULL)
    return v;
  if (is_bignum)
    return bignum(u, bytes, len);
  if (sf_utf8_check(bytes, len) != len) {
    sf_unpack_fail(u, SF_ERR_SYNTAX);
    return v;
  }
  v = sf_string_new(u->mem, bytes, len);
  if (v.kind == SF_ABSENT)
    sf_unpack_fail(u, SF_ERR_NOMEM);
  return v;
}

static sf_value number(sf_unpacker *u) {
  sf_value v = {{0}, SF_DOUBLE};

  v.u.number = sf_unpack_double(u);
  if (isfinite(v.u.number) && u->status == SF_OK)
    return v;
  sf_unpack_fail(u, SF_ERR_SYNTAX);
  return sf_absent();
}

/* Is the name of a member due? */
static bool wants_key(const sf_unpacker *u) {
  const sf_unpack_level *level = u->depth > 0 ? &u->levels[u->depth - 1] : NULL;

  return level != NULL && level->is_object && level->left % 2 == 0;
}

/* Open the level of an array or object. */
static void open_level(sf_unpacker *u, bool is_object) {
  void *levels = u->levels;
  size_t count = sf_unpack_length(u);
  sf_unpack_level *level;
  sf_status status;

  if (u->depth == SF_DEPTH_MAX || wants_key(u))
    sf_unpack_fail(u, SF_ERR_SYNTAX);
  if (u->status != SF_OK)
    return;
  if (!sf_alloc_grow(u->mem, &levels, &u->depth_capacity, u->depth + 1,
                     sizeof *u->levels)) {
    sf_unpack_fail(u, SF_ERR_NOMEM);
    return;
  }
  u->levels = levels;
  level = &u->levels[u->depth++];
  level->left = is_object ? 2 * count : count;
  level->is_object = is_object;
  level->number = enter(u, sf_absent());
  status = is_object ? sf_builder_begin_object(&u->builder)
                     : sf_builder_begin_array(&u->builder);
  if (status != SF_OK)
    sf_unpack_fail(u, status);
}

/* Put a finished value where it belongs; consumes it. */
static void place(sf_unpacker *u, sf_value v) {
  bool is_key = wants_key(u);
  sf_status status;

  if (v.kind == SF_ABSENT || (is_key && v.kind != SF_STRING))
    sf_unpack_fail(u, SF_ERR_SYNTAX);
  if (u->status != SF_OK) {
    sf_release(v);
    return;
  }
  status = is_key ? sf_builder_key_value(&u->builder, v)
                  : sf_builder_add(&u->builder, v);
  if (u->depth > 0)
    u->levels[u->depth - 1].left--;
  if (status != SF_OK)
    sf_unpack_fail(u, status);
}

/* Close what is complete.  The finished block lies on top of the builder. */
static void close_levels(sf_unpacker *u) {
  while (u->depth > 0 && u->levels[u->depth - 1].left == 0 &&
         u->status == SF_OK) {
    size_t at = u->levels[u->depth - 1].number;
    sf_status status = sf_builder_end(&u->builder);
    if (status != SF_OK) {
      sf_unpack_fail(u, status == SF_ERR_NOMEM ? SF_ERR_NOMEM : SF_ERR_SYNTAX);
      return;
    }
    u->blocks[at] = sf_retain(u->builder.stack[u->builder.count - 1]);
    if (--u->depth > 0)
      u->levels[u->depth - 1].left--;
  }
}

/* A scalar, a text or a reference; SF_ABSENT and nothing else for a tag of
** none of these. */
static sf_value leaf(sf_unpacker *u, unsigned tag) {
  switch (tag) {
    case SF_PACK_NULL: return sf_null();
    case SF_PACK_FALSE: return sf_boolean(false);
    case SF_PACK_TRUE: return sf_boolean(true);
    case SF_PACK_INTEGER: return sf_integer(sf_unpack_integer(u));
    case SF_PACK_DOUBLE: return number(u);
    case SF_PACK_BIGNUM: return text(u, true);
    case SF_PACK_STRING: return text(u, false);
    case SF_PACK_AGAIN: return again(u);
    default: return sf_absent();
  }
}

static void unpack_one(sf_unpacker *u) {
  unsigned tag = unpack_byte(u);
  sf_value v;

  if (tag == SF_PACK_ARRAY || tag == SF_PACK_OBJECT) {
    open_level(u, tag == SF_PACK_OBJECT);
  } else {
    v = leaf(u, tag);
    if (tag == SF_PACK_BIGNUM || tag == SF_PACK_STRING)
      enter(u, v);
    place(u, v);
  }
  close_levels(u);
}

sf_value sf_unpack_value(sf_unpacker *u) {
  if (u->at < u->end && *u->at == SF_PACK_ABSENT) {
    u->at++;
    return sf_absent();
  }
  do
    unpack_one(u);
  while (u->depth > 0 && u->status == SF_OK);
  if (u->status == SF_OK)
    return sf_builder_take(&u->builder);
  sf_builder_clear(&u->builder);
  u->depth = 0;
  return sf_absent();
}
