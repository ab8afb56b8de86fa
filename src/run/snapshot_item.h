/*
** snapshot_item.h - what of an execution outlives a feed: one row a field, one
** table a struct.  The writer, the reader and the fingerprint walk the same
** tables, so a new field is one row here.  What follows from other fields
** (places in heaps and lists, caches, sums) has none.
*/
#ifndef SF_RUN_SNAPSHOT_ITEM_H
#define SF_RUN_SNAPSHOT_ITEM_H

#include "base/pack.h"
#include "run/maprun.h"

typedef enum item_type {
  ITEM_END,    /* behind the last row of a table */
  ITEM_BYTE,   /* uint8_t or bool; at most 'most' */
  ITEM_SHORT,  /* uint16_t; the same */
  ITEM_NAME,   /* an enum; the same */
  ITEM_COUNT,  /* uint32_t */
  ITEM_BIG,    /* uint64_t */
  ITEM_TIME,   /* sf_time */
  ITEM_NUMBER, /* double */
  ITEM_STATE,  /* uint32_t: index of a state, or SF_NONE */
  ITEM_SCOPE,  /* uint32_t: the machine itself (0) or a Map's processor */
  ITEM_VALUE,  /* sf_value, or SF_ABSENT */
  ITEM_TEXT,   /* the same, of one kind only */
  ITEM_ARRAY,
  ITEM_OBJECT,
  ITEM_SECRET, /* SF_SHA256_SIZE bytes */
  ITEM_TIMER   /* timer: whether it is armed, kind, due, order */
} item_type;

/* Does it tell two situations apart?  Event and attempt ids, times, usage and
** what is known of the world do not. */
typedef enum item_part { ITEM_ASIDE, ITEM_OF_STATE } item_part;

typedef struct item {
  item_type type;
  item_part part;
  size_t offset; /* in its struct */
  uint16_t most;
} item;

extern const item sf_items_execution[]; /* sf_execution */
extern const item sf_items_redrive[];   /* the same, at the end, when it was */
extern const item sf_items_facts[];     /* sf_facts */
extern const item sf_items_special[];   /* sf_special_facts */
extern const item sf_items_frame[];     /* frame */
extern const item sf_items_group[];     /* group */
extern const item sf_items_map_run[];   /* map_run */
extern const item sf_items_child[];     /* child */
extern const item sf_items_outbox[];    /* outbox_item */
extern const item sf_items_history[];   /* history_record */

/* Where the fields go that each walk treats in its own way. */
typedef struct item_sink {
  void *ud;
  const sf_machine *machine;
  void (*value)(void *ud, sf_value v);
  void (*state)(void *ud, uint32_t index); /* or SF_NONE */
  void (*timer)(void *ud, const timer *t);
} item_sink;

/* Write the fields of 'base'; with 'aside', those too that do not tell two
** situations apart. */
void sf_items_write(const item *row, const void *base, bool aside, sf_packer *p,
                    const item_sink *sink);

#endif
