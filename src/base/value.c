/*
** value.c - what holds for values of every kind: freeing, equality, length and
** depth.  See value.h; strings, arrays, objects and numbers have files of
** their own.
*/
#include "base/block.h"
#include "base/json.h"

/* ORDER KIND: sf_kind in value.h */
static const char *const kind_names[] = {
  "absent", "null",   "boolean", "number", "number",
  "number", "string", "array",   "object",
};

const char *sf_kind_name(sf_kind kind) {
  return kind_names[kind];
}

/* --- freeing --- */

/* Drop a reference.  A branch that loses its last one goes onto the work
** list, whose links lie in the blocks themselves. */
static sf_branch *drop(sf_value v, sf_branch *list) {
  sf_branch *b;
  if (!sf_is_block(v) || --((sf_block *)v.u.block)->refs > 0)
    return list;
  if (v.kind < SF_ARRAY) {
    sf_string_free(v.u.string);
    return list;
  }
  b = v.u.block;
  b->u.next = list;
  return b;
}

static sf_branch *free_array(sf_array *a, sf_branch *list) {
  size_t i;
  for (i = 0; i < a->branch.head.count; i++)
    list = drop(a->items[i], list);
  sf_array_free(a);
  return list;
}

static sf_branch *free_object(sf_object *o, sf_branch *list) {
  size_t i;
  for (i = 0; i < o->branch.head.count; i++) {
    sf_string *key = o->members[i].key;
    if (--key->head.refs == 0)
      sf_string_free(key);
    list = drop(o->members[i].value, list);
  }
  sf_object_free(o);
  return list;
}

void sf_block_free(sf_value v) {
  sf_branch *list;
  if (v.kind < SF_ARRAY) {
    sf_string_free(v.u.string);
    return;
  }
  list = v.u.block;
  list->u.next = NULL;
  while (list != NULL) {
    sf_branch *b = list;
    list = b->u.next;
    if (b->is_object)
      list = free_object((sf_object *)b, list);
    else
      list = free_array((sf_array *)b, list);
  }
}

/* --- equality: recursion is bounded by SF_DEPTH_MAX --- */

static bool equal_arrays(sf_value a, sf_value b) {
  size_t i, count = sf_array_count(a);
  if (count != sf_array_count(b))
    return false;
  for (i = 0; i < count; i++)
    if (!sf_equal(sf_array_at(a, i), sf_array_at(b, i)))
      return false;
  return true;
}

/* The member of 'b' with the key of a's i-th one: mostly the i-th too. */
static sf_value counterpart(sf_value a, sf_value b, size_t i) {
  sf_string *key = a.u.object->members[i].key;
  if (sf_string_equal(key, b.u.object->members[i].key))
    return sf_object_value_at(b, i);
  return sf_object_get_key(b, sf_object_key_at(a, i));
}

static bool equal_objects(sf_value a, sf_value b) {
  size_t i, count = sf_object_count(a);
  if (count != sf_object_count(b))
    return false;
  for (i = 0; i < count; i++)
    if (!sf_equal(sf_object_value_at(a, i), counterpart(a, b, i)))
      return false;
  return true;
}

bool sf_equal(sf_value a, sf_value b) {
  if (sf_is_number(a) && sf_is_number(b))
    return sf_number_compare(a, b) == 0;
  if (a.kind != b.kind)
    return false;
  if (sf_is_block(a) && a.u.block == b.u.block)
    return true;
  switch (a.kind) {
    case SF_BOOLEAN: return a.u.boolean == b.u.boolean;
    case SF_STRING: return sf_string_equal(a.u.string, b.u.string);
    case SF_ARRAY: return sf_depth(a) == sf_depth(b) && equal_arrays(a, b);
    case SF_OBJECT: return sf_depth(a) == sf_depth(b) && equal_objects(a, b);
    default: return true;
  }
}

/* --- the length of the JSON text --- */

static size_t length_of_items(const sf_array *a) {
  size_t i, count = a->branch.head.count;
  size_t length = count > 0 ? count + 1 : 2; /* brackets and commas */
  for (i = 0; i < count; i++)
    length = sf_length_add(length, sf_json_length(a->items[i]));
  return length;
}

static size_t length_of_members(const sf_object *o) {
  size_t i, count = o->branch.head.count;
  size_t length = count > 0 ? 2 * count + 1 : 2; /* braces, colons, commas */
  for (i = 0; i < count; i++) {
    const sf_member *m = &o->members[i];
    length = sf_length_add(length, sf_string_json_length(m->key));
    length = sf_length_add(length, sf_json_length(m->value));
  }
  return length;
}

/* Each block is measured once: recursion is bounded by SF_DEPTH_MAX, work by
** the number of blocks. */
static size_t branch_length(sf_branch *b) {
  if (b->u.json_length == 0)
    b->u.json_length = b->is_object ? length_of_members((sf_object *)b)
                                    : length_of_items((sf_array *)b);
  return b->u.json_length;
}

static size_t integer_length(int64_t i) {
  uint64_t left = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
  size_t length = 1 + (i < 0);
  for (; left >= 10; left /= 10)
    length++;
  return length;
}

size_t sf_json_length(sf_value v) {
  char text[SF_DOUBLE_TEXT_MAX];
  switch (v.kind) {
    case SF_ABSENT: return 0;
    case SF_NULL: return 4;
    case SF_BOOLEAN: return v.u.boolean ? 4 : 5;
    case SF_INTEGER: return integer_length(v.u.integer);
    case SF_DOUBLE: return sf_double_text(v.u.number, text);
    case SF_BIGNUM: return v.u.string->head.count;
    case SF_STRING: return sf_string_json_length(v.u.string);
    default: return branch_length(v.u.block);
  }
}

/* --- what changes share --- */

void sf_branch_adjust(sf_branch *b, size_t out, size_t in) {
  if (b->u.json_length == SIZE_MAX || in == SIZE_MAX)
    b->u.json_length = 0; /* no longer known: measured when asked for */
  else
    b->u.json_length = sf_length_add(b->u.json_length - out, in);
}

size_t sf_branch_room(size_t capacity, size_t need) {
  size_t room = capacity + capacity / 2 + 4;
  if (need <= capacity)
    return capacity;
  if (room < need)
    room = need;
  return room < SF_LENGTH_MAX ? room : SF_LENGTH_MAX;
}
