/*
** builder.c - values put together from the outside in: see builder.h.  The
** elements of all open arrays and objects lie on one stack; closing one takes
** its part from the top.
*/
#include "base/builder.h"

#include "base/block.h"

typedef struct sf_builder_level {
  size_t start; /* of its elements on the stack */
  bool is_object;
} sf_builder_level;

void sf_builder_init(sf_builder *b, const sf_alloc *mem) {
  b->mem = mem;
  b->stack = NULL;
  b->count = b->capacity = 0;
  b->levels = NULL;
  b->depth = b->depth_capacity = 0;
  b->repeats = false;
  b->status = SF_OK;
}

void sf_builder_clear(sf_builder *b) {
  while (b->count > 0)
    sf_release(b->stack[--b->count]);
  sf_alloc_free(b->mem, b->stack, b->capacity * sizeof(sf_value));
  sf_alloc_free(b->mem, b->levels,
                b->depth_capacity * sizeof(sf_builder_level));
  sf_builder_init(b, b->mem);
}

static const sf_builder_level *innermost(const sf_builder *b) {
  return b->depth > 0 ? &b->levels[b->depth - 1] : NULL;
}

/* Is a member's name due next? */
static bool wants_key(const sf_builder *b) {
  const sf_builder_level *level = innermost(b);
  return level != NULL && level->is_object &&
         (b->count - level->start) % 2 == 0;
}

static sf_status push(sf_builder *b, sf_value v) {
  void *stack = b->stack;
  if (b->status == SF_OK && v.kind == SF_ABSENT)
    b->status = SF_ERR_NOMEM; /* what a constructor says so */
  if (b->status == SF_OK && b->count == b->capacity) {
    if (sf_alloc_grow(b->mem, &stack, &b->capacity, b->count + 1,
                      sizeof(sf_value)))
      b->stack = stack;
    else
      b->status = SF_ERR_NOMEM;
  }
  if (b->status == SF_OK)
    b->stack[b->count++] = v;
  else
    sf_release(v);
  return b->status;
}

sf_status sf_builder_add(sf_builder *b, sf_value v) {
  assert(b->status != SF_OK || (!wants_key(b) && (b->depth > 0 || !b->count)));
  return push(b, v);
}

sf_status sf_builder_key_value(sf_builder *b, sf_value key) {
  assert(b->status != SF_OK || wants_key(b));
  assert(key.kind == SF_STRING || key.kind == SF_ABSENT);
  return push(b, key);
}

sf_status sf_builder_key(sf_builder *b, const char *text, size_t len) {
  if (b->status != SF_OK)
    return b->status;
  return sf_builder_key_value(b, sf_string_new(b->mem, text, len));
}

static sf_status begin(sf_builder *b, bool is_object) {
  void *levels = b->levels;
  assert(b->status != SF_OK || !wants_key(b));
  if (b->status != SF_OK)
    return b->status;
  if (b->depth >= SF_DEPTH_MAX)
    return b->status = SF_ERR_LIMIT;
  if (!sf_alloc_grow(b->mem, &levels, &b->depth_capacity, b->depth + 1,
                     sizeof(sf_builder_level)))
    return b->status = SF_ERR_NOMEM;
  b->levels = levels;
  b->levels[b->depth].start = b->count;
  b->levels[b->depth].is_object = is_object;
  b->depth++;
  return SF_OK;
}

sf_status sf_builder_begin_array(sf_builder *b) {
  return begin(b, false);
}

sf_status sf_builder_begin_object(sf_builder *b) {
  return begin(b, true);
}

static sf_status close_level(sf_builder *b, bool distinct, sf_value *out) {
  const sf_builder_level *level = innermost(b);
  size_t count = b->count - level->start;
  const sf_value *first = count > 0 ? b->stack + level->start : NULL;
  sf_status status;
  if (!level->is_object)
    return sf_array_from(b->mem, first, count, out);
  assert(count % 2 == 0);
  status = sf_object_from(b->mem, first, count / 2, distinct, out);
  if (status == SF_OK && sf_object_count(*out) < count / 2)
    b->repeats = true;
  return status;
}

static sf_status end(sf_builder *b, bool sorted) {
  sf_value v = sf_absent();
  if (b->status != SF_OK)
    return b->status;
  assert(b->depth > 0);
  b->status = close_level(b, sorted, &v);
  if (b->status != SF_OK)
    return b->status;
  b->count = innermost(b)->start;
  b->depth--;
  if (sorted && v.kind == SF_OBJECT)
    sf_object_sort(v);
  return push(b, v);
}

sf_status sf_builder_end(sf_builder *b) {
  return end(b, false);
}

sf_status sf_builder_end_sorted(sf_builder *b) {
  return end(b, true);
}

sf_value sf_builder_take(sf_builder *b) {
  sf_value v = sf_absent();
  sf_status status = b->status;
  assert(status != SF_OK || (b->depth == 0 && b->count == 1));
  if (status == SF_OK)
    v = b->stack[--b->count];
  sf_builder_clear(b);
  b->status = status;
  return v;
}
