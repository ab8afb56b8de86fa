/*
** jn_value.c - see jn_value.h.
*/
#include "query/jsonata/jn_value.h"

#include <string.h>

#include "base/hash.h"

#define OBJECT_SMALL 8 /* members that are searched from the front */

/* --- texts --- */

jn_value jn_text_borrow(jn_arena *a, const char *bytes, size_t length) {
  jn_text *t = jn_arena_new(a, sizeof *t);
  if (t == NULL)
    return jn_undefined();
  t->length = length;
  t->bytes = bytes;
  t->spare = 0;
  t->is_joined = false;
  return jn_block(JN_TEXT, t);
}

jn_value jn_text_copy(jn_arena *a, const char *bytes, size_t length) {
  jn_text *t;
  char *to;
  if (length > SF_LENGTH_MAX)
    return jn_undefined();
  t = jn_arena_new(a, sizeof *t + length);
  if (t == NULL)
    return jn_undefined();
  to = (char *)(t + 1);
  if (length > 0)
    memcpy(to, bytes, length);
  t->length = length;
  t->bytes = to;
  t->spare = 0;
  t->is_joined = false;
  return jn_block(JN_TEXT, t);
}

/* A joined text whose bytes are those of 'first' and room for 'more'; it has
** as much again to spare when it is not the first join. */
static jn_text *joined_text(jn_arena *a, jn_value first, size_t more) {
  jn_bytes b = jn_bytes_of(first);
  jn_text *from = (int)first.kind == JN_TEXT ? first.u.block : NULL, *t;
  size_t spare = 0;
  char *to;
  if (from != NULL && from->spare >= more) {
    t = jn_arena_new(a, sizeof *t);
    if (t == NULL)
      return NULL;
    *t = *from;
    from->spare = 0; /* it is t's now */
    t->spare -= (uint32_t)more;
    return t;
  }
  if (from != NULL && from->is_joined && b.length > 64)
    spare = b.length + more;
  t = jn_arena_new(a, sizeof *t + b.length + more + spare);
  if (t == NULL)
    return NULL;
  to = (char *)(t + 1);
  if (b.length > 0)
    memcpy(to, b.at, b.length);
  t->bytes = to;
  t->spare = (uint32_t)spare;
  t->is_joined = true;
  return t;
}

jn_value jn_text_join(jn_arena *a, jn_value first, jn_bytes b) {
  size_t length = jn_bytes_of(first).length;
  jn_text *t;
  if (b.length > SF_LENGTH_MAX || length > SF_LENGTH_MAX - b.length)
    return jn_undefined();
  t = joined_text(a, first, b.length);
  if (t == NULL)
    return jn_undefined();
  if (b.length > 0)
    memcpy((char *)(uintptr_t)t->bytes + length, b.at, b.length);
  t->length = length + b.length;
  return jn_block(JN_TEXT, t);
}

/* --- arrays --- */

jn_array *jn_array_new(jn_arena *a, size_t capacity, unsigned flags) {
  jn_array *array;
  if (capacity > SF_LENGTH_MAX / sizeof(jn_value))
    return NULL;
  array = jn_arena_new(a, sizeof *array + capacity * sizeof(jn_value));
  if (array == NULL)
    return NULL;
  array->items = (jn_value *)(void *)(array + 1);
  array->count = 0;
  array->capacity = capacity;
  array->flags = flags;
  return array;
}

jn_array *jn_array_borrow(jn_arena *a, jn_items items, unsigned flags) {
  jn_array *array = jn_arena_new(a, sizeof *array);
  if (array == NULL)
    return NULL;
  array->items = (jn_value *)(uintptr_t)items.at; /* capacity 0 guards them */
  array->count = items.count;
  array->capacity = 0;
  array->flags = flags;
  return array;
}

bool jn_array_room(jn_arena *a, jn_array *array, size_t more) {
  size_t want = array->count + more;
  jn_value *items;
  if (array->capacity > 0 && want <= array->capacity)
    return true;
  if (want > SF_LENGTH_MAX / sizeof(jn_value))
    return false;
  if (want < array->count * 2)
    want = array->count * 2;
  if (want < 4)
    want = 4;
  items = jn_arena_new(a, want * sizeof *items);
  if (items == NULL)
    return false;
  if (array->count > 0)
    memcpy(items, array->items, array->count * sizeof *items);
  array->items = items;
  array->capacity = want;
  return true;
}

bool jn_array_push_all(jn_arena *a, jn_array *array, jn_items items) {
  if (items.count == 0)
    return true;
  if (!jn_array_room(a, array, items.count))
    return false;
  memcpy(array->items + array->count, items.at, items.count * sizeof *items.at);
  array->count += items.count;
  return true;
}

jn_array *jn_array_join(jn_arena *a, jn_value first, jn_items b) {
  jn_items x = jn_items_of(first);
  jn_array *from = (int)first.kind == JN_ARRAY ? jn_array_of(first) : NULL, *to;
  bool is_joined = from != NULL && (from->flags & JN_JOINED) != 0;
  size_t want = x.count + b.count;
  if (is_joined && from->capacity >= want) {
    to = jn_arena_new(a, sizeof *to);
    if (to == NULL)
      return NULL;
    *to = *from;
    from->capacity = 0; /* the room is taken */
    to->flags = JN_JOINED;
  } else {
    to = jn_array_new(a, is_joined ? 2 * want : want, JN_JOINED);
    if (to == NULL || !jn_array_push_all(a, to, x))
      return NULL;
  }
  return jn_array_push_all(a, to, b) ? to : NULL;
}

/* --- objects --- */

jn_object *jn_object_new(jn_arena *a, size_t capacity) {
  jn_object *o;
  if (capacity > SF_LENGTH_MAX / sizeof(jn_member))
    return NULL;
  o = jn_arena_new(a, sizeof *o + capacity * sizeof(jn_member));
  if (o == NULL)
    return NULL;
  o->members = (jn_member *)(void *)(o + 1);
  o->count = 0;
  o->capacity = capacity;
  o->index = NULL;
  o->index_size = 0;
  return o;
}

static size_t index_start(const sf_alloc *mem, jn_bytes key, size_t size) {
  return sf_hash(mem->hash_seed, key.at, key.length) & (size - 1);
}

static void index_add(jn_object *o, const sf_alloc *mem, size_t member) {
  size_t at =
    index_start(mem, jn_bytes_of(o->members[member].key), o->index_size);
  while (o->index[at] != 0)
    at = (at + 1) & (o->index_size - 1);
  o->index[at] = (uint32_t)member + 1;
}

/* Without memory for the index the search is a slow one. */
static bool bytes_equal(jn_bytes a, jn_bytes b) {
  return a.length == b.length &&
         (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

static void index_build(jn_arena *a, jn_object *o) {
  size_t i, size = 32;
  while (size < o->capacity * 2)
    size *= 2;
  o->index = jn_arena_zero(a, size * sizeof *o->index);
  o->index_size = size;
  if (o->index == NULL)
    return;
  for (i = 0; i < o->count; i++)
    index_add(o, a->mem, i);
}

jn_member *jn_object_find(const jn_object *o, const sf_alloc *mem,
                          jn_bytes key) {
  size_t i;
  if (o->index != NULL) {
    for (i = index_start(mem, key, o->index_size); o->index[i] != 0;
         i = (i + 1) & (o->index_size - 1)) {
      jn_member *m = &o->members[o->index[i] - 1];
      if (bytes_equal(jn_bytes_of(m->key), key))
        return m;
    }
    return NULL;
  }
  for (i = 0; i < o->count; i++)
    if (bytes_equal(jn_bytes_of(o->members[i].key), key))
      return &o->members[i];
  return NULL;
}

static bool object_room(jn_arena *a, jn_object *o) {
  size_t want = o->capacity < 4 ? 4 : o->capacity * 2;
  jn_member *members;
  if (o->count < o->capacity)
    return true;
  if (want > SF_LENGTH_MAX / sizeof *members)
    return false;
  members = jn_arena_new(a, want * sizeof *members);
  if (members == NULL)
    return false;
  if (o->count > 0)
    memcpy(members, o->members, o->count * sizeof *members);
  o->members = members;
  o->capacity = want;
  o->index = NULL;
  return true;
}

bool jn_object_set(jn_arena *a, jn_object *o, jn_value key, jn_value v) {
  jn_member *m = jn_object_find(o, a->mem, jn_bytes_of(key));
  if (m != NULL) {
    m->value = v;
    return true;
  }
  if (!object_room(a, o))
    return false;
  o->members[o->count].key = key;
  o->members[o->count].value = v;
  o->count++;
  if (o->index != NULL)
    index_add(o, a->mem, o->count - 1);
  else if (o->count > OBJECT_SMALL)
    index_build(a, o);
  return true;
}

void jn_object_remove(jn_object *o, jn_bytes key) {
  size_t i;
  for (i = 0; i < o->count; i++)
    if (bytes_equal(jn_bytes_of(o->members[i].key), key))
      break;
  if (i == o->count)
    return;
  o->count--;
  memmove(&o->members[i], &o->members[i + 1],
          (o->count - i) * sizeof *o->members);
  o->index = NULL;
}

jn_value jn_object_get(jn_arena *a, jn_value object, jn_value key) {
  jn_bytes bytes;
  const jn_member *m;
  if (object.kind == SF_OBJECT && key.kind == SF_STRING)
    return sf_object_get_key(object, key);
  bytes = jn_bytes_of(key);
  if (object.kind == SF_OBJECT)
    return sf_object_get(object, bytes.at, bytes.length);
  m = jn_object_find(jn_object_of(object), a->mem, bytes);
  return m != NULL ? m->value : jn_undefined();
}

jn_value jn_object_named(jn_arena *a, jn_value object, const char *key) {
  jn_bytes bytes = {key, strlen(key)};
  const jn_member *m;
  if (object.kind == SF_OBJECT)
    return sf_object_get(object, bytes.at, bytes.length);
  m = jn_object_find(jn_object_of(object), a->mem, bytes);
  return m != NULL ? m->value : jn_undefined();
}

/* --- comparing --- */

/* UTF-8 sorts as UTF-16 does, but for the characters beyond U+FFFF (bytes from
** F0 on), whose surrogates come before U+E000 (bytes EE and EF). */
int jn_bytes_compare(jn_bytes a, jn_bytes b) {
  size_t i, n = a.length < b.length ? a.length : b.length;
  unsigned char x, y;
  for (i = 0; i < n && a.at[i] == b.at[i]; i++)
    ;
  if (i == n)
    return a.length == b.length ? 0 : a.length < b.length ? -1 : 1;
  x = (unsigned char)a.at[i];
  y = (unsigned char)b.at[i];
  if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0))
    return x >= 0xF0 ? -1 : 1;
  return x < y ? -1 : 1;
}

int jn_number_compare(jn_value a, jn_value b) {
  double x, y;
  if (a.kind == SF_INTEGER && b.kind == SF_INTEGER)
    return a.u.integer < b.u.integer ? -1 : a.u.integer > b.u.integer;
  if (a.kind == SF_BIGNUM && b.kind == SF_BIGNUM)
    return sf_number_compare(a, b);
  x = jn_double(a);
  y = jn_double(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

static bool numbers_equal(jn_value a, jn_value b) {
  double x = jn_double(a), y = jn_double(b);
  return x == y && jn_number_compare(a, b) == 0; /* a NaN equals nothing */
}

static bool arrays_equal(jn_arena *a, jn_value x, jn_value y, unsigned depth,
                         sf_budget *budget) {
  jn_items p = jn_items_of(x), q = jn_items_of(y);
  size_t i;
  if (p.count != q.count)
    return false;
  for (i = 0; i < p.count; i++)
    if (!jn_equal(a, p.at[i], q.at[i], depth, budget))
      return false;
  return true;
}

static bool objects_equal(jn_arena *a, jn_value x, jn_value y, unsigned depth,
                          sf_budget *budget) {
  size_t i, count = jn_object_count(x);
  if (count != jn_object_count(y))
    return false;
  for (i = 0; i < count; i++) {
    jn_member m = jn_object_at(x, i);
    jn_value other = jn_object_get(a, y, m.key);
    if (jn_is_undefined(other) || !jn_equal(a, m.value, other, depth, budget))
      return false;
  }
  return true;
}

bool jn_equal(jn_arena *a, jn_value x, jn_value y, unsigned depth,
              sf_budget *budget) {
  if (jn_is_number(x) && jn_is_number(y))
    return numbers_equal(x, y);
  if (jn_is_string(x) && jn_is_string(y))
    return bytes_equal(jn_bytes_of(x), jn_bytes_of(y));
  if (x.kind <= SF_BOOLEAN || y.kind <= SF_BOOLEAN)
    return x.kind == y.kind &&
           (x.kind != SF_BOOLEAN || x.u.boolean == y.u.boolean);
  if (x.kind == y.kind && !jn_is_number(x) && !jn_is_string(x) &&
      x.u.block == y.u.block)
    return true;
  if (depth == 0 || !sf_budget_take(budget, 1))
    return false;
  if (jn_is_array(x) && jn_is_array(y))
    return arrays_equal(a, x, y, depth - 1, budget);
  if (jn_is_object(x) && jn_is_object(y))
    return objects_equal(a, x, y, depth - 1, budget);
  return false;
}
