/*
** object.c - the blocks of objects: see value.h.  Members lie in their order.
** A small object is searched from the front; a large one gets a hash index
** (open addressing) when it is first searched.  The index is a help only: if
** there is no memory for it, the search is a slow one.
*/
#include <string.h>

#include "base/block.h"
#include "base/hash.h"

#define INDEX_SIZE_MIN 32

typedef struct sf_slot {
  uint32_t hash;
  uint32_t member; /* its position + 1; 0: a free slot */
} sf_slot;

static size_t object_size(size_t capacity) {
  return sizeof(sf_object) + capacity * sizeof(sf_member);
}

static void drop_index(sf_object *o) {
  sf_alloc_free(o->branch.head.mem, o->index, o->index_size * sizeof(sf_slot));
  o->index = NULL;
  o->index_size = 0;
}

void sf_object_free(sf_object *o) {
  drop_index(o);
  sf_alloc_free(o->branch.head.mem, o, object_size(o->branch.capacity));
}

static sf_object *new_block(const sf_alloc *mem, size_t capacity) {
  sf_object *o;
  if (capacity > SF_LENGTH_MAX ||
      capacity > (SIZE_MAX - sizeof(sf_object)) / sizeof(sf_member))
    return NULL;
  o = sf_alloc_new(mem, object_size(capacity));
  if (o == NULL)
    return NULL;
  o->branch.head.mem = mem;
  o->branch.head.refs = 1;
  o->branch.head.count = 0;
  o->branch.u.json_length = 0;
  o->branch.capacity = (uint32_t)capacity;
  o->branch.depth = 1;
  o->branch.is_object = true;
  o->index = NULL;
  o->index_size = 0;
  return o;
}

static sf_value value_of(sf_object *o) {
  sf_value v = {{0}, SF_OBJECT};
  v.u.object = o;
  return o != NULL ? v : sf_absent();
}

sf_value sf_object_new(const sf_alloc *mem, size_t capacity) {
  return value_of(new_block(mem, capacity));
}

/* --- finding a member --- */

/* The hash of a key as this object's index has it. */
static uint32_t hash_of(const sf_object *o, sf_string *key) {
  const sf_alloc *mem = o->branch.head.mem;
  if (key->head.mem == mem)
    return sf_string_hash(key);
  return sf_hash(mem->hash_seed, key->text, key->head.count);
}

/* Enter a member, whose key the index does not have. */
static void index_add(sf_object *o, size_t member) {
  uint32_t hash = hash_of(o, o->members[member].key);
  size_t mask = o->index_size - 1, at = hash & mask;
  while (o->index[at].member != 0)
    at = (at + 1) & mask;
  o->index[at].hash = hash;
  o->index[at].member = (uint32_t)member + 1;
}

static bool build_index(sf_object *o) {
  size_t i, size = INDEX_SIZE_MIN;
  while (size / 2 < o->branch.capacity && size < SIZE_MAX / 4)
    size *= 2;
  if (size > SIZE_MAX / sizeof(sf_slot))
    return false;
  o->index = sf_alloc_zero(o->branch.head.mem, size * sizeof(sf_slot));
  if (o->index == NULL)
    return false;
  o->index_size = size;
  for (i = 0; i < o->branch.head.count; i++)
    index_add(o, i);
  return true;
}

/* Most keys of one length differ in their first byte. */
static bool key_is(const sf_string *key, const char *text, size_t len) {
  return key->head.count == len &&
         (len == 0 ||
          (key->text[0] == text[0] && memcmp(key->text, text, len) == 0));
}

static size_t find_by_index(const sf_object *o, const char *text, size_t len,
                            uint32_t hash) {
  size_t mask = o->index_size - 1, at = hash & mask;
  for (; o->index[at].member != 0; at = (at + 1) & mask) {
    size_t member = o->index[at].member - 1;
    if (o->index[at].hash == hash && key_is(o->members[member].key, text, len))
      return member;
  }
  return o->branch.head.count;
}

static size_t find_by_walk(const sf_object *o, const char *text, size_t len) {
  size_t i, count = o->branch.head.count;
  for (i = 0; i < count; i++)
    if (key_is(o->members[i].key, text, len))
      break;
  return i;
}

static bool is_indexed(sf_object *o) {
  return o->branch.head.count > SF_OBJECT_SMALL &&
         (o->index != NULL || build_index(o));
}

/* The position of the member, or the count when there is none. */
static size_t find_text(sf_object *o, const char *text, size_t len) {
  if (!is_indexed(o))
    return find_by_walk(o, text, len);
  return find_by_index(o, text, len,
                       sf_hash(o->branch.head.mem->hash_seed, text, len));
}

static size_t find_key(sf_object *o, sf_string *key) {
  size_t i, count = o->branch.head.count;
  if (is_indexed(o))
    return find_by_index(o, key->text, key->head.count, hash_of(o, key));
  for (i = 0; i < count; i++)
    if (o->members[i].key == key ||
        key_is(o->members[i].key, key->text, key->head.count))
      break;
  return i;
}

static sf_value member_at(sf_value object, size_t at) {
  if (at == sf_object_count(object))
    return sf_absent();
  return object.u.object->members[at].value;
}

sf_value sf_object_get(sf_value object, const char *key, size_t len) {
  assert(object.kind == SF_OBJECT);
  return member_at(object, find_text(object.u.object, key, len));
}

sf_value sf_object_get_key(sf_value object, sf_value key) {
  assert(object.kind == SF_OBJECT && key.kind == SF_STRING);
  return member_at(object, find_key(object.u.object, key.u.string));
}

/* --- changing --- */

static void copy_index(sf_object *to, const sf_object *from) {
  size_t size = from->index_size * sizeof(sf_slot);
  if (from->index == NULL)
    return;
  to->index = sf_alloc_new(to->branch.head.mem, size);
  if (to->index == NULL)
    return;
  memcpy(to->index, from->index, size);
  to->index_size = from->index_size;
}

static sf_object *copy(const sf_object *o, size_t capacity) {
  size_t i, count = o->branch.head.count;
  sf_object *c = new_block(o->branch.head.mem, capacity);
  if (c == NULL)
    return NULL;
  for (i = 0; i < count; i++) {
    c->members[i] = o->members[i];
    c->members[i].key->head.refs++;
    sf_retain(c->members[i].value);
  }
  c->branch.head.count = (uint32_t)count;
  c->branch.u.json_length = o->branch.u.json_length;
  c->branch.depth = o->branch.depth;
  copy_index(c, o);
  return c;
}

static sf_object *grow(sf_object *o, size_t need) {
  size_t osize = object_size(o->branch.capacity);
  size_t room = sf_branch_room(o->branch.capacity, need);
  sf_object *grown;
  if (room > (SIZE_MAX - sizeof(sf_object)) / sizeof(sf_member))
    return NULL;
  grown = sf_alloc_resize(o->branch.head.mem, o, osize, object_size(room));
  if (grown != NULL)
    grown->branch.capacity = (uint32_t)room;
  return grown;
}

/* Make *object a block that nobody else holds, with room for 'need'. */
static sf_object *own(sf_value *object, size_t need) {
  sf_object *o = object->u.object, *mine = o;
  if (o->branch.head.refs > 1) {
    mine = copy(o, sf_branch_room(o->branch.head.count, need));
    if (mine != NULL)
      o->branch.head.refs--;
  } else if (need > o->branch.capacity)
    mine = grow(o, need);
  if (mine != NULL)
    object->u.object = mine;
  return mine;
}

/* Add a member that is not there yet to an unshared object with room. */
static void add_member(sf_object *o, sf_string *key, sf_value v) {
  size_t count = o->branch.head.count++;
  o->members[count].key = key;
  o->members[count].value = v;
  sf_branch_deepen(&o->branch, v);
  if (o->index == NULL)
    return;
  if ((count + 1) / 3 >= o->index_size / 4)
    drop_index(o); /* too full: the next search builds a larger one */
  else
    index_add(o, count);
}

static sf_status append(sf_value *object, sf_string *key, sf_value v) {
  size_t count = sf_object_count(*object);
  sf_object *o;
  if (count >= SF_LENGTH_MAX)
    return SF_ERR_LIMIT;
  o = own(object, count + 1);
  if (o == NULL)
    return SF_ERR_NOMEM;
  if (o->branch.u.json_length != 0) {
    size_t text = sf_length_add(sf_string_json_length(key), sf_json_length(v));
    sf_branch_adjust(&o->branch, 0, sf_length_add(text, 1 + (count > 0)));
  }
  add_member(o, key, v);
  return SF_OK;
}

static unsigned depth_of_members(const sf_object *o) {
  unsigned depth = 1;
  size_t i;
  for (i = 0; i < o->branch.head.count && depth < o->branch.depth; i++)
    if (sf_depth(o->members[i].value) >= depth)
      depth = sf_depth(o->members[i].value) + 1;
  return depth;
}

/* 'old' is no longer in the object: its depth may have shrunk. */
static void undeepen(sf_object *o, sf_value old) {
  if (sf_depth(old) + 1 == o->branch.depth)
    o->branch.depth = (uint16_t)depth_of_members(o);
}

static sf_status replace(sf_value *object, size_t at, sf_value v) {
  sf_object *o = own(object, 0);
  sf_value old;
  if (o == NULL)
    return SF_ERR_NOMEM;
  old = o->members[at].value;
  if (o->branch.u.json_length != 0)
    sf_branch_adjust(&o->branch, sf_json_length(old), sf_json_length(v));
  o->members[at].value = v;
  sf_branch_deepen(&o->branch, v);
  undeepen(o, old);
  sf_release(old);
  return SF_OK;
}

static sf_status check(sf_value object, sf_value v) {
  if (object.kind == SF_ABSENT || v.kind == SF_ABSENT)
    return SF_ERR_NOMEM;
  assert(object.kind == SF_OBJECT);
  return sf_depth_fits(v) ? SF_OK : SF_ERR_LIMIT;
}

sf_status sf_object_set(sf_value *object, sf_value key, sf_value v) {
  sf_status status = check(*object, v);
  if (key.kind == SF_ABSENT)
    status = SF_ERR_NOMEM;
  if (status == SF_OK) {
    size_t at = find_key(object->u.object, key.u.string);
    if (at == sf_object_count(*object)) {
      status = append(object, key.u.string, v);
      if (status == SF_OK)
        return SF_OK;
    } else
      status = replace(object, at, v);
  }
  sf_release(key);
  if (status != SF_OK)
    sf_release(v);
  return status;
}

sf_status sf_object_add(sf_value *object, sf_value key, sf_value v) {
  sf_status status = check(*object, v);
  if (key.kind == SF_ABSENT)
    status = SF_ERR_NOMEM;
  if (status == SF_OK)
    status = append(object, key.u.string, v);
  if (status != SF_OK) {
    sf_release(key);
    sf_release(v);
  }
  return status;
}

sf_status sf_object_set_at(sf_value *object, size_t index, sf_value v) {
  sf_status status = check(*object, v);
  if (status == SF_OK)
    status = replace(object, index, v);
  if (status != SF_OK)
    sf_release(v);
  return status;
}

size_t sf_object_find(sf_value object, const char *key, size_t len) {
  assert(object.kind == SF_OBJECT);
  return find_text(object.u.object, key, len);
}

/* Add a member whose name is not there yet. */
static sf_status append_text(sf_value *object, const char *text, size_t len,
                             sf_value v) {
  sf_value key = sf_string_new(sf_value_mem(*object), text, len);
  sf_status status = SF_ERR_NOMEM;
  if (key.kind != SF_ABSENT)
    status = append(object, key.u.string, v);
  if (status != SF_OK)
    sf_release(key);
  return status;
}

sf_status sf_object_put(sf_value *object, const char *key, sf_value v) {
  sf_status status = check(*object, v);
  if (status == SF_OK) {
    size_t len = strlen(key), at = find_text(object->u.object, key, len);
    if (at < sf_object_count(*object))
      status = replace(object, at, v);
    else
      status = append_text(object, key, len, v);
  }
  if (status != SF_OK)
    sf_release(v);
  return status;
}

/* --- from the builder --- */

/* Enter a pair into an object that has room for it. */
static void take_pair(sf_object *o, const sf_value *pair) {
  sf_string *key = pair[0].u.string;
  size_t at = find_key(o, key);
  if (at == o->branch.head.count) {
    add_member(o, key, pair[1]);
    return;
  }
  sf_release(pair[0]);
  sf_assign(&o->members[at].value, pair[1]);
  sf_branch_deepen(&o->branch, pair[1]);
}

sf_status sf_object_from(const sf_alloc *mem, const sf_value *pairs,
                         size_t count, bool distinct, sf_value *out) {
  sf_object *o;
  size_t i;
  for (i = 0; i < count; i++)
    if (!sf_depth_fits(pairs[2 * i + 1]))
      return SF_ERR_LIMIT;
  o = new_block(mem, count);
  if (o == NULL)
    return SF_ERR_NOMEM;
  for (i = 0; i < count; i++)
    if (distinct)
      add_member(o, pairs[2 * i].u.string, pairs[2 * i + 1]);
    else
      take_pair(o, pairs + 2 * i);
  if (o->branch.head.count < count) /* a deep value may have been replaced */
    o->branch.depth = (uint16_t)depth_of_members(o);
  *out = value_of(o);
  return SF_OK;
}

static bool is_before(const sf_member *a, const sf_member *b) {
  size_t alen = a->key->head.count, blen = b->key->head.count;
  int order = memcmp(a->key->text, b->key->text, alen < blen ? alen : blen);
  return order != 0 ? order < 0 : alen < blen;
}

/* Let members[root] sink to its place in the heap members[0..count). */
static void sift(sf_member *members, size_t root, size_t count) {
  sf_member m = members[root];
  size_t child;
  for (; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && is_before(&members[child], &members[child + 1]))
      child++;
    if (!is_before(&m, &members[child]))
      break;
    members[root] = members[child];
  }
  members[root] = m;
}

static bool is_sorted(const sf_member *members, size_t count) {
  size_t i;
  for (i = 1; i < count; i++)
    if (!is_before(&members[i - 1], &members[i]))
      return false;
  return true;
}

/* Heapsort: no recursion, no memory, no bad cases.  Keys differ, so it need
** not be stable. */
void sf_object_sort(sf_value object) {
  sf_object *o = object.u.object;
  size_t i, count = o->branch.head.count;
  assert(o->branch.head.refs == 1);
  if (is_sorted(o->members, count))
    return;
  drop_index(o);
  for (i = count / 2; i-- > 0;)
    sift(o->members, i, count);
  for (i = count; i-- > 1;) {
    sf_member first = o->members[0];
    o->members[0] = o->members[i];
    o->members[i] = first;
    sift(o->members, 0, i);
  }
}
