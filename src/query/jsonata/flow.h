/*
** flow.h - what flows from step to step of a path: one value, or an array of them;
** most paths never make an array for a single value.  Of eval_path.c and
** eval_tuple.c alone.
*/
#ifndef SF_QUERY_JSONATA_FLOW_H
#define SF_QUERY_JSONATA_FLOW_H

#include "query/jsonata/run.h"

typedef struct jn_flow {
  jn_value v;
  bool is_single; /* 'v' is the one value; otherwise an array of values */
} jn_flow;

static inline jn_items jn_flow_items(const jn_flow *f) {
  jn_items i;
  if (!f->is_single)
    return jn_items_of(f->v);
  i.at = &f->v;
  i.count = 1;
  return i;
}

/* The array that the reference would have here. */
bool jn_flow_array(jn_run *r, const jn_flow *f, jn_value *out);

/* One step (a sort too) for every tuple of *tuples; while that is undefined,
** those of the flow's values. */
bool jn_flow_tuples(jn_run *r, const jn_node *step, const jn_flow *f,
                    jn_frame *frame, jn_value *tuples);

/* The items alone. */
bool jn_flow_of_tuples(jn_run *r, jn_value tuples, jn_flow *out);

#endif
