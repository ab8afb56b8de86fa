/*
** builder.h - puts a value together from the outside in, with a stack of its
** own: no recursion, and whoever stops in the middle (Lua raising an error)
** loses nothing, since sf_builder_clear frees what is there.
**
** Calls after a failure do nothing and return the same status.
*/
#ifndef SF_BASE_BUILDER_H
#define SF_BASE_BUILDER_H

#include "base/value.h"

typedef struct sf_builder {
  const sf_alloc *mem;
  sf_value *stack; /* elements; in an object, keys and values in turn */
  size_t count, capacity;
  struct sf_builder_level *levels; /* the open arrays and objects */
  size_t depth, depth_capacity;
  bool repeats; /* an object got a member twice */
  sf_status status;
} sf_builder;

void sf_builder_init(sf_builder *b, const sf_alloc *mem);
void sf_builder_clear(sf_builder *b);

sf_status sf_builder_add(sf_builder *b, sf_value v); /* consumes */
sf_status sf_builder_begin_array(sf_builder *b);
sf_status sf_builder_begin_object(sf_builder *b);
sf_status sf_builder_key(sf_builder *b, const char *text, size_t len);
sf_status sf_builder_key_value(sf_builder *b, sf_value key); /* consumes */

/* Closes the innermost array or object.  Of equal keys the last one wins. */
sf_status sf_builder_end(sf_builder *b);

/* Like sf_builder_end for an object whose members, no two of one name, were added
** in any order: they are put in byte order of their keys. */
sf_status sf_builder_end_sorted(sf_builder *b);

/* The finished value, owned; SF_ABSENT after a failure (see b->status).
** The builder is empty again. */
sf_value sf_builder_take(sf_builder *b);

#endif
