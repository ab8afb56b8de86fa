/*
** eval_sort.h - the stable merge sort behind ^(...) and $sort.
*/
#ifndef SF_QUERY_JSONATA_EVAL_SORT_H
#define SF_QUERY_JSONATA_EVAL_SORT_H

#include "query/jsonata/run.h"

/* The first member of what a kind of sorting needs. */
typedef struct jn_sorter {
  /* Must item a stand behind item b, which follows it?  By their positions. */
  bool (*is_after)(jn_run *r, struct jn_sorter *s, size_t a, size_t b,
                   bool *out);
} jn_sorter;

/* The items in order, as a new array with these flags. */
bool jn_sort(jn_run *r, jn_sorter *s, jn_items items, unsigned flags,
             jn_value *out);

#endif
