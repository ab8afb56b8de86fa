/*
** path_function_aws.c - the functions that stand at the end of AWS's paths.
*/
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "query/path_function.h"
#include "query/path_operand.h"

/* --- AWS: arguments --- */

/* An argument is a literal or a query on the document; a definite one that
** finds nothing fails. */
static sf_outcome eval_argument(sf_eval *e, uint32_t arg, sf_operand *o) {
  const sf_node *n = &e->node_table[arg];
  sf_outcome outcome;
  if (n->kind != NODE_QUERY)
    return sf_operand_eval(e, arg, e->root, o);
  memset(o, 0, sizeof *o);
  if (n->u.query.definite) {
    o->kind = OPERAND_VALUE;
    return sf_eval_value(e, arg, e->root, &o->v);
  }
  outcome = sf_eval_nodes(e, arg, e->root, &o->first);
  o->kind = OPERAND_LIST;
  o->count = e->node_count - o->first;
  return outcome;
}

typedef sf_outcome visitor(sf_eval *e, void *state, sf_value item);

/* Visit the argument, or its elements when it is a list. */
static sf_outcome visit_argument(sf_eval *e, uint32_t arg, visitor *visit,
                                 void *state) {
  sf_operand o;
  const sf_value *items;
  size_t i, count, mark = e->node_count;
  sf_outcome out = eval_argument(e, arg, &o);
  if (out == RUN_ON && !sf_operand_items(e, &o, &items, &count))
    out = visit(e, state, o.v);
  else if (out == RUN_ON)
    for (i = 0; i < count && out == RUN_ON; i++)
      out = visit(e, state, items[i]);
  e->node_count = mark;
  return out;
}

static sf_outcome visit_arguments(sf_eval *e, uint32_t arg, visitor *visit,
                                  void *state) {
  sf_outcome out = RUN_ON;
  for (; arg != 0 && out == RUN_ON; arg = e->node_table[arg].right)
    out = visit_argument(e, arg, visit, state);
  return out;
}

static sf_outcome visit_array(sf_eval *e, sf_value v, visitor *visit,
                              void *state) {
  size_t i, count;
  sf_outcome out = RUN_ON;
  if (v.kind != SF_ARRAY)
    return RUN_ON;
  count = sf_array_count(v);
  out = sf_eval_work(e, count);
  for (i = 0; i < count && out == RUN_ON; i++)
    out = visit(e, state, sf_array_at(v, i));
  return out;
}

static sf_outcome cannot(sf_eval *e, const char *name, const char *why) {
  sf_error_set(e->err, SF_ERR_EVALUATE, "%s() %s", name, why);
  return RUN_FAILED;
}

/* --- AWS: numbers --- */

typedef struct totals {
  double sum, squares, min, max;
  double count;
} totals;

static sf_outcome add_number(sf_eval *e, void *state, sf_value item) {
  totals *t = state;
  double d;
  (void)e;
  if (!sf_is_number(item))
    return RUN_ON;
  d = sf_to_double(item);
  t->sum += d;
  t->squares += d * d;
  t->min = d < t->min ? d : t->min;
  t->max = d > t->max ? d : t->max;
  t->count++;
  return RUN_ON;
}

static double min_of(const totals *t) {
  return t->min;
}

static double max_of(const totals *t) {
  return t->max;
}

static double sum_of(const totals *t) {
  return t->sum;
}

static double avg_of(const totals *t) {
  return t->sum / t->count;
}

static double stddev_of(const totals *t) {
  return sqrt(t->squares / t->count - t->sum * t->sum / t->count / t->count);
}

static sf_outcome aggregate(sf_eval *e, const sf_function *f, uint32_t args,
                            sf_value v, double (*result)(const totals *),
                            sf_value *out) {
  /* As in Java: the least double above 0 is where max() begins. */
  totals t = {0, 0, 1.7976931348623157e308, 4.9406564584124654e-324, 0};
  sf_outcome outcome = visit_array(e, v, add_number, &t);
  if (outcome == RUN_ON)
    outcome = visit_arguments(e, args, add_number, &t);
  if (outcome != RUN_ON)
    return outcome;
  if (t.count == 0)
    return cannot(e, f->name, "found no number to work on");
  *out = sf_number(result(&t));
  if (out->kind == SF_ABSENT)
    return cannot(e, f->name, "gives no finite number");
  return RUN_ON;
}

sf_outcome sf_aws_min(sf_eval *e, const sf_function *f, uint32_t args,
                      sf_value v, sf_value *out) {
  return aggregate(e, f, args, v, min_of, out);
}

sf_outcome sf_aws_max(sf_eval *e, const sf_function *f, uint32_t args,
                      sf_value v, sf_value *out) {
  return aggregate(e, f, args, v, max_of, out);
}

sf_outcome sf_aws_sum(sf_eval *e, const sf_function *f, uint32_t args,
                      sf_value v, sf_value *out) {
  return aggregate(e, f, args, v, sum_of, out);
}

sf_outcome sf_aws_avg(sf_eval *e, const sf_function *f, uint32_t args,
                      sf_value v, sf_value *out) {
  return aggregate(e, f, args, v, avg_of, out);
}

sf_outcome sf_aws_stddev(sf_eval *e, const sf_function *f, uint32_t args,
                         sf_value v, sf_value *out) {
  return aggregate(e, f, args, v, stddev_of, out);
}

/* --- AWS: sizes --- */

static sf_value size_of(sf_value v) {
  if (v.kind == SF_ARRAY)
    return sf_integer((int64_t)sf_array_count(v));
  if (v.kind == SF_OBJECT)
    return sf_integer((int64_t)sf_object_count(v));
  return sf_null();
}

/* The children of all hits together, and the last of them. */
static size_t count_children(const sf_eval *e, size_t first, sf_value *last) {
  size_t i, total = 0;
  for (i = first; i < e->node_count; i++) {
    sf_value hit = e->nodes[i];
    size_t count = hit.kind == SF_ARRAY    ? sf_array_count(hit)
                   : hit.kind == SF_OBJECT ? sf_object_count(hit)
                                           : 0;
    if (count > 0)
      *last = hit.kind == SF_ARRAY ? sf_array_at(hit, count - 1)
                                   : sf_object_value_at(hit, count - 1);
    total += count;
  }
  return total;
}

/* length($.a) asks for the children of what its argument finds: for a query of
** many their number, else the size of the last child or, if that is no array,
** of what the function was called on. */
static sf_outcome length_of_query(sf_eval *e, uint32_t arg, sf_value v,
                                  sf_value *out) {
  const sf_node *n = &e->node_table[arg];
  sf_value last = sf_absent();
  size_t first, total;
  sf_outcome outcome = sf_eval_nodes(e, arg, v, &first);
  if (outcome != RUN_ON)
    return outcome;
  if (n->u.query.is_call || n->u.query.first == 0) {
    last = e->node_count > first ? e->nodes[e->node_count - 1] : sf_absent();
    total = e->node_count - first;
  } else
    total = count_children(e, first, &last);
  e->node_count = first;
  if (!n->u.query.definite)
    *out = sf_integer((int64_t)total);
  else if (total == 0) {
    outcome = sf_eval_missing(e, FAULT_NOTHING, NULL, v);
    e->fault_query = n;
  } else
    *out = last.kind == SF_ARRAY ? size_of(last) : size_of(v);
  return outcome;
}

sf_outcome sf_aws_length(sf_eval *e, const sf_function *f, uint32_t args,
                         sf_value v, sf_value *out) {
  sf_operand o;
  size_t mark = e->node_count;
  sf_outcome outcome;
  if (args == 0) {
    *out = size_of(v);
    return RUN_ON;
  }
  if (e->node_table[args].kind != NODE_QUERY)
    return cannot(e, f->name, "takes a path");
  outcome = eval_argument(e, args, &o);
  e->node_count = mark;
  return outcome == RUN_ON ? length_of_query(e, args, v, out) : outcome;
}

sf_outcome sf_aws_keys(sf_eval *e, const sf_function *f, uint32_t args,
                       sf_value v, sf_value *out) {
  size_t i, count;
  (void)f;
  (void)args;
  *out = sf_null();
  if (v.kind != SF_OBJECT)
    return RUN_ON;
  count = sf_object_count(v);
  *out = sf_array_new(e->mem, count);
  for (i = 0; i < count; i++)
    if (sf_array_push(out, sf_retain(sf_object_key_at(v, i))) != SF_OK) {
      sf_release(*out);
      return sf_eval_nomem(e);
    }
  if (sf_eval_keep(e, *out) != RUN_ON)
    return RUN_FAILED;
  return sf_eval_work(e, count);
}

/* --- AWS: texts --- */

static sf_outcome add_text(sf_eval *e, void *state, sf_value item) {
  sf_buffer *b = state;
  char number[SF_NUMBER_TEXT_MAX];
  if (item.kind == SF_STRING)
    sf_buffer_add(b, sf_string_text(item), sf_string_length(item));
  else if (sf_is_number(item))
    sf_buffer_add(b, number, sf_number_java_text(item, number));
  else if (item.kind > SF_NULL)
    sf_json_write(item, b);
  return sf_eval_work(e, 1 + (b->length >> 6));
}

static sf_outcome add_if_text(sf_eval *e, void *state, sf_value item) {
  return item.kind == SF_STRING ? add_text(e, state, item) : RUN_ON;
}

sf_outcome sf_aws_concat(sf_eval *e, const sf_function *f, uint32_t args,
                         sf_value v, sf_value *out) {
  sf_buffer b;
  sf_outcome outcome;
  (void)f;
  sf_buffer_init(&b, e->mem);
  outcome = visit_array(e, v, add_if_text, &b);
  if (outcome == RUN_ON)
    outcome = visit_arguments(e, args, add_text, &b);
  if (outcome != RUN_ON) {
    sf_buffer_clear(&b);
    return outcome;
  }
  *out = sf_buffer_string(&b);
  return sf_eval_keep(e, *out);
}

/* --- AWS: elements --- */

/* An array with the arguments at its end; anything else stays what it is. */
sf_outcome sf_aws_append(sf_eval *e, const sf_function *f, uint32_t args,
                         sf_value v, sf_value *out) {
  sf_value array = sf_retain(v);
  sf_outcome outcome = RUN_ON;
  (void)f;
  *out = v;
  for (; args != 0 && v.kind == SF_ARRAY && outcome == RUN_ON;
       args = e->node_table[args].right) {
    sf_operand o;
    size_t mark = e->node_count;
    outcome = eval_argument(e, args, &o);
    if (outcome == RUN_ON)
      outcome = sf_eval_work(e, 1);
    if (outcome == RUN_ON && o.kind == OPERAND_LIST)
      outcome = cannot(e, "append", "takes definite paths");
    if (outcome == RUN_ON && sf_array_push(&array, sf_retain(o.v)) != SF_OK)
      outcome = sf_eval_nomem(e);
    e->node_count = mark;
  }
  if (outcome == RUN_ON && array.u.block != v.u.block) {
    *out = array;
    outcome = sf_eval_keep(e, array);
    return outcome == RUN_ON ? sf_eval_work(e, sf_array_count(array)) : outcome;
  }
  sf_release(array);
  return outcome;
}

/* Element 'i'.  A negative index never reaches element 0: that is how Jayway
** counts. */
static sf_outcome element_at(sf_eval *e, const sf_function *f, sf_value v,
                             int64_t i, sf_value *out) {
  int64_t count;
  if (v.kind != SF_ARRAY)
    return cannot(e, f->name, "wants an array");
  count = (int64_t)sf_array_count(v);
  if (i < 0 && (i += count) <= 0)
    return cannot(e, f->name, "has an index beyond the array");
  if (i >= count)
    return RUN_RANGE;
  *out = sf_array_at(v, (size_t)i);
  return RUN_ON;
}

sf_outcome sf_aws_first(sf_eval *e, const sf_function *f, uint32_t args,
                        sf_value v, sf_value *out) {
  (void)args;
  return element_at(e, f, v, 0, out);
}

sf_outcome sf_aws_last(sf_eval *e, const sf_function *f, uint32_t args,
                       sf_value v, sf_value *out) {
  (void)args;
  return element_at(e, f, v, -1, out);
}

static sf_outcome keep_number(sf_eval *e, void *state, sf_value item) {
  sf_value *number = state;
  (void)e;
  if (number->kind == SF_ABSENT && sf_is_number(item))
    *number = item;
  return RUN_ON;
}

sf_outcome sf_aws_index(sf_eval *e, const sf_function *f, uint32_t args,
                        sf_value v, sf_value *out) {
  sf_value number = sf_absent();
  double at;
  sf_outcome outcome = visit_arguments(e, args, keep_number, &number);
  if (outcome != RUN_ON)
    return outcome;
  if (number.kind == SF_ABSENT)
    return cannot(e, f->name, "wants a number");
  at = sf_to_double(number);
  if (!(at > -2147483649.0 && at < 2147483648.0))
    return cannot(e, f->name, "has an index beyond the array");
  return element_at(e, f, v, (int64_t)at, out);
}
