/*
** block.h - what the files behind value.h tell one another.  For others there
** is value.h.
*/
#ifndef SF_BASE_BLOCK_H
#define SF_BASE_BLOCK_H

#include "base/value.h"

/* Objects with more members than this are searched by a hash index. */
#define SF_OBJECT_SMALL 8

/* Bytes of the blocks. */
size_t sf_string_size(size_t length);

/* Give back the block alone: what it refers to is released already. */
void sf_string_free(sf_string *s);
void sf_array_free(sf_array *a);
void sf_object_free(sf_object *o);

/* The hash of a string, computed once.  Never 0. */
uint32_t sf_string_hash(sf_string *s);

/* Do two strings have the same bytes? */
bool sf_string_equal(const sf_string *a, const sf_string *b);

/* Length of the string's JSON text, quotes included, measured once. */
size_t sf_string_json_length(sf_string *s);

/* A number's text in SF_STRING form, as SF_BIGNUM. */
sf_value sf_bignum_new(const sf_alloc *mem, const char *text, size_t len);

/* An object of 'count' members that lie as keys and values in turn.  All
** consumed on SF_OK; on failure they are still the caller's.  Of equal keys the
** last one wins and takes the first one's place; 'distinct': there are none. */
sf_status sf_object_from(const sf_alloc *mem, const sf_value *pairs,
                         size_t count, bool distinct, sf_value *out);

/* Put the members of a new, unshared object in byte order of their keys. */
void sf_object_sort(sf_value object);

/* a + b, or SIZE_MAX. */
static inline size_t sf_length_add(size_t a, size_t b) {
  return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

/* A change took 'out' bytes from the branch's text and added 'in': keep its
** length if it is known. */
void sf_branch_adjust(sf_branch *b, size_t out, size_t in);

/* The capacity for 'need' elements, with room to grow; never more than
** SF_LENGTH_MAX. */
size_t sf_branch_room(size_t capacity, size_t need);

/* May a value of this depth be put into an array or object? */
static inline bool sf_depth_fits(sf_value v) {
  return sf_depth(v) < SF_DEPTH_MAX;
}

/* The branch got 'v': its depth may have grown. */
static inline void sf_branch_deepen(sf_branch *b, sf_value v) {
  unsigned depth = sf_depth(v) + 1;
  if (depth > b->depth)
    b->depth = (uint16_t)depth;
}

#endif
