/*
** pack.h - numbers and values as bytes, and back: what snapshots are made of.
**
** A value is written as it lies in memory: a block that is met again is
** referred to by its number, so that reading gives the same sharing.  Kinds of
** numbers and the order of members are kept, bit by bit.  All bytes are the same
** on every machine, and what was read packs to the same bytes again.
**
** Packing can only fail by memory (and SF_LENGTH_MAX): p->bytes.failed tells,
** at the end.  Unpacking takes hostile bytes: lengths, UTF-8, depth and
** references are checked, nothing recurses, and no more is allocated than a
** multiple of the bytes that are there.  After its first failure an unpacker
** gives zeros and SF_ABSENT; look at 'status' at the end.
*/
#ifndef SF_BASE_PACK_H
#define SF_BASE_PACK_H

#include "base/buffer.h"
#include "base/builder.h"
#include "base/identity.h"

typedef struct sf_packer {
  sf_buffer bytes;
  sf_identities shared; /* blocks that may be met again, and their numbers */
  uint32_t blocks;      /* written so far: the number of the next one */
  struct sf_pack_level *levels; /* arrays and objects under way */
  size_t depth, depth_capacity;
} sf_packer;

void sf_packer_init(sf_packer *p, const sf_alloc *mem);
void sf_packer_clear(sf_packer *p);

void sf_pack_byte(sf_packer *p, unsigned byte);
void sf_pack_count(sf_packer *p, uint64_t n);  /* short when small */
void sf_pack_integer(sf_packer *p, int64_t i); /* likewise */
void sf_pack_double(sf_packer *p, double d);   /* 8 bytes */
void sf_pack_bytes(sf_packer *p, const void *bytes, size_t len); /* as is */
void sf_pack_value(sf_packer *p, sf_value v); /* SF_ABSENT too */

typedef struct sf_unpacker {
  const sf_alloc *mem;
  const unsigned char *at, *end; /* borrowed */
  sf_status status;              /* SF_OK, SF_ERR_SYNTAX, SF_ERR_NOMEM */
  sf_value *blocks;              /* by number; SF_ABSENT: still under way */
  size_t blocks_count, blocks_capacity;
  sf_builder builder;
  struct sf_unpack_level *levels;
  size_t depth, depth_capacity;
} sf_unpacker;

/* The bytes must stay as long as the unpacker. */
void sf_unpacker_init(sf_unpacker *u, const sf_alloc *mem, const void *bytes,
                      size_t len);
void sf_unpacker_clear(sf_unpacker *u);

/* Make it fail: SF_ERR_SYNTAX when the bytes are not what was packed. */
void sf_unpack_fail(sf_unpacker *u, sf_status status);

uint64_t sf_unpack_count(sf_unpacker *u);
/* A count of things that follow, each of which takes a byte at least. */
size_t sf_unpack_length(sf_unpacker *u);
int64_t sf_unpack_integer(sf_unpacker *u);
double sf_unpack_double(sf_unpacker *u); /* any, also NaN */
/* The next 'len' bytes, borrowed; NULL after a failure. */
const unsigned char *sf_unpack_bytes(sf_unpacker *u, size_t len);
sf_value sf_unpack_value(sf_unpacker *u); /* owned */

/*
** Private part: how a value begins.  Blocks (from SF_PACK_BIGNUM on) are numbered
** in the order in which they begin.
*/
typedef enum sf_pack_tag {
  SF_PACK_ABSENT,
  SF_PACK_NULL,
  SF_PACK_FALSE,
  SF_PACK_TRUE,
  SF_PACK_INTEGER,
  SF_PACK_DOUBLE,
  SF_PACK_BIGNUM, /* length, text */
  SF_PACK_STRING, /* length, text */
  SF_PACK_ARRAY,  /* count, elements */
  SF_PACK_OBJECT, /* count, keys and values in turn */
  SF_PACK_AGAIN   /* number of a block */
} sf_pack_tag;

#endif
