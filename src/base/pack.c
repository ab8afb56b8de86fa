/*
** pack.c - see pack.h.
*/
#include "base/pack.h"

#include <string.h>

#define COUNT_SIZE_MAX 10 /* 64 bits, 7 a byte */

typedef struct sf_pack_level {
  sf_value branch; /* borrowed */
  size_t next;     /* element or member */
} sf_pack_level;

void sf_packer_init(sf_packer *p, const sf_alloc *mem) {
  sf_buffer_init(&p->bytes, mem);
  sf_identities_init(&p->shared, mem);
  p->levels = NULL;
  p->blocks = 0;
  p->depth = p->depth_capacity = 0;
}

void sf_packer_clear(sf_packer *p) {
  sf_alloc_free(p->bytes.mem, p->levels, p->depth_capacity * sizeof *p->levels);
  sf_buffer_clear(&p->bytes);
  sf_identities_clear(&p->shared);
  sf_packer_init(p, p->bytes.mem);
}

/* --- numbers --- */

void sf_pack_byte(sf_packer *p, unsigned byte) {
  sf_buffer_add_char(&p->bytes, (char)byte);
}

static size_t put_count(char *to, uint64_t n) {
  size_t len = 0;

  for (; n >= 0x80; n >>= 7)
    to[len++] = (char)(n | 0x80);
  to[len++] = (char)n;
  return len;
}

void sf_pack_count(sf_packer *p, uint64_t n) {
  char *to = sf_buffer_reserve(&p->bytes, COUNT_SIZE_MAX);

  if (to != NULL)
    p->bytes.length += put_count(to, n);
}

void sf_pack_integer(sf_packer *p, int64_t i) {
  uint64_t bits = (uint64_t)i << 1;

  sf_pack_count(p, i < 0 ? ~bits : bits); /* the sign goes last */
}

void sf_pack_double(sf_packer *p, double d) {
  unsigned char bytes[8];
  uint64_t bits;
  int i;

  memcpy(&bits, &d, sizeof bits);
  for (i = 0; i < 8; i++)
    bytes[i] = (unsigned char)(bits >> (8 * i));
  sf_pack_bytes(p, bytes, sizeof bytes);
}

void sf_pack_bytes(sf_packer *p, const void *bytes, size_t len) {
  sf_buffer_add(&p->bytes, bytes, len);
}

/* --- values --- */

static void pack_text(sf_packer *p, unsigned tag, sf_value v) {
  size_t len = sf_string_length(v);
  char *to = sf_buffer_reserve(&p->bytes, 1 + COUNT_SIZE_MAX + len);
  size_t head;

  if (to == NULL)
    return;
  *to = (char)tag;
  head = 1 + put_count(to + 1, len);
  memcpy(to + head, sf_string_text(v), len);
  p->bytes.length += head + len;
}

static void pack_branch(sf_packer *p, unsigned tag, sf_value v, size_t count) {
  void *levels = p->levels;

  sf_pack_byte(p, tag);
  sf_pack_count(p, count);
  if (!sf_alloc_grow(p->bytes.mem, &levels, &p->depth_capacity, p->depth + 1,
                     sizeof *p->levels)) {
    p->bytes.failed = true;
    return;
  }
  p->levels = levels;
  p->levels[p->depth].branch = v;
  p->levels[p->depth++].next = 0;
}

/* Has the block been written before?  Then refer to it. */
static bool pack_again(sf_packer *p, sf_value v) {
  uint32_t number;

  if (!sf_is_shared(v))
    return false;
  number = sf_identities_put(&p->shared, sf_identity(v), p->blocks);
  if (number == SF_UNKNOWN)
    p->bytes.failed = true;
  if (number >= p->blocks)
    return false;
  sf_pack_byte(p, SF_PACK_AGAIN);
  sf_pack_count(p, number);
  return true;
}

/* The value itself, or the head of an array or object, whose level is then
** open. */
static void pack_one(sf_packer *p, sf_value v) {
  if (pack_again(p, v))
    return;
  p->blocks += sf_identity(v) != NULL;
  switch (v.kind) {
    case SF_ABSENT: sf_pack_byte(p, SF_PACK_ABSENT); break;
    case SF_NULL: sf_pack_byte(p, SF_PACK_NULL); break;
    case SF_BOOLEAN:
      sf_pack_byte(p, v.u.boolean ? SF_PACK_TRUE : SF_PACK_FALSE);
      break;
    case SF_INTEGER:
      sf_pack_byte(p, SF_PACK_INTEGER);
      sf_pack_integer(p, v.u.integer);
      break;
    case SF_DOUBLE:
      sf_pack_byte(p, SF_PACK_DOUBLE);
      sf_pack_double(p, v.u.number);
      break;
    case SF_BIGNUM: pack_text(p, SF_PACK_BIGNUM, v); break;
    case SF_STRING: pack_text(p, SF_PACK_STRING, v); break;
    case SF_ARRAY: pack_branch(p, SF_PACK_ARRAY, v, sf_array_count(v)); break;
    case SF_OBJECT:
      pack_branch(p, SF_PACK_OBJECT, v, sf_object_count(v));
      break;
  }
}

void sf_pack_value(sf_packer *p, sf_value v) {
  pack_one(p, v);
  while (p->depth > 0 && !p->bytes.failed) {
    sf_pack_level *level = &p->levels[p->depth - 1];
    size_t at = level->next++;
    v = level->branch;
    if (v.kind == SF_ARRAY && at < sf_array_count(v)) {
      pack_one(p, sf_array_at(v, at));
    } else if (v.kind == SF_OBJECT && at < sf_object_count(v)) {
      pack_one(p, sf_object_key_at(v, at));
      pack_one(p, sf_object_value_at(v, at));
    } else {
      p->depth--;
    }
  }
  p->depth = 0;
}
