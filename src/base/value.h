/*
** value.h - JSON values: immutable, reference counted, shared.
**
** An sf_value is 16 bytes and passed by value.  null, booleans, integers and
** doubles live in it; strings, arrays, objects and numbers too long for 64
** bits are counted heap blocks.  Order of members is kept; an array index is
** O(1), and so is a key, also in a large object.
**
** Ownership: a function that returns an sf_value returns an owned one unless
** its comment says "borrowed".  'consumes' means that the callee takes the
** reference over, also when it fails.  Counts are not atomic: a value belongs
** to one Lua state.
**
** "Immutable" has one exception that nobody can see: sf_array_push,
** sf_array_set and sf_object_set change a block in place when the caller holds
** the only reference, and copy one level otherwise.
**
** Failure: only memory and the limits.  A constructor then returns SF_ABSENT; a
** change returns its status and leaves the container as it was.  A container,
** key or element that is SF_ABSENT counts as a constructor that failed: the
** change is SF_ERR_NOMEM.  So calls can be nested and looked at once.
*/
#ifndef SF_BASE_VALUE_H
#define SF_BASE_VALUE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/error.h"

#define SF_DEPTH_MAX 1000 /* nesting of arrays and objects in one value */
#define SF_LENGTH_MAX                                                          \
  0x7fffffffu /* bytes of a string, members of an array or object */

/* ORDER KIND: kind_names in value.c; heap blocks from SF_BIGNUM on */
typedef enum sf_kind {
  SF_ABSENT = 0, /* no value: not JSON.  A missing member, "undefined" */
  SF_NULL,
  SF_BOOLEAN, /* u.boolean */
  SF_INTEGER, /* u.integer: exact, 64 bits */
  SF_DOUBLE,  /* u.number: finite; an integral value may also stand here */
  SF_BIGNUM,  /* u.string: the text of a number that neither holds */
  SF_STRING,  /* u.string: UTF-8, may contain U+0000 */
  SF_ARRAY,   /* u.array */
  SF_OBJECT   /* u.object */
} sf_kind;

typedef struct sf_string sf_string;
typedef struct sf_array sf_array;
typedef struct sf_object sf_object;

typedef struct sf_value {
  union {
    bool boolean;
    int64_t integer;
    double number;
    sf_string *string;
    sf_array *array;
    sf_object *object;
    void *block;
  } u;
  sf_kind kind;
} sf_value;

/* --- counting --- */

/* Returns 'v' with one more reference. */
static inline sf_value sf_retain(sf_value v);

/* Drop one reference.  Never recurses: a deep value is freed by a work list. */
static inline void sf_release(sf_value v);

/* Release *slot and put 'v' (consumed) there. */
static inline void sf_assign(sf_value *slot, sf_value v);

/* --- scalars --- */

static inline sf_value sf_absent(void) {
  sf_value v = {{0}, SF_ABSENT};
  return v;
}

static inline sf_value sf_null(void) {
  sf_value v = {{0}, SF_NULL};
  return v;
}

static inline sf_value sf_boolean(bool b) {
  sf_value v = {{0}, SF_BOOLEAN};
  v.u.boolean = b;
  return v;
}

static inline sf_value sf_integer(int64_t i) {
  sf_value v = {{0}, SF_INTEGER};
  v.u.integer = i;
  return v;
}

/* A number from a finite double; one with an integral value within 2^53
** becomes an SF_INTEGER, and so does -0.0.  SF_ABSENT for NaN and infinity. */
sf_value sf_number(double d);

/* A number from the text of a JSON number (checked by the caller): SF_INTEGER,
** SF_DOUBLE, or SF_BIGNUM when neither holds it (an integer beyond 64 bits, a
** magnitude too large or too small for a double).  SF_ABSENT: no memory. */
sf_value sf_number_parse(const sf_alloc *mem, const char *text, size_t len);

/* --- strings --- */

/* Copies text[0..len), which must be UTF-8. */
sf_value sf_string_new(const sf_alloc *mem, const char *text, size_t len);

/* From a C string. */
sf_value sf_string_from(const sf_alloc *mem, const char *text);

/* printf into a new string. */
sf_value sf_string_format(const sf_alloc *mem, const char *format, ...)
  SF_PRINTF(2, 3);

/* Bytes of an SF_STRING or SF_BIGNUM; borrowed, and followed by a '\0'. */
static inline const char *sf_string_text(sf_value v);
static inline size_t sf_string_length(sf_value v);

/* Is 'v' the string 'text'? */
bool sf_string_is(sf_value v, const char *text);

/* Order of two strings by code point (which is that of their bytes). */
int sf_string_compare(sf_value a, sf_value b);

/* --- arrays --- */

/* An empty array with room for 'capacity' elements. */
sf_value sf_array_new(const sf_alloc *mem, size_t capacity);

/* An array of items[0..count), which are consumed on SF_OK; on failure they are
** still the caller's. */
sf_status sf_array_from(const sf_alloc *mem, const sf_value *items,
                        size_t count, sf_value *out);

static inline size_t sf_array_count(sf_value array);

/* Borrowed.  'index' must be below the count. */
static inline sf_value sf_array_at(sf_value array, size_t index);

/* Borrowed, contiguous: count elements.  Valid as long as the array. */
static inline const sf_value *sf_array_items(sf_value array);

/* Append (index == count allowed for set).  Consumes 'v'. */
sf_status sf_array_push(sf_value *array, sf_value v);
sf_status sf_array_set(sf_value *array, size_t index, sf_value v);

/* --- objects --- */

sf_value sf_object_new(const sf_alloc *mem, size_t capacity);

static inline size_t sf_object_count(sf_value object);

/* Members in their order; both borrowed. */
static inline sf_value sf_object_key_at(sf_value object, size_t index);
static inline sf_value sf_object_value_at(sf_value object, size_t index);

/* The member of that name: borrowed, SF_ABSENT when there is none.
** sf_object_get_key is faster when the key is a value already (its hash is
** kept). */
sf_value sf_object_get(sf_value object, const char *key, size_t len);
sf_value sf_object_get_key(sf_value object, sf_value key);

/* Put a member: a new key goes to the end, a known one keeps its place.
** Consumes 'key' and 'v'. */
sf_status sf_object_set(sf_value *object, sf_value key, sf_value v);

/* The same with a C string for the key. */
sf_status sf_object_put(sf_value *object, const char *key, sf_value v);

/* The same for a key that the object does not have: it is not looked for. */
sf_status sf_object_add(sf_value *object, sf_value key, sf_value v);

/* The position of the member of that name; the count when there is none. */
size_t sf_object_find(sf_value object, const char *key, size_t len);

/* Another value for the member at 'index' (< count).  Consumes 'v'. */
sf_status sf_object_set_at(sf_value *object, size_t index, sf_value v);

/* --- all kinds --- */

static inline bool sf_is_number(sf_value v) {
  return v.kind == SF_INTEGER || v.kind == SF_DOUBLE || v.kind == SF_BIGNUM;
}

/* "string", "number", "boolean", "null", "array", "object", "absent" */
const char *sf_kind_name(sf_kind kind);

/* Deep equality as JSON has it: numbers by value whatever their kind, objects
** whatever the order of members. */
bool sf_equal(sf_value a, sf_value b);

/* Order of two numbers by value, exact also between 64-bit integers and
** doubles; beside a BIGNUM a double stands for its shortest text.  < 0, 0, > 0. */
int sf_number_compare(sf_value a, sf_value b);

/* The nearest double of any number (a BIGNUM may give HUGE_VAL). */
double sf_to_double(sf_value number);

/* Does the number have an integral value within 64 bits?  Then also *out. */
bool sf_to_integer(sf_value number, int64_t *out);

/* Length in bytes of the compact JSON text (json.h writes exactly that many),
** SIZE_MAX when that is too small.  Each block is measured once, when first
** asked for, and then keeps its length through changes. */
size_t sf_json_length(sf_value v);

/* Levels of nesting: 0 for a scalar, 1 for [] and {}. */
static inline unsigned sf_depth(sf_value v);

/* The allocator of a heap value, NULL for others. */
static inline const sf_alloc *sf_value_mem(sf_value v);

/* Address of the heap block: two values with the same one are shared.
** NULL for scalars.  For caches and snapshots. */
static inline const void *sf_identity(sf_value v);

/* May somebody else hold the same heap block?  false: certainly not. */
static inline bool sf_is_shared(sf_value v);

/*
** Private part: the blocks, open so that counting and access are inlined.
** Only the files of value.h (value.c, number.c, string.c, array.c, object.c,
** builder.c, buffer.c) look into them.
*/

/* The head of every block.  Counts can't overflow: a reference is 16 bytes. */
typedef struct sf_block {
  const sf_alloc *mem;
  uint32_t refs;
  uint32_t count; /* bytes, elements or members */
} sf_block;

struct sf_string {
  sf_block head;
  uint32_t hash;        /* 0: not computed yet */
  uint32_t json_length; /* 0: not measured yet (or too long to be kept) */
  char text[];          /* head.count bytes and '\0' */
};

/* What arrays and objects share. */
typedef struct sf_branch {
  sf_block head;
  union {
    size_t json_length;     /* 0: not measured yet */
    struct sf_branch *next; /* while it is being freed */
  } u;
  uint32_t capacity;
  uint16_t depth;
  bool is_object;
} sf_branch;

struct sf_array {
  sf_branch branch;
  sf_value items[];
};

typedef struct sf_member {
  sf_string *key;
  sf_value value;
} sf_member;

struct sf_object {
  sf_branch branch;
  struct sf_slot *index; /* hash index of a large object, NULL until needed */
  size_t index_size;     /* a power of two */
  sf_member members[];
};

/* Free a block whose last reference is gone. */
void sf_block_free(sf_value v);

static inline bool sf_is_block(sf_value v) {
  return v.kind >= SF_BIGNUM;
}

static inline sf_value sf_retain(sf_value v) {
  if (sf_is_block(v))
    ((sf_block *)v.u.block)->refs++;
  return v;
}

static inline void sf_release(sf_value v) {
  if (sf_is_block(v) && --((sf_block *)v.u.block)->refs == 0)
    sf_block_free(v);
}

static inline void sf_assign(sf_value *slot, sf_value v) {
  sf_value old = *slot;
  *slot = v;
  sf_release(old);
}

static inline const char *sf_string_text(sf_value v) {
  assert(v.kind == SF_STRING || v.kind == SF_BIGNUM);
  return v.u.string->text;
}

static inline size_t sf_string_length(sf_value v) {
  assert(v.kind == SF_STRING || v.kind == SF_BIGNUM);
  return v.u.string->head.count;
}

static inline size_t sf_array_count(sf_value array) {
  assert(array.kind == SF_ARRAY);
  return array.u.array->branch.head.count;
}

static inline sf_value sf_array_at(sf_value array, size_t index) {
  assert(index < sf_array_count(array));
  return array.u.array->items[index];
}

static inline const sf_value *sf_array_items(sf_value array) {
  assert(array.kind == SF_ARRAY);
  return array.u.array->items;
}

static inline size_t sf_object_count(sf_value object) {
  assert(object.kind == SF_OBJECT);
  return object.u.object->branch.head.count;
}

static inline sf_value sf_object_key_at(sf_value object, size_t index) {
  sf_value key = {{0}, SF_STRING};
  assert(index < sf_object_count(object));
  key.u.string = object.u.object->members[index].key;
  return key;
}

static inline sf_value sf_object_value_at(sf_value object, size_t index) {
  assert(index < sf_object_count(object));
  return object.u.object->members[index].value;
}

static inline unsigned sf_depth(sf_value v) {
  return v.kind >= SF_ARRAY ? ((sf_branch *)v.u.block)->depth : 0;
}

static inline const sf_alloc *sf_value_mem(sf_value v) {
  return sf_is_block(v) ? ((sf_block *)v.u.block)->mem : NULL;
}

static inline const void *sf_identity(sf_value v) {
  return sf_is_block(v) ? v.u.block : NULL;
}

static inline bool sf_is_shared(sf_value v) {
  return sf_is_block(v) && ((sf_block *)v.u.block)->refs > 1;
}

#endif
