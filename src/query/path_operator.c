/*
** path_operator.c - the comparison operators of filters.  A new one is a row of
** the tables.
*/
#include <string.h>

#include "query/path_operand.h"
#include "query/path_operator.h"

/* What comparing a value may cost beyond one step. */
static size_t weight(sf_value v) {
  if (v.kind == SF_STRING)
    return sf_string_length(v) / 64;
  return v.kind >= SF_ARRAY ? sf_json_length(v) / 16 : 0;
}

size_t sf_operator_weight(const sf_operand *l, const sf_operand *r) {
  size_t a, b;
  if (l->v.kind < SF_STRING || r->v.kind < SF_STRING)
    return 0;
  a = weight(l->v);
  b = weight(r->v);
  return a < b ? a : b;
}

/* --- comparisons of RFC 9535 (section 2.3.5.2.2) --- */

/* A query that finds nothing equals one that finds nothing. */
static bool strictly_equal(const sf_operand *l, const sf_operand *r) {
  if (l->kind == OPERAND_NOTHING || r->kind == OPERAND_NOTHING)
    return l->kind == r->kind;
  if (l->v.kind == SF_INTEGER && r->v.kind == SF_INTEGER)
    return l->v.u.integer == r->v.u.integer;
  return sf_equal(l->v, r->v);
}

/* Only two numbers or two texts have an order: < 0, 0, > 0; UNORDERED. */
#define UNORDERED 2

static int order_of(const sf_operand *l, const sf_operand *r) {
  int order;
  if (l->v.kind == SF_INTEGER && r->v.kind == SF_INTEGER)
    return (l->v.u.integer > r->v.u.integer) -
           (l->v.u.integer < r->v.u.integer);
  if (sf_is_number(l->v) && sf_is_number(r->v))
    order = sf_number_compare(l->v, r->v);
  else if (l->v.kind == SF_STRING && r->v.kind == SF_STRING)
    order = sf_string_compare(l->v, r->v);
  else
    return UNORDERED;
  return (order > 0) - (order < 0);
}

static sf_outcome rfc_eq(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  (void)e;
  *yes = strictly_equal(l, r);
  return RUN_ON;
}

static sf_outcome rfc_ne(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  (void)e;
  *yes = !strictly_equal(l, r);
  return RUN_ON;
}

static sf_outcome any_lt(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  (void)e;
  *yes = order_of(l, r) == -1;
  return RUN_ON;
}

static sf_outcome any_gt(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  (void)e;
  *yes = order_of(l, r) == 1;
  return RUN_ON;
}

static sf_outcome rfc_le(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  int order = order_of(l, r);
  (void)e;
  *yes = order == UNORDERED ? strictly_equal(l, r) : order <= 0;
  return RUN_ON;
}

static sf_outcome rfc_ge(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  int order = order_of(l, r);
  (void)e;
  *yes = order == UNORDERED ? strictly_equal(l, r) : order >= 0;
  return RUN_ON;
}

const sf_operator sf_rfc_operators[] = {
  {"==", NULL, false, false, rfc_eq}, {"!=", NULL, false, false, rfc_ne},
  {"<=", NULL, false, false, rfc_le}, {">=", NULL, false, false, rfc_ge},
  {"<", NULL, false, false, any_lt},  {">", NULL, false, false, any_gt},
  {NULL, NULL, false, false, NULL}};

/* --- comparisons of AWS --- */

/* An array, an object or a list of nodes: Jayway's JSON nodes. */
static bool is_json(const sf_operand *o) {
  return o->kind == OPERAND_LIST ||
         (o->kind == OPERAND_VALUE && o->v.kind >= SF_ARRAY);
}

/* Do both lists have equal elements? */
static bool same_items(const sf_eval *e, const sf_operand *l,
                       const sf_operand *r) {
  const sf_value *a, *b;
  size_t i, n, m;
  if (!sf_operand_items(e, l, &a, &n) || !sf_operand_items(e, r, &b, &m) ||
      n != m)
    return false;
  for (i = 0; i < n; i++)
    if (!sf_equal(a[i], b[i]))
      return false;
  return true;
}

static bool loosely_equal(const sf_eval *e, const sf_operand *l,
                          const sf_operand *r) {
  if (l->kind == OPERAND_LIST || r->kind == OPERAND_LIST)
    return same_items(e, l, r);
  if (l->kind != OPERAND_VALUE || r->kind != OPERAND_VALUE)
    return false;
  if (l->literal && is_json(l))
    return false; /* Jayway compares the literal's text */
  if (l->v.kind == SF_STRING && r->text.kind == SF_STRING)
    return sf_equal(l->v, r->text);
  return sf_loose_equal(l->v, r->v);
}

static sf_outcome aws_eq(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  *yes = loosely_equal(e, l, r);
  return RUN_ON;
}

static sf_outcome aws_ne(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  *yes = !loosely_equal(e, l, r);
  return RUN_ON;
}

static bool same_type(const sf_operand *l, const sf_operand *r) {
  if (is_json(l) || is_json(r))
    return is_json(l) && is_json(r);
  return l->kind == r->kind &&
         (l->v.kind == r->v.kind || (sf_is_number(l->v) && sf_is_number(r->v)));
}

static sf_outcome aws_same(sf_eval *e, const sf_operand *l, const sf_operand *r,
                           bool *yes) {
  *yes = same_type(l, r) && loosely_equal(e, l, r);
  return RUN_ON;
}

static sf_outcome aws_not_same(sf_eval *e, const sf_operand *l,
                               const sf_operand *r, bool *yes) {
  *yes = !(same_type(l, r) && loosely_equal(e, l, r));
  return RUN_ON;
}

static sf_outcome aws_le(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  (void)e;
  *yes = order_of(l, r) <= 0;
  return RUN_ON;
}

static sf_outcome aws_ge(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  int order = order_of(l, r);
  (void)e;
  *yes = order == 0 || order == 1;
  return RUN_ON;
}

/* --- lists --- */

/* Jayway's lists are of scalars: it fails on others. */
static sf_outcome check_scalars(sf_eval *e, const sf_value *items,
                                size_t count) {
  size_t i;
  for (i = 0; i < count; i++)
    if (items[i].kind >= SF_ARRAY) {
      sf_error_set(e->err, SF_ERR_EVALUATE,
                   "a list that is searched by a filter may hold scalars only");
      return RUN_FAILED;
    }
  return sf_eval_work(e, count);
}

/* The elements of a list.  An object is no list: *is_list is false; anything
** else refuses the element. */
static sf_outcome list_of(sf_eval *e, const sf_operand *o,
                          const sf_value **items, size_t *count,
                          bool *is_list) {
  *is_list = sf_operand_items(e, o, items, count);
  if (*is_list)
    return check_scalars(e, *items, *count);
  return is_json(o) ? RUN_ON : RUN_REFUSED;
}

static bool contains(const sf_value *items, size_t count, sf_value v) {
  size_t i;
  for (i = 0; i < count; i++)
    if (sf_loose_equal(v, items[i]))
      return true;
  return false;
}

static sf_outcome aws_in(sf_eval *e, const sf_operand *l, const sf_operand *r,
                         bool *yes) {
  const sf_value *items;
  size_t count;
  bool is_list;
  sf_outcome out = list_of(e, r, &items, &count, &is_list);
  *yes = false;
  if (out != RUN_ON || !is_list)
    return out;
  *yes = l->kind == OPERAND_VALUE && contains(items, count, l->v);
  return sf_eval_work(e, count * (1 + weight(l->v)));
}

static sf_outcome aws_nin(sf_eval *e, const sf_operand *l, const sf_operand *r,
                          bool *yes) {
  sf_outcome out = aws_in(e, l, r, yes);
  *yes = !*yes;
  return out;
}

static sf_outcome aws_contains(sf_eval *e, const sf_operand *l,
                               const sf_operand *r, bool *yes) {
  const sf_value *items;
  size_t count, i, len, part;
  *yes = false;
  if (sf_operand_items(e, l, &items, &count)) {
    if (check_scalars(e, items, count) != RUN_ON)
      return RUN_FAILED;
    *yes = r->kind == OPERAND_VALUE && contains(items, count, r->v);
    return sf_eval_work(e, count * (1 + weight(r->v)));
  }
  if (l->kind != OPERAND_VALUE || l->v.kind != SF_STRING ||
      r->kind != OPERAND_VALUE || r->v.kind != SF_STRING)
    return RUN_ON;
  len = sf_string_length(l->v);
  part = sf_string_length(r->v);
  for (i = 0; i + part <= len && !*yes; i++)
    *yes = memcmp(sf_string_text(l->v) + i, sf_string_text(r->v), part) == 0;
  return sf_eval_work(e, len / 16);
}

typedef struct list_pair {
  const sf_value *left, *right;
  size_t left_count, right_count;
  bool lists;
} list_pair;

/* Both sides as lists; the right one is looked at first. */
static sf_outcome lists_of(sf_eval *e, const sf_operand *l, const sf_operand *r,
                           list_pair *p) {
  sf_outcome out = list_of(e, r, &p->right, &p->right_count, &p->lists);
  if (out == RUN_ON && p->lists)
    out = list_of(e, l, &p->left, &p->left_count, &p->lists);
  if (out != RUN_ON || !p->lists)
    return out;
  return sf_eval_work(e, p->left_count * p->right_count);
}

/* How many elements of the left list are in the right one. */
static size_t count_common(const list_pair *p) {
  size_t i, n = 0;
  for (i = 0; i < p->left_count; i++)
    n += contains(p->right, p->right_count, p->left[i]);
  return n;
}

static sf_outcome aws_subsetof(sf_eval *e, const sf_operand *l,
                               const sf_operand *r, bool *yes) {
  list_pair p;
  sf_outcome out = lists_of(e, l, r, &p);
  *yes = out == RUN_ON && p.lists && count_common(&p) == p.left_count;
  return out;
}

static sf_outcome aws_anyof(sf_eval *e, const sf_operand *l,
                            const sf_operand *r, bool *yes) {
  list_pair p;
  sf_outcome out = lists_of(e, l, r, &p);
  *yes = out == RUN_ON && p.lists && count_common(&p) > 0;
  return out;
}

static sf_outcome aws_noneof(sf_eval *e, const sf_operand *l,
                             const sf_operand *r, bool *yes) {
  list_pair p;
  sf_outcome out = lists_of(e, l, r, &p);
  *yes = out == RUN_ON && p.lists && count_common(&p) == 0;
  return out;
}

/* Jayway has these, but no text can give them an operand they take. */
static sf_outcome aws_refuse(sf_eval *e, const sf_operand *l,
                             const sf_operand *r, bool *yes) {
  (void)e;
  (void)l;
  (void)r;
  *yes = false;
  return RUN_REFUSED;
}

/* --- sizes --- */

/* UTF-16 units, as Java counts. */
static int64_t text_units(sf_value text) {
  const char *bytes = sf_string_text(text);
  size_t i, len = sf_string_length(text);
  int64_t n = 0;
  for (i = 0; i < len; i++) {
    unsigned char c = (unsigned char)bytes[i];
    n += (c & 0xC0) != 0x80; /* begins a character */
    n += c >= 0xF0;          /* which needs two units */
  }
  return n;
}

/* -1: an object; -2: nothing that has a size. */
static int64_t size_of(const sf_eval *e, const sf_operand *o) {
  const sf_value *items;
  size_t count;
  if (sf_operand_items(e, o, &items, &count))
    return (int64_t)count;
  if (o->kind != OPERAND_VALUE)
    return -2;
  if (o->v.kind == SF_STRING)
    return text_units(o->v);
  return o->v.kind == SF_OBJECT ? -1 : -2;
}

static sf_outcome aws_size(sf_eval *e, const sf_operand *l, const sf_operand *r,
                           bool *yes) {
  double want;
  int64_t size = size_of(e, l);
  *yes = false;
  if (r->kind != OPERAND_VALUE || !sf_is_number(r->v) || size == -2)
    return RUN_ON;
  want = sf_to_double(r->v);
  *yes = want > -2147483649.0 && want < 2147483648.0 && (int64_t)want == size;
  return RUN_ON;
}

static sf_outcome aws_empty(sf_eval *e, const sf_operand *l,
                            const sf_operand *r, bool *yes) {
  int64_t size = size_of(e, l);
  *yes = false;
  if (size == -1) {
    sf_error_set(e->err, SF_ERR_EVALUATE,
                 "'empty' can't be asked of an object");
    return RUN_FAILED;
  }
  if (size == -2)
    return RUN_ON;
  if (r->kind != OPERAND_VALUE || r->v.kind != SF_BOOLEAN)
    return RUN_REFUSED;
  *yes = (size == 0) == r->v.u.boolean;
  return RUN_ON;
}

/* --- regular expressions --- */

/* Objects, null and what is not there count as the empty text. */
static sf_outcome match_value(sf_eval *e, sf_regex *regex, sf_value v,
                              bool *yes) {
  char number[SF_NUMBER_TEXT_MAX];
  const char *text = "";
  size_t len = 0;
  if (v.kind == SF_STRING) {
    text = sf_string_text(v);
    len = sf_string_length(v);
  } else if (sf_is_number(v)) {
    text = number;
    len = sf_number_java_text(v, number);
  } else if (v.kind == SF_BOOLEAN) {
    text = v.u.boolean ? "true" : "false";
    len = strlen(text);
  }
  return sf_regex_test(regex, text, len, e->budget, yes, e->err) == SF_OK
           ? RUN_ON
           : RUN_FAILED;
}

static sf_outcome aws_regex(sf_eval *e, const sf_operand *l,
                            const sf_operand *r, bool *yes) {
  bool left = l->kind == OPERAND_REGEX;
  const sf_operand *text = left ? r : l;
  sf_regex *regex = left ? l->regex : r->regex;
  const sf_value *items;
  size_t i, count;
  sf_outcome out = RUN_ON;
  *yes = false;
  if (left == (r->kind == OPERAND_REGEX))
    return RUN_ON;
  if (!sf_operand_items(e, text, &items, &count))
    return match_value(e, regex, text->v, yes);
  out = check_scalars(e, items, count);
  for (i = 0; i < count && out == RUN_ON && !*yes; i++)
    out = match_value(e, regex, items[i], yes);
  return out;
}

static sf_outcome aws_exists(sf_eval *e, const sf_operand *l,
                             const sf_operand *r, bool *yes) {
  bool left = l->kind == OPERAND_VALUE && l->v.kind == SF_BOOLEAN;
  bool right = r->kind == OPERAND_VALUE && r->v.kind == SF_BOOLEAN;
  *yes = left && right && l->v.u.boolean == r->v.u.boolean;
  if (left && right)
    return RUN_ON;
  if (left || right)
    return RUN_REFUSED;
  sf_error_set(e->err, SF_ERR_EVALUATE, "Failed to evaluate exists expression");
  return RUN_FAILED;
}

static const char words[] = "word operators in filters";
static const char regexes[] = "regular expressions in filters";

const sf_operator sf_aws_operators[] = {
  {"===", NULL, false, true, aws_same},
  {"!==", NULL, false, true, aws_not_same},
  {"==", NULL, false, true, aws_eq},
  {"!=", NULL, false, true, aws_ne},
  {"<=", NULL, false, false, aws_le},
  {">=", NULL, false, false, aws_ge},
  {"<", NULL, false, false, any_lt},
  {">", NULL, false, false, any_gt},
  {"=~", regexes, false, false, aws_regex},
  {"IN", words, true, false, aws_in},
  {"NIN", words, true, false, aws_nin},
  {"SUBSETOF", words, true, false, aws_subsetof},
  {"ANYOF", words, true, false, aws_anyof},
  {"NONEOF", words, true, false, aws_noneof},
  {"CONTAINS", words, true, false, aws_contains},
  {"SIZE", words, true, false, aws_size},
  {"EMPTY", words, true, false, aws_empty},
  {"ALL", words, true, false, aws_refuse},
  {"TYPE", words, true, false, aws_refuse},
  {"MATCHES", words, true, false, aws_refuse},
  {"EXISTS", words, true, false, aws_exists},
  {NULL, NULL, false, false, NULL}};
