/*
** eval_operator.c - the binary operators.
*/
#include <math.h>

#include "query/jsonata/run.h"
#include "query/jsonata/text.h"

#define RANGE_MAX 10000000

/* --- arithmetic --- */

static bool operands(jn_run *r, jn_value a, jn_value b, bool *undefined) {
  bool failed = false;
  if (!jn_is_undefined(a) && !jn_is_numeric(r, a, &failed))
    return !failed && jn_fail(r, "T2001", a);
  if (!jn_is_undefined(b) && !jn_is_numeric(r, b, &failed))
    return !failed && jn_fail(r, "T2002", b);
  *undefined = jn_is_undefined(a) || jn_is_undefined(b);
  return true;
}

static double compute(jn_op op, double a, double b) {
  switch (op) {
    case JN_OP_ADD: return a + b;
    case JN_OP_SUBTRACT: return a - b;
    case JN_OP_MULTIPLY: return a * b;
    case JN_OP_DIVIDE: return a / b;
    default: return fmod(a, b);
  }
}

static bool arithmetic(jn_run *r, jn_op op, jn_value a, jn_value b,
                       jn_value *out) {
  bool undefined = false;
  if (!operands(r, a, b, &undefined))
    return false;
  *out = undefined ? jn_undefined()
                   : jn_number(compute(op, jn_double(a), jn_double(b)));
  return true;
}

/* --- comparing --- */

static bool is_comparable(jn_value v) {
  return jn_is_undefined(v) || jn_is_number(v) || jn_is_string(v);
}

static bool holds(jn_op op, int order) {
  switch (op) {
    case JN_OP_LESS: return order < 0;
    case JN_OP_LESS_EQUAL: return order <= 0;
    case JN_OP_GREATER: return order > 0;
    default: return order >= 0;
  }
}

static bool compare(jn_run *r, jn_op op, jn_value a, jn_value b,
                    jn_value *out) {
  *out = jn_undefined();
  if (!is_comparable(a) || !is_comparable(b))
    return jn_fail(r, "T2010", jn_is_undefined(a) || !is_comparable(a) ? a : b);
  if (jn_is_undefined(a) || jn_is_undefined(b))
    return true;
  if (jn_is_number(a) != jn_is_number(b)) {
    r->fault->value2 = b;
    return jn_fail(r, "T2009", a);
  }
  if (jn_is_string(a))
    *out =
      sf_boolean(holds(op, jn_bytes_compare(jn_bytes_of(a), jn_bytes_of(b))));
  else
    *out = sf_boolean(!isnan(jn_double(a)) && !isnan(jn_double(b)) &&
                      holds(op, jn_number_compare(a, b)));
  return true;
}

static bool equality(jn_run *r, jn_op op, jn_value a, jn_value b,
                     jn_value *out) {
  bool defined = !jn_is_undefined(a) && !jn_is_undefined(b);
  *out = sf_boolean(defined && jn_equal(&r->arena, a, b, SF_DEPTH_MAX,
                                        r->budget) == (op == JN_OP_EQUAL));
  return jn_step(r, 1);
}

/* Equal as scalars are, or the very same thing. */
static bool is_same(jn_run *r, jn_value a, jn_value b) {
  if (jn_is_array(a) || jn_is_object(a) || jn_is_function(a))
    return a.kind == b.kind && a.u.block == b.u.block;
  return !jn_is_array(b) && !jn_is_object(b) &&
         jn_equal(&r->arena, a, b, 1, r->budget);
}

static bool included(jn_run *r, jn_value a, jn_value b, jn_value *out) {
  jn_value room;
  jn_items items = jn_as_items(b, &room);
  size_t i;
  bool found = false;
  if (jn_is_undefined(a) || jn_is_undefined(b)) {
    *out = sf_boolean(false);
    return true;
  }
  if (!jn_step(r, items.count))
    return false;
  for (i = 0; i < items.count && !found; i++)
    found = is_same(r, a, items.at[i]);
  *out = sf_boolean(found);
  return true;
}

/* --- ranges --- */

static bool is_whole(jn_value v) {
  double d = jn_is_number(v) ? jn_double(v) : NAN;
  return isfinite(d) && floor(d) == d;
}

static bool range(jn_run *r, jn_value a, jn_value b, jn_value *out) {
  double from, size, i;
  jn_array *all;
  *out = jn_undefined();
  if (!jn_is_undefined(a) && !is_whole(a))
    return jn_fail(r, "T2003", a);
  if (!jn_is_undefined(b) && !is_whole(b))
    return jn_fail(r, "T2004", b);
  if (jn_is_undefined(a) || jn_is_undefined(b) || jn_double(a) > jn_double(b))
    return true;
  from = jn_double(a);
  size = jn_double(b) - from + 1;
  if (size > RANGE_MAX)
    return jn_fail(r, "D2014", jn_number(size));
  if (size > (double)r->sequence_max)
    return jn_fail_sequence(r);
  if (!jn_step(r, (uint64_t)size / 4))
    return false;
  all = jn_new_array(r, (size_t)size, JN_SEQUENCE);
  if (all == NULL)
    return false;
  for (i = 0; i < size; i++)
    all->items[all->count++] = jn_number(from + i);
  *out = jn_array_value(all);
  return true;
}

/* --- the dispatch --- */

static bool concat(jn_run *r, jn_value a, jn_value b, jn_value *out) {
  jn_bytes y;
  if (jn_is_undefined(a))
    a = jn_text_borrow(&r->arena, "", 0);
  else if (!jn_to_string(r, a, false, &a))
    return false;
  if (jn_is_undefined(a))
    return jn_fail_memory(r);
  if (!jn_string_bytes(r, b, &y))
    return false;
  if (jn_bytes_of(a).length + y.length > SF_LENGTH_MAX)
    return jn_fail_limit(r, "a string is too long");
  *out = jn_text_join(&r->arena, a, y);
  if (jn_is_undefined(*out))
    return jn_fail_memory(r);
  return jn_step(r, y.length / 64) && jn_text_fits(r, jn_bytes_of(*out));
}

static bool operate(jn_run *r, jn_op op, jn_value a, jn_value b,
                    jn_value *out) {
  switch (op) {
    case JN_OP_EQUAL:
    case JN_OP_UNEQUAL: return equality(r, op, a, b, out);
    case JN_OP_LESS:
    case JN_OP_LESS_EQUAL:
    case JN_OP_GREATER:
    case JN_OP_GREATER_EQUAL: return compare(r, op, a, b, out);
    case JN_OP_CONCAT: return concat(r, a, b, out);
    case JN_OP_IN: return included(r, a, b, out);
    case JN_OP_RANGE: return range(r, a, b, out);
    default: return arithmetic(r, op, a, b, out);
  }
}

/* The fault is this operator's, wherever it came from. */
static bool blame(jn_run *r, const jn_node *n) {
  const char *text = jn_op_text((jn_op)n->op);
  if (r->fault->status != SF_ERR_EVALUATE)
    return false;
  r->fault->position = n->position;
  r->fault->token = jn_text_borrow(&r->lasting, text, strlen(text));
  return false;
}

static bool eval_logic(jn_run *r, const jn_node *n, jn_value a, jn_value input,
                       jn_frame *frame, jn_value *out) {
  bool truth;
  jn_value b;
  if (!jn_truth(r, a, &truth))
    return blame(r, n);
  if (truth == (n->op == JN_OP_AND) &&
      (!jn_eval(r, n->b, input, frame, &b) || !jn_truth(r, b, &truth)))
    return blame(r, n);
  *out = sf_boolean(truth);
  return true;
}

bool jn_eval_binary(jn_run *r, const jn_node *n, jn_value input,
                    jn_frame *frame, jn_value *out) {
  jn_value a, b;
  if (!jn_eval(r, n->a, input, frame, &a))
    return false;
  if (n->op == JN_OP_AND || n->op == JN_OP_OR)
    return eval_logic(r, n, a, input, frame, out);
  if (!jn_eval(r, n->b, input, frame, &b))
    return false;
  return operate(r, (jn_op)n->op, a, b, out) || blame(r, n);
}
