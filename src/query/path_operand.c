/*
** path_operand.c - see path_operand.h.
*/
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "query/path_function.h"
#include "query/path_literal.h"
#include "query/path_walk.h"
#include "query/path_operand.h"

/* --- evaluating --- */

static void set_value(sf_operand *o, sf_value v) {
  o->kind = v.kind != SF_ABSENT ? OPERAND_VALUE : OPERAND_NOTHING;
  o->v = v;
}

/* The nodes as an array of their own, since e->nodes is used again. */
static sf_outcome keep_list(sf_eval *e, sf_operand *o) {
  sf_value array = sf_array_new(e->mem, o->count);
  size_t i;
  for (i = 0; i < o->count; i++)
    if (sf_array_push(&array, sf_retain(e->nodes[o->first + i])) != SF_OK) {
      sf_release(array);
      return sf_eval_nomem(e);
    }
  if (array.kind == SF_ABSENT)
    return sf_eval_nomem(e);
  e->node_count = o->first;
  set_value(o, array);
  return RUN_ON;
}

static sf_outcome eval_list(sf_eval *e, uint32_t node, sf_value v,
                            sf_operand *out) {
  sf_outcome outcome = sf_eval_nodes(e, node, v, &out->first);
  if (outcome == RUN_MISSING)
    return RUN_ON; /* NOTHING */
  if (outcome != RUN_ON)
    return outcome;
  out->kind = OPERAND_LIST;
  out->count = e->node_count - out->first;
  return RUN_ON;
}

static sf_outcome eval_single(sf_eval *e, uint32_t node, sf_value v,
                              sf_operand *out) {
  sf_value found = sf_absent();
  sf_outcome outcome = sf_eval_value(e, node, v, &found);
  if (outcome == RUN_ON)
    set_value(out, found);
  return outcome == RUN_MISSING ? RUN_ON : outcome;
}

/* A '$' query with many results gives the same for every element: it is run
** once.  Not so where every property is required, which changes the result. */
static sf_outcome eval_kept(sf_eval *e, uint32_t node, uint32_t slot,
                            sf_operand *out) {
  size_t slots = e->path->slots + (size_t)1;
  sf_outcome outcome;
  if (e->kept == NULL) {
    e->kept = sf_alloc_zero(e->mem, slots * sizeof(sf_operand));
    if (e->kept == NULL)
      return sf_eval_nomem(e);
  }
  if (e->kept[slot].kind != OPERAND_NOTHING) {
    *out = e->kept[slot];
    return RUN_ON;
  }
  outcome = eval_list(e, node, e->root, out);
  if (outcome == RUN_ON && out->kind == OPERAND_LIST)
    outcome = keep_list(e, out);
  if (outcome == RUN_ON)
    e->kept[slot] = *out;
  return outcome;
}

static sf_outcome eval_query(sf_eval *e, uint32_t node, sf_value item,
                             sf_operand *out) {
  const sf_node *n = &e->node_table[node];
  sf_value from = n->u.query.from_root ? e->root : item;
  if (n->u.query.singular) {
    set_value(out, sf_follow(e, n, from));
    return RUN_ON;
  }
  if (n->u.query.definite)
    return eval_single(e, node, from, out);
  if (n->u.query.slot != 0 && !e->required)
    return eval_kept(e, node, n->u.query.slot, out);
  return eval_list(e, node, from, out);
}

sf_outcome sf_operand_eval(sf_eval *e, uint32_t node, sf_value item,
                           sf_operand *out) {
  const sf_node *n = &e->node_table[node];
  sf_value v = sf_absent();
  sf_outcome outcome;
  out->kind = OPERAND_NOTHING;
  out->literal = false;
  out->v = out->text = sf_absent();
  out->regex = NULL;
  switch ((sf_node_kind)n->kind) {
    case NODE_LITERAL:
      out->literal = true;
      set_value(out, e->path->values[n->u.value]);
      if (n->left != 0)
        out->text = e->path->values[n->left];
      return RUN_ON;
    case NODE_REGEX:
      out->kind = OPERAND_REGEX;
      out->regex = e->path->regexes[n->u.value];
      return RUN_ON;
    case NODE_CALL:
      outcome = n->u.function->call(e, n->left, item, &v);
      if (outcome == RUN_ON)
        set_value(out, v);
      return outcome;
    default: return eval_query(e, node, item, out);
  }
}

bool sf_operand_items(const sf_eval *e, const sf_operand *o,
                      const sf_value **items, size_t *count) {
  if (o->kind == OPERAND_LIST) {
    *items = o->count > 0 ? e->nodes + o->first : NULL;
    *count = o->count;
    return true;
  }
  if (o->kind != OPERAND_VALUE || o->v.kind != SF_ARRAY)
    return false;
  *items = sf_array_items(o->v);
  *count = sf_array_count(o->v);
  return true;
}

/* --- comparing numbers with text --- */

/* "1.5e7" as BigDecimal writes it: plain when the exponent is small and not
** positive, else "1.5E+7". */
static size_t java_exponent(const char *text, size_t len, char *out) {
  const char *e = memchr(text, 'e', len);
  int exponent;
  if (e == NULL || len >= SF_NUMBER_TEXT_MAX - 2) {
    memcpy(out, text, len);
    out[len] = '\0';
    return len;
  }
  memcpy(out, text, (size_t)(e - text));
  len = (size_t)(e - text);
  sscanf(e + 1, "%d", &exponent);
  if (memchr(text, '.', len) == NULL) {
    memcpy(out + len, ".0", 2);
    len += 2;
  }
  return len + (size_t)snprintf(out + len, SF_NUMBER_TEXT_MAX - len, "E%+d",
                                exponent);
}

size_t sf_number_java_text(sf_value number, char out[SF_NUMBER_TEXT_MAX]) {
  char text[SF_DOUBLE_TEXT_MAX];
  size_t len;
  if (number.kind == SF_INTEGER)
    return (size_t)snprintf(out, SF_NUMBER_TEXT_MAX, "%lld",
                            (long long)number.u.integer);
  if (number.kind == SF_BIGNUM) {
    len = sf_string_length(number);
    len = len < SF_NUMBER_TEXT_MAX ? len : SF_NUMBER_TEXT_MAX - 1;
    memcpy(out, sf_string_text(number), len);
    out[len] = '\0';
    return len;
  }
  len = sf_double_text(number.u.number, text);
  len = java_exponent(text, len, out);
  if (memchr(out, '.', len) == NULL && len + 2 < SF_NUMBER_TEXT_MAX) {
    memcpy(out + len, ".0", 3); /* a double always has a fraction in Java */
    len += 2;
  }
  return len;
}

/* Is the text a number, and that one? */
static bool text_is_number(sf_value text, sf_value number) {
  char json[SF_NUMBER_TEXT_MAX];
  size_t n =
    sf_decimal_to_json(sf_string_text(text), sf_string_length(text), json);
  sf_value v;
  bool same;
  if (n == 0)
    return false;
  v = sf_number_parse(sf_value_mem(text), json, n);
  same = v.kind != SF_ABSENT && sf_number_compare(number, v) == 0;
  sf_release(v);
  return same;
}

static bool number_has_text(sf_value number, sf_value text) {
  char own[SF_NUMBER_TEXT_MAX];
  size_t len = sf_number_java_text(number, own);
  return len == sf_string_length(text) &&
         memcmp(own, sf_string_text(text), len) == 0;
}

bool sf_loose_equal(sf_value a, sf_value b) {
  if (a.kind == SF_STRING && sf_is_number(b))
    return number_has_text(b, a);
  if (sf_is_number(a) && b.kind == SF_STRING)
    return text_is_number(b, a);
  return sf_equal(a, b);
}
