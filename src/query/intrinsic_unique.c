/*
** intrinsic_unique.c - States.ArrayUnique: one of each element.
**
** The order of the result is not documented, yet it is visible, and workflows
** index into it: it is that of a java.util.HashSet filled with the elements one
** after another.  So this is a hash table of that very shape: the hash codes of
** Java's boxed values, strings and collections, a power of two of buckets that
** doubles when three quarters are used, chains in the order of insertion.
*/
#include "base/utf8.h"
#include "query/intrinsic.h"

#include <string.h>

#define BUCKETS_LEAST 16
#define NONE          SIZE_MAX

/* --- java.lang.Object.hashCode --- */

/* String: over UTF-16 units, made from UTF-8. */
static uint32_t hash_string(sf_value v) {
  const char *s = sf_string_text(v), *end = s + sf_string_length(v);
  uint32_t h = 0;
  while (s < end) {
    uint32_t c = sf_utf8_next(&s);
    if (c >= 0x10000) {
      h = h * 31 + (0xD800 + ((c - 0x10000) >> 10));
      c = 0xDC00 + ((c - 0x10000) & 0x3FF);
    }
    h = h * 31 + c;
  }
  return h;
}

/* Integer, Long or Double; equal numbers have equal hashes whatever their
** kind. */
static uint32_t hash_number(sf_value v) {
  int64_t whole;
  uint64_t bits;
  double d;
  if (sf_to_integer(v, &whole)) {
    if (whole >= INT32_MIN && whole <= INT32_MAX)
      return (uint32_t)whole;
    bits = (uint64_t)whole;
  } else {
    d = sf_to_double(v);
    memcpy(&bits, &d, sizeof bits);
  }
  return (uint32_t)(bits ^ bits >> 32);
}

/* Arrays.hashCode and AbstractMap.hashCode.  The depth of a value
** (SF_DEPTH_MAX) bounds the recursion. */
static uint32_t hash_value(sf_value v) {
  uint32_t h;
  size_t i;
  switch (v.kind) {
    case SF_BOOLEAN: return v.u.boolean ? 1231 : 1237;
    case SF_INTEGER:
    case SF_DOUBLE:
    case SF_BIGNUM: return hash_number(v);
    case SF_STRING: return hash_string(v);
    case SF_ARRAY:
      for (h = 1, i = 0; i < sf_array_count(v); i++)
        h = h * 31 + hash_value(sf_array_at(v, i));
      return h;
    case SF_OBJECT:
      for (h = 0, i = 0; i < sf_object_count(v); i++)
        h += hash_string(sf_object_key_at(v, i)) ^
             hash_value(sf_object_value_at(v, i));
      return h;
    default: return 0;
  }
}

/* --- java.util.HashSet --- */

typedef struct entry {
  sf_value value; /* borrowed from the array */
  uint32_t hash;
  size_t next; /* in the chain, or NONE */
} entry;

typedef struct set {
  entry *entries; /* in the order of insertion; room for all elements */
  size_t count;
  size_t *buckets; /* first entry of each chain, or NONE */
  size_t bucket_count;
} set;

static size_t *chain_end(set *s, uint32_t hash) {
  size_t *link = &s->buckets[hash & (s->bucket_count - 1)];
  while (*link != NONE)
    link = &s->entries[*link].next;
  return link;
}

/* Add 'v' unless an equal one is there.  Returns how many it was compared
** with: whoever sends the array can make them all fall into one bucket. */
static size_t set_add(set *s, sf_value v) {
  uint32_t h = hash_value(v), hash = h ^ h >> 16;
  size_t *link = &s->buckets[hash & (s->bucket_count - 1)];
  size_t compared = 0;
  entry *e;
  for (; *link != NONE; link = &s->entries[*link].next, compared++)
    if (s->entries[*link].hash == hash && sf_equal(s->entries[*link].value, v))
      return compared;
  e = &s->entries[s->count];
  e->value = v;
  e->hash = hash;
  e->next = NONE;
  *link = s->count++;
  return compared;
}

static void set_rehash(set *s, size_t bucket_count) {
  size_t i;
  s->bucket_count = bucket_count;
  for (i = 0; i < bucket_count; i++)
    s->buckets[i] = NONE;
  for (i = 0; i < s->count; i++) {
    s->entries[i].next = NONE;
    *chain_end(s, s->entries[i].hash) = i;
  }
}

/* The elements in the order in which a HashSet lists them. */
static sf_status set_list(const set *s, const sf_call *call, sf_value *out) {
  sf_value list = sf_array_new(call->env->mem, s->count);
  sf_status st = SF_OK;
  size_t b, i;
  for (b = 0; b < s->bucket_count; b++)
    for (i = s->buckets[b]; i != NONE && st == SF_OK; i = s->entries[i].next)
      st = sf_call_push(call, &list, sf_retain(s->entries[i].value));
  return st == SF_OK ? sf_call_result(call, list, out) : st;
}

/* Buckets of a HashSet that has grown to 'count' elements. */
static size_t buckets_for(size_t count) {
  size_t buckets = BUCKETS_LEAST;
  while (count > buckets / 4 * 3)
    buckets *= 2;
  return buckets;
}

/* Fill the set as if all were different, then make it as large as it would
** be, and list it. */
static sf_status fill_set(set *s, const sf_call *call, sf_value *out) {
  size_t i, count = sf_array_count(call->args[0]);
  sf_status st = SF_OK;
  set_rehash(s, s->bucket_count);
  for (i = 0; i < count && st == SF_OK; i++)
    st = sf_call_work(call, set_add(s, sf_array_at(call->args[0], i)));
  if (st != SF_OK)
    return st;
  set_rehash(s, buckets_for(s->count));
  return set_list(s, call, out);
}

sf_status sf_intrinsic_array_unique(const sf_call *call, sf_value *out) {
  const sf_alloc *mem = call->env->mem;
  size_t room, buckets;
  sf_status st;
  set s;
  if (call->args[0].kind != SF_ARRAY)
    return sf_call_invalid(call, "the argument must be an array");
  room = sf_array_count(call->args[0]) + 1;
  st = sf_call_work(call, room + sf_json_length(call->args[0]) / 16);
  if (st != SF_OK)
    return st;
  buckets = buckets_for(room);
  s.entries = sf_alloc_array(mem, room, sizeof *s.entries);
  s.buckets = sf_alloc_array(mem, buckets, sizeof *s.buckets);
  s.bucket_count = buckets;
  s.count = 0;
  st = s.entries != NULL && s.buckets != NULL ? fill_set(&s, call, out)
                                              : sf_error_nomem(call->err);
  sf_alloc_free(mem, s.entries, room * sizeof *s.entries);
  sf_alloc_free(mem, s.buckets, buckets * sizeof *s.buckets);
  return st;
}
