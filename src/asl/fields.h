/*
** fields.h - the one field table: which field may stand where, in which query
** language, what its value is, its limits, and where the loader stores it.
** The loader, the validator and the builder's order of fields read it; a field
** that AWS adds tomorrow is one row.  What it does not know is refused.
*/
#ifndef SF_ASL_FIELDS_H
#define SF_ASL_FIELDS_H

#include "asl/machine.h"

/* A kind of object that has fields.  The first eight are the state types. */
typedef enum sf_place {
  SF_PLACE_TASK = SF_TASK,
  SF_PLACE_PASS = SF_PASS,
  SF_PLACE_CHOICE = SF_CHOICE,
  SF_PLACE_WAIT = SF_WAIT,
  SF_PLACE_SUCCEED = SF_SUCCEED,
  SF_PLACE_FAIL = SF_FAIL,
  SF_PLACE_PARALLEL = SF_PARALLEL,
  SF_PLACE_MAP = SF_MAP,
  SF_PLACE_MACHINE,
  SF_PLACE_BRANCH,
  SF_PLACE_PROCESSOR, /* ItemProcessor, Iterator */
  SF_PLACE_PROCESSOR_CONFIG,
  SF_PLACE_RETRIER,
  SF_PLACE_CATCHER,
  SF_PLACE_RULE,        /* an element of Choices */
  SF_PLACE_NESTED_RULE, /* inside And, Or, Not */
  SF_PLACE_READER,      /* ItemReader */
  SF_PLACE_READER_CONFIG,
  SF_PLACE_BATCHER, /* ItemBatcher */
  SF_PLACE_WRITER,  /* ResultWriter */
  SF_PLACE_WRITER_CONFIG,
  SF_PLACES
} sf_place;

#define SF_AT(place) (UINT32_C(1) << SF_PLACE_##place)

/* What the value is, and what is stored at the field's offset.  Each has its
** act in load_field.c. */
typedef enum sf_field_kind {
  SF_FIELD_TEXT,         /* string; sf_value, where it has a place */
  SF_FIELD_VERSION,      /* "1.0"; not stored */
  SF_FIELD_WORD,         /* one of 'words' (bar-separated); int, from 1 */
  SF_FIELD_SWITCH,       /* one of two words; bool, is it the second? */
  SF_FIELD_FLAG,         /* boolean; not stored */
  SF_FIELD_START,        /* name of a state; the scope's start */
  SF_FIELD_TARGET,       /* name of a state in this scope; uint32_t */
  SF_FIELD_DEFAULT,      /* the same; of l->state's choice */
  SF_FIELD_STATES,       /* object of states; not stored */
  SF_FIELD_SELECTION,    /* Path or null; sf_selection */
  SF_FIELD_RESULT_PATH,  /* Reference Path on the input or null; sf_selection */
  SF_FIELD_ITEMS_PATH,   /* Reference Path, any root, or null; sf_selection */
  SF_FIELD_TEMPLATE,     /* payload template; sf_template * */
  SF_FIELD_ASSIGN,       /* object of variables; sf_template * */
  SF_FIELD_CREDENTIALS,  /* template with a RoleArn; sf_template * */
  SF_FIELD_VALUE,        /* any JSON; sf_value */
  SF_FIELD_STATIC,       /* any JSON, Pass's Result; sf_value */
  SF_FIELD_INTEGER,      /* min..max; sf_operand */
  SF_FIELD_NUMBER,       /* min..max; sf_operand */
  SF_FIELD_SECONDS,      /* integer min..max; double */
  SF_FIELD_RATE,         /* number from min; double */
  SF_FIELD_COUNT,        /* integer min..max; uint32_t */
  SF_FIELD_OPERAND_TEXT, /* string; sf_operand */
  SF_FIELD_OPERAND_PATH, /* Reference Path; sf_operand */
  SF_FIELD_TEXT_PATH,    /* Reference Path or a call that gives a string;
                            sf_operand */
  SF_FIELD_TIMESTAMP,    /* RFC 3339; sf_wait */
  SF_FIELD_RESOURCE,     /* sf_resource */
  SF_FIELD_STORE,        /* integration of an object store, one of 'words'
                            (each between bars); sf_value */
  SF_FIELD_ITEMS,        /* array, object or expression; sf_template * */
  SF_FIELD_LABEL,        /* sf_value */
  SF_FIELD_ERRORS,       /* non-empty array of strings; sf_value */
  SF_FIELD_RETRY,        /* array of retriers; sf_state */
  SF_FIELD_CATCH,        /* array of catchers; sf_state */
  SF_FIELD_BRANCHES,     /* non-empty array of objects; not stored here */
  SF_FIELD_CHOICES,      /* non-empty array of rules; sf_state */
  SF_FIELD_OBJECT,       /* object whose fields are those of 'inner' */
  SF_FIELD_SCOPE,        /* ItemProcessor, Iterator: loaded as a scope */
  SF_FIELD_NAMES,        /* array of strings; sf_value */
  SF_FIELD_RULE_PART,    /* of a choice rule: read by load_choice.c */
  SF_FIELD_OPERATOR      /* the same; 'inner' is its place in SF_OPERATORS */
} sf_field_kind;

/* Fields of which an object may have one only. */
typedef enum sf_field_group {
  SF_GROUP_NONE,
  SF_GROUP_FLOW,
  SF_GROUP_WAIT,
  SF_GROUP_TIMEOUT,
  SF_GROUP_HEARTBEAT,
  SF_GROUP_ERROR,
  SF_GROUP_CAUSE,
  SF_GROUP_PROCESSOR,
  SF_GROUP_SELECTOR,
  SF_GROUP_CONCURRENCY,
  SF_GROUP_TOLERATED_COUNT,
  SF_GROUP_TOLERATED_PERCENTAGE,
  SF_GROUP_ITEMS,
  SF_GROUP_MAX_ITEMS,
  SF_GROUP_BATCH_ITEMS,
  SF_GROUP_BATCH_BYTES,
  SF_GROUPS
} sf_field_group;

#define SF_ONLY_JSONPATH (1u << SF_JSONPATH)
#define SF_ONLY_JSONATA  (1u << SF_JSONATA)
#define SF_EITHER        (SF_ONLY_JSONPATH | SF_ONLY_JSONATA)

#define SF_NOWHERE UINT16_MAX /* the offset of a field that is not stored */

typedef struct sf_field {
  const char *name;
  uint32_t places;   /* SF_AT() bits: where it may stand */
  uint32_t required; /* ... and where it must */
  uint8_t languages; /* SF_EITHER ... */
  bool expression;   /* in a JSONata state a "{% %}" string may stand there */
  uint8_t kind;      /* sf_field_kind */
  uint8_t group;     /* sf_field_group */
  uint16_t offset;   /* into the struct of its place; SF_NOWHERE */
  uint8_t inner;     /* SF_FIELD_OBJECT: its sf_place; SF_FIELD_OPERATOR */
  double min, max;
  const char *words;
} sf_field;

/* The rows, in the order in which the builder writes fields. */
size_t sf_field_count(void);
const sf_field *sf_field_at(size_t i);

/* A group may demand that one of its fields is there. */
bool sf_group_is_required(sf_field_group group, sf_language language);

/* Finds rows by name and place.  Lives in the loader, filled once per load.
** No ownership. */
#define SF_FIELD_BUCKETS      256
#define SF_FIELD_REQUIRED_MAX 4
typedef struct sf_field_index {
  uint16_t head[SF_FIELD_BUCKETS]; /* row + 1; 0: none */
  uint16_t next[256];
  uint8_t length[256];                                 /* of the row's name */
  uint16_t required[SF_PLACES][SF_FIELD_REQUIRED_MAX]; /* row + 1 */
  uint32_t groups[SF_PLACES]; /* bits of the groups that a place has */
} sf_field_index;

void sf_field_index_init(sf_field_index *index);

/* The row of that name in that place, or NULL: no such field. */
const sf_field *sf_field_find(const sf_field_index *index, sf_place place,
                              sf_value name);

/* The type that a name stands for, or -1. */
int sf_state_type_find(sf_value name);

#endif
