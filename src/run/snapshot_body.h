/*
** snapshot_body.h - the inside of a snapshot, without its envelope: written by
** snapshot_write.c, read by snapshot_read.c, checked by snapshot_check.c.
*/
#ifndef SF_RUN_SNAPSHOT_BODY_H
#define SF_RUN_SNAPSHOT_BODY_H

#include "base/pack.h"
#include "run/snapshot_item.h"

/* Values in the order of their fields: in a copy within one process they go
** beside the bytes, as they are. */
typedef struct kept_values {
  sf_value *items; /* each with a reference of its own */
  size_t count, capacity;
} kept_values;

/* 'kept' NULL: values go into the bytes, states by their names.  Failure shows
** in p->bytes.failed. */
void sf_body_write(const sf_execution *x, bool with_history, sf_packer *p,
                   kept_values *kept);

/* Fill a blank execution (sf_execution_blank), taking the values out of 'kept'.
** u->status tells how it went; 'x' must be freed in any case. */
void sf_body_read(sf_execution *x, sf_unpacker *u, kept_values *kept);

/* Could the engine have come here?  Only then may 'x' be fed: the engine trusts
** its own state. */
bool sf_body_is_sound(const sf_execution *x);

#endif
