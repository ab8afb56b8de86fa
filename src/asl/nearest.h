/*
** nearest.h - which of some names is the one that was meant?  By edit distance
** (letters added, left out, changed, two swapped), upper and lower case being
** the same.  No memory, no fault: at worst nothing is near.
*/
#ifndef SF_ASL_NEAREST_H
#define SF_ASL_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

#define SF_NEAREST_BYTES_MAX 80  /* longer names are not compared */
#define SF_NEAREST_NAMES_MAX 500 /* names past this number are not looked at */

/* A search; all texts are borrowed as long as it goes on. */
typedef struct sf_nearest {
  const char *wanted;
  size_t wanted_length;
  const char *name; /* the nearest so far, or NULL */
  size_t length;
  unsigned distance, tried;
} sf_nearest;

void sf_nearest_init(sf_nearest *n, const char *wanted, size_t length);

/* Look at one more name.  One that is further away than a third of its letters
** is not near. */
void sf_nearest_try(sf_nearest *n, const char *name, size_t length);

#endif
