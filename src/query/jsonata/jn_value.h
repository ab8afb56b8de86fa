/*
** jn_value.h - what an expression computes with: the values of base/value.h,
** borrowed as they are, and kinds of its own for what is made on the way.
**
** An own text, array, object, function or tuple lies in the arena of the
** evaluation, is never counted and is gone when the evaluation ends: what comes
** out is copied into values first (jn_export).  Input values are shared.
**
** A jn_value is an sf_value whose kind may be one of these: never hand one to a
** function of value.h before jn_is_plain.
*/
#ifndef SF_QUERY_JSONATA_JN_VALUE_H
#define SF_QUERY_JSONATA_JN_VALUE_H

#include "base/value.h"
#include "query/budget.h"
#include "query/jsonata/arena.h"

typedef sf_value jn_value;

enum {
  JN_TEXT = SF_OBJECT + 1, /* jn_text */
  JN_ARRAY,                /* jn_array */
  JN_OBJECT,               /* jn_object */
  JN_FUNCTION,             /* jn_function, see apply.h */
  JN_TUPLE,                /* jn_tuple: an element of a tuple stream */
  JN_TAIL                  /* jn_tail: a call yet to be made, see apply.h */
};

typedef struct jn_text {
  size_t length;
  const char *bytes; /* UTF-8; a lone surrogate stands as three bytes */
  uint32_t spare;    /* bytes behind them that nobody has */
  bool is_joined;    /* two texts were put together */
} jn_text;

/* Flags of an array. */
enum {
  JN_SEQUENCE = 1, /* flattens and collapses; the others: is a value */
  JN_CONS = 2,     /* from an array constructor that is a step: stays whole */
  JN_KEEP = 4,     /* a sequence of one stays a sequence */
  JN_STREAM = 8,   /* its elements are tuples */
  JN_OUTER = 16,   /* the input of the expression, an array, wrapped */
  JN_JOINED = 32   /* two arrays were put together */
};

typedef struct jn_array {
  jn_value *items;
  size_t count, capacity; /* capacity 0: the items are borrowed */
  unsigned flags;
} jn_array;

typedef struct jn_member {
  jn_value key; /* SF_STRING or JN_TEXT */
  jn_value value;
} jn_member;

typedef struct jn_object {
  jn_member *members;
  size_t count, capacity;
  uint32_t *index; /* positions + 1 by hash; NULL while small */
  size_t index_size;
} jn_object;

/* Name and value, in a list whose newest binding comes first. */
typedef struct jn_binding {
  const struct jn_binding *next;
  uint32_t name;
  jn_value value;
} jn_binding;

typedef struct jn_tuple {
  jn_value item;
  const jn_binding *bindings;
} jn_tuple;

struct jn_function;
struct jn_tail;

/* Bytes of a string, whichever its kind. */
typedef struct jn_bytes {
  const char *at;
  size_t length;
} jn_bytes;

/* Elements of an array, whichever its kind. */
typedef struct jn_items {
  const jn_value *at;
  size_t count;
} jn_items;

static inline jn_value jn_block(int kind, void *block) {
  jn_value v;
  v.u.block = block;
  v.kind = (sf_kind)kind;
  return v;
}

static inline jn_value jn_undefined(void) {
  return sf_absent();
}

static inline bool jn_is_undefined(jn_value v) {
  return v.kind == SF_ABSENT;
}

static inline bool jn_is_string(jn_value v) {
  return v.kind == SF_STRING || (int)v.kind == JN_TEXT;
}

static inline bool jn_is_number(jn_value v) {
  return v.kind >= SF_INTEGER && v.kind <= SF_BIGNUM;
}

static inline bool jn_is_array(jn_value v) {
  return v.kind == SF_ARRAY || (int)v.kind == JN_ARRAY;
}

static inline bool jn_is_object(jn_value v) {
  return v.kind == SF_OBJECT || (int)v.kind == JN_OBJECT;
}

static inline bool jn_is_function(jn_value v) {
  return (int)v.kind == JN_FUNCTION;
}

/* A value of value.h? */
static inline bool jn_is_plain(jn_value v) {
  return (int)v.kind <= (int)SF_OBJECT;
}

static inline jn_array *jn_array_of(jn_value v) {
  return v.u.block;
}

static inline jn_object *jn_object_of(jn_value v) {
  return v.u.block;
}

static inline jn_tuple *jn_tuple_of(jn_value v) {
  return v.u.block;
}

static inline struct jn_function *jn_function_of(jn_value v) {
  return v.u.block;
}

/* The flags of an array, 0 for anything else. */
static inline unsigned jn_flags(jn_value v) {
  return (int)v.kind == JN_ARRAY ? jn_array_of(v)->flags : 0;
}

static inline bool jn_is_sequence(jn_value v) {
  return (jn_flags(v) & JN_SEQUENCE) != 0;
}

/* v must be a string (also: a BIGNUM). */
static inline jn_bytes jn_bytes_of(jn_value v) {
  jn_bytes b;
  if ((int)v.kind == JN_TEXT) {
    const jn_text *t = v.u.block;
    b.at = t->bytes;
    b.length = t->length;
  } else {
    b.at = sf_string_text(v);
    b.length = sf_string_length(v);
  }
  return b;
}

/* v must be an array. */
static inline jn_items jn_items_of(jn_value v) {
  jn_items i;
  if ((int)v.kind == JN_ARRAY) {
    i.at = jn_array_of(v)->items;
    i.count = jn_array_of(v)->count;
  } else {
    i.at = sf_array_items(v);
    i.count = sf_array_count(v);
  }
  return i;
}

/* The double of any number; infinite for what does not fit. */
static inline double jn_double(jn_value v) {
  if (v.kind == SF_INTEGER)
    return (double)v.u.integer;
  return v.kind == SF_DOUBLE ? v.u.number : sf_to_double(v);
}

/* A number, which may be infinite or NaN (then only inside an evaluation). */
static inline jn_value jn_number(double d) {
  jn_value v;
  if (d >= -9007199254740992.0 && d <= 9007199254740992.0 &&
      (double)(int64_t)d == d)
    return sf_integer((int64_t)d);
  v.u.number = d;
  v.kind = SF_DOUBLE;
  return v;
}

/* --- making (all may return SF_ABSENT or NULL: no memory) --- */

/* A text of these bytes, which are copied, or borrowed. */
jn_value jn_text_copy(jn_arena *a, const char *bytes, size_t length);
jn_value jn_text_borrow(jn_arena *a, const char *bytes, size_t length);

/* b behind a: in place where a was made so and has room left, so that what is
** built piece by piece is not copied again and again. */
jn_value jn_text_join(jn_arena *a, jn_value first, jn_bytes b);
jn_array *jn_array_join(jn_arena *a, jn_value first, jn_items b);

/* An empty array with room for 'capacity' elements. */
jn_array *jn_array_new(jn_arena *a, size_t capacity, unsigned flags);

/* An array whose elements are borrowed until it is pushed to. */
jn_array *jn_array_borrow(jn_arena *a, jn_items items, unsigned flags);

/* Make room for one element more. */
bool jn_array_room(jn_arena *a, jn_array *array, size_t more);

static inline bool jn_array_push(jn_arena *a, jn_array *array, jn_value v) {
  if (array->count == array->capacity || array->capacity == 0)
    if (!jn_array_room(a, array, 1))
      return false;
  array->items[array->count++] = v;
  return true;
}

bool jn_array_push_all(jn_arena *a, jn_array *array, jn_items items);

static inline jn_value jn_array_value(jn_array *array) {
  return jn_block(JN_ARRAY, array);
}

jn_object *jn_object_new(jn_arena *a, size_t capacity);

/* Put a member: a known key keeps its place. */
bool jn_object_set(jn_arena *a, jn_object *object, jn_value key, jn_value v);

/* Take a member out, if it is there. */
void jn_object_remove(jn_object *object, jn_bytes key);

/* The member of an own object, NULL when there is none. */
jn_member *jn_object_find(const jn_object *object, const sf_alloc *mem,
                          jn_bytes key);

static inline jn_value jn_object_value(jn_object *object) {
  return jn_block(JN_OBJECT, object);
}

/* --- reading objects of either kind --- */

static inline size_t jn_object_count(jn_value v) {
  return v.kind == SF_OBJECT ? sf_object_count(v) : jn_object_of(v)->count;
}

static inline jn_member jn_object_at(jn_value v, size_t i) {
  jn_member m;
  if (v.kind != SF_OBJECT)
    return jn_object_of(v)->members[i];
  m.key = sf_object_key_at(v, i);
  m.value = sf_object_value_at(v, i);
  return m;
}

/* The value of a key (a string), undefined when there is none. */
jn_value jn_object_get(jn_arena *a, jn_value object, jn_value key);

/* The same by a C string. */
jn_value jn_object_named(jn_arena *a, jn_value object, const char *key);

/* --- comparing --- */

/* Order by UTF-16 code units, as the reference compares strings. */
int jn_bytes_compare(jn_bytes a, jn_bytes b);

/* Order of two numbers, exact between integers. */
int jn_number_compare(jn_value a, jn_value b);

/* Deep equality.  'depth': levels that may still be descended; beyond, and when
** the budget is spent, values count as different. */
bool jn_equal(jn_arena *a, jn_value x, jn_value y, unsigned depth,
              sf_budget *budget);

#endif
