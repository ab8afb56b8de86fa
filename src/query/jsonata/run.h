/*
** run.h - one evaluation: its memory, its limits, the frames of variables, and
** what the files of the evaluator call one another.
**
** A function that can fail returns false and has set run->fault.
**
** No unbounded C recursion: every nested jn_eval counts against the limit of
** depth, and so does every other recursion over values.
*/
#ifndef SF_QUERY_JSONATA_RUN_H
#define SF_QUERY_JSONATA_RUN_H

#include "query/jsonata/compiler.h"

typedef struct jn_frame {
  struct jn_frame *outer;
  const jn_binding *bindings;
} jn_frame;

/* Arguments of a tail call while the memory they lie in is given back; short
** texts are copied, so that a loop that builds one can go on. */
#define JN_ASIDE_ARGS  8
#define JN_ASIDE_BYTES 256

typedef struct jn_aside {
  jn_value args[JN_ASIDE_ARGS];
  char bytes[JN_ASIDE_BYTES];
  size_t used;
} jn_aside;

typedef struct jn_run {
  jn_arena arena;   /* what is made on the way */
  jn_arena lasting; /* what outlives a tail call: kept values, globals */
  jn_fault *fault;
  const jn_dialect *dialect;
  const sf_jsonata_env *env;
  sf_budget *budget;
  uint32_t depth, depth_max;
  size_t sequence_max, text_max;
  jn_frame root;  /* globals and what is bound outside of blocks */
  jn_names names; /* of $eval */
  jn_kept kept;
  jn_value input; /* of the whole expression: $$ */
  jn_mark mark;   /* of the innermost loop of tail calls */
  unsigned loops; /* how many of them there are */
  bool is_pinned; /* an older frame knows newer values: no rewinding */
  jn_aside aside; /* the last member: it needs no clearing */
} jn_run;

/* --- evaluating (eval.c) --- */

bool jn_eval(jn_run *r, const jn_node *n, jn_value input, jn_frame *frame,
             jn_value *out);

/* A sequence of none is undefined, of one its element. */
jn_value jn_collapse(jn_value v, bool keep);

/* --- the kinds that have a file of their own --- */

bool jn_eval_path(jn_run *r, const jn_node *n, jn_value input, jn_frame *frame,
                  jn_value *out);
bool jn_eval_variable(jn_run *r, const jn_node *n, jn_value input,
                      jn_frame *frame, jn_value *out);
bool jn_eval_binary(jn_run *r, const jn_node *n, jn_value input,
                    jn_frame *frame, jn_value *out);
bool jn_eval_call(jn_run *r, const jn_node *n, jn_value input, jn_frame *frame,
                  jn_value *out);
bool jn_eval_partial(jn_run *r, const jn_node *n, jn_value input,
                     jn_frame *frame, jn_value *out);
bool jn_eval_apply(jn_run *r, const jn_node *n, jn_value input, jn_frame *frame,
                   jn_value *out);

/* An object of 'pairs' (a JN_MAP) from the items of 'input'. */
bool jn_eval_group(jn_run *r, const jn_node *pairs, jn_value input,
                   jn_frame *frame, jn_value *out);

/* 'input', an array, in the order of a JN_SORT. */
bool jn_eval_sort(jn_run *r, const jn_node *sort, jn_value input,
                  jn_frame *frame, jn_value *out);

/* One predicate. */
bool jn_eval_filter(jn_run *r, const jn_node *filter, jn_value input,
                    jn_frame *frame, jn_value *out);

bool jn_transform(jn_run *r, const jn_node *n, jn_frame *frame, jn_value input,
                  jn_value *out);

/* --- frames --- */

bool jn_bind(jn_run *r, jn_frame *frame, uint32_t name, jn_value v);
bool jn_lookup(jn_run *r, jn_frame *frame, const jn_node *variable,
               jn_value *out);

/* --- limits and faults --- */

bool jn_fail(jn_run *r, const char *code, jn_value value);
bool jn_fail_limit(jn_run *r, const char *message);

/* No memory, or the limit of memory. */
bool jn_fail_memory(jn_run *r);

/* An array would be longer than sequence_max. */
bool jn_fail_sequence(jn_run *r);

/* Is a text that is about to be seen no longer than text_max? */
bool jn_text_fits(jn_run *r, jn_bytes b);

static inline bool jn_step(jn_run *r, uint64_t n) {
  return sf_budget_take(r->budget, n) ||
         jn_fail_limit(r, "the limit of steps is reached");
}

/* Time that does not count as work, see sf_budget_spend. */
static inline bool jn_pass_time(jn_run *r, uint64_t n) {
  return sf_budget_spend(r->budget, n) || jn_fail_limit(r, "no time is left");
}

static inline bool jn_enter(jn_run *r) {
  return ++r->depth <= r->depth_max ||
         jn_fail_limit(r, "stack overflow: check for a function that calls "
                          "itself for ever, or make it tail-recursive");
}

static inline void jn_leave(jn_run *r) {
  r->depth--;
}

/* --- making values; false: no memory --- */

/* A new array; NULL: the fault is set. */
jn_array *jn_new_array(jn_run *r, size_t capacity, unsigned flags);
bool jn_push(jn_run *r, jn_array *array, jn_value v);
bool jn_push_all(jn_run *r, jn_array *array, jn_items items);

/* A text in the arena. */
bool jn_make_text(jn_run *r, const char *bytes, size_t length, jn_value *out);

/* Any value as an array's items: one that is no array is an array of one.
** 'room' holds that one. */
static inline jn_items jn_as_items(jn_value v, jn_value *room) {
  jn_items i;
  if (jn_is_array(v))
    return jn_items_of(v);
  *room = v;
  i.at = room;
  i.count = 1;
  return i;
}

/* b behind a, as $append has it. */
bool jn_append(jn_run *r, jn_value a, jn_value b, jn_value *out);

/* --- casts --- */

/* Does it count as true?  Undefined does not. */
bool jn_truth(jn_run *r, jn_value v, bool *out);

/* Is it a number to compute with?  Infinity is a fault: then *failed. */
bool jn_is_numeric(jn_run *r, jn_value v, bool *failed);

/* The member 'key' (a string) of an object, or of each object of an array. */
bool jn_member_of(jn_run *r, jn_value input, jn_value key, jn_value *out);

/* A value that outlives the evaluation, owned.  A function is absent, and
** infinities are null or, within a structure, what the dialect has for them. */
bool jn_export(jn_run *r, jn_value v, sf_value *out);

/* Keep 'v' (consumed; SF_ABSENT: no memory) till the evaluation ends. */
bool jn_keep(jn_run *r, sf_value v);

#endif
