/*
** array.c - the blocks of arrays: see value.h.
*/
#include <string.h>

#include "base/block.h"

static size_t array_size(size_t capacity) {
  return sizeof(sf_array) + capacity * sizeof(sf_value);
}

void sf_array_free(sf_array *a) {
  sf_alloc_free(a->branch.head.mem, a, array_size(a->branch.capacity));
}

static sf_array *new_block(const sf_alloc *mem, size_t capacity) {
  sf_array *a;
  if (capacity > SF_LENGTH_MAX ||
      capacity > (SIZE_MAX - sizeof(sf_array)) / sizeof(sf_value))
    return NULL;
  a = sf_alloc_new(mem, array_size(capacity));
  if (a == NULL)
    return NULL;
  a->branch.head.mem = mem;
  a->branch.head.refs = 1;
  a->branch.head.count = 0;
  a->branch.u.json_length = 0;
  a->branch.capacity = (uint32_t)capacity;
  a->branch.depth = 1;
  a->branch.is_object = false;
  return a;
}

static sf_value value_of(sf_array *a) {
  sf_value v = {{0}, SF_ARRAY};
  v.u.array = a;
  return a != NULL ? v : sf_absent();
}

sf_value sf_array_new(const sf_alloc *mem, size_t capacity) {
  return value_of(new_block(mem, capacity));
}

sf_status sf_array_from(const sf_alloc *mem, const sf_value *items,
                        size_t count, sf_value *out) {
  sf_array *a;
  size_t i;
  for (i = 0; i < count; i++)
    if (!sf_depth_fits(items[i]))
      return SF_ERR_LIMIT;
  a = new_block(mem, count);
  if (a == NULL)
    return SF_ERR_NOMEM;
  for (i = 0; i < count; i++) {
    a->items[i] = items[i];
    sf_branch_deepen(&a->branch, items[i]);
  }
  a->branch.head.count = (uint32_t)count;
  *out = value_of(a);
  return SF_OK;
}

static sf_array *copy(const sf_array *a, size_t capacity) {
  size_t i, count = a->branch.head.count;
  sf_array *c = new_block(a->branch.head.mem, capacity);
  if (c == NULL)
    return NULL;
  for (i = 0; i < count; i++)
    c->items[i] = sf_retain(a->items[i]);
  c->branch.head.count = (uint32_t)count;
  c->branch.u.json_length = a->branch.u.json_length;
  c->branch.depth = a->branch.depth;
  return c;
}

static sf_array *grow(sf_array *a, size_t need) {
  size_t osize = array_size(a->branch.capacity);
  size_t room = sf_branch_room(a->branch.capacity, need);
  sf_array *grown;
  if (room > (SIZE_MAX - sizeof(sf_array)) / sizeof(sf_value))
    return NULL;
  grown = sf_alloc_resize(a->branch.head.mem, a, osize, array_size(room));
  if (grown != NULL)
    grown->branch.capacity = (uint32_t)room;
  return grown;
}

/* Make *array a block that nobody else holds, with room for 'need'. */
static sf_array *own(sf_value *array, size_t need) {
  sf_array *a = array->u.array, *mine = a;
  if (a->branch.head.refs > 1) {
    size_t count = a->branch.head.count;
    mine = copy(a, sf_branch_room(count, need));
    if (mine != NULL)
      a->branch.head.refs--;
  } else if (need > a->branch.capacity)
    mine = grow(a, need);
  if (mine != NULL)
    array->u.array = mine;
  return mine;
}

static sf_status push(sf_value *array, sf_value v) {
  size_t count = sf_array_count(*array);
  sf_array *a = own(array, count + 1);
  if (a == NULL)
    return SF_ERR_NOMEM;
  if (a->branch.u.json_length != 0)
    sf_branch_adjust(&a->branch, 0,
                     sf_length_add(sf_json_length(v), count > 0));
  a->items[count] = v;
  a->branch.head.count++;
  sf_branch_deepen(&a->branch, v);
  return SF_OK;
}

static unsigned depth_of_items(const sf_array *a) {
  unsigned depth = 1;
  size_t i;
  for (i = 0; i < a->branch.head.count && depth < a->branch.depth; i++)
    if (sf_depth(a->items[i]) >= depth)
      depth = sf_depth(a->items[i]) + 1;
  return depth;
}

static sf_status replace(sf_value *array, size_t index, sf_value v) {
  sf_array *a = own(array, index + 1);
  sf_value old;
  if (a == NULL)
    return SF_ERR_NOMEM;
  old = a->items[index];
  if (a->branch.u.json_length != 0)
    sf_branch_adjust(&a->branch, sf_json_length(old), sf_json_length(v));
  a->items[index] = v;
  sf_branch_deepen(&a->branch, v);
  if (sf_depth(old) + 1 == a->branch.depth)
    a->branch.depth = (uint16_t)depth_of_items(a);
  sf_release(old);
  return SF_OK;
}

sf_status sf_array_set(sf_value *array, size_t index, sf_value v) {
  sf_status status = SF_ERR_NOMEM;
  if (array->kind != SF_ABSENT && v.kind != SF_ABSENT) {
    size_t count = sf_array_count(*array);
    assert(index <= count);
    if (!sf_depth_fits(v) || index >= SF_LENGTH_MAX)
      status = SF_ERR_LIMIT;
    else
      status = index < count ? replace(array, index, v) : push(array, v);
  }
  if (status != SF_OK)
    sf_release(v);
  return status;
}

sf_status sf_array_push(sf_value *array, sf_value v) {
  size_t count = array->kind != SF_ABSENT ? sf_array_count(*array) : 0;
  return sf_array_set(array, count, v);
}
