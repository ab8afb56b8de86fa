/*
** path_parse_rfc.c - the grammar of RFC 9535, and its rules of well-typedness
** (section 2.4.3).
*/
#include <string.h>

#include "query/path_operator.h"
#include "query/path_function.h"
#include "query/path_parse.h"

#define INTEGER_MAX INT64_C(9007199254740991) /* 2^53 - 1 */

/* --- selectors --- */

static bool is_name_first(char c) {
  return sf_is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name_char(char c) {
  return is_name_first(c) || sf_is_digit(c);
}

/* An integer without leading zeros, within +-(2^53 - 1). */
static sf_status parse_integer(sf_parser *p, int64_t *out) {
  bool negative = sf_take(&p->c, '-');
  char first = sf_peek(&p->c);
  *out = 0;
  if (!sf_is_digit(first))
    return sf_parse_fault(p, "a number expected");
  while (sf_is_digit(sf_peek(&p->c))) {
    *out = *out * 10 + (sf_peek(&p->c) - '0');
    if (*out > INTEGER_MAX)
      return sf_parse_fault(p, "the number is too large");
    p->c.at++;
    if (first == '0' && (negative || sf_is_digit(sf_peek(&p->c))))
      return sf_parse_fault(p, "leading zeros are not allowed");
  }
  if (negative)
    *out = -*out;
  return SF_OK;
}

/* An integer where there may be none. */
static sf_status parse_bound(sf_parser *p, bool *has, int64_t *out) {
  char c;
  sf_skip(&p->c, p->rules->blanks);
  c = sf_peek(&p->c);
  *has = c == '-' || sf_is_digit(c);
  return *has ? parse_integer(p, out) : SF_OK;
}

/* index / [start] ":" [end] [":" [step]] */
static sf_status parse_index_or_slice(sf_parser *p, sf_step_kind *kind,
                                      sf_slice *s) {
  bool has_step;
  sf_status status;
  memset(s, 0, sizeof *s);
  s->step = 1;
  *kind = STEP_INDEX;
  status = parse_bound(p, &s->has_from, &s->from);
  if (status != SF_OK)
    return status;
  sf_skip(&p->c, p->rules->blanks);
  if (!sf_take(&p->c, ':'))
    return s->has_from ? SF_OK : sf_parse_fault(p, "a selector expected");
  *kind = STEP_SLICE;
  status = parse_bound(p, &s->has_to, &s->to);
  if (status != SF_OK)
    return status;
  sf_skip(&p->c, p->rules->blanks);
  if (!sf_take(&p->c, ':'))
    return SF_OK;
  return parse_bound(p, &has_step, &s->step);
}

static sf_status parse_filter(sf_parser *p, uint32_t *out) {
  uint32_t node;
  bool inside = p->inside;
  sf_status status = sf_parse_enter(p);
  p->c.at++;
  p->inside = true;
  if (status == SF_OK)
    status = sf_parse_logical(p, &node);
  if (status == SF_OK)
    status = sf_add_step(p, STEP_FILTER, out);
  if (status != SF_OK)
    return status;
  p->inside = inside;
  sf_parse_leave(p);
  p->path->steps[*out].u.node = node;
  return SF_OK;
}

static sf_status add_name(sf_parser *p, sf_value name, uint32_t *out) {
  sf_status status = sf_add_step(p, STEP_NAME, out);
  if (status != SF_OK)
    sf_release(name);
  else
    p->path->steps[*out].u.name = name;
  return status;
}

static sf_status parse_selector(sf_parser *p, uint32_t *out) {
  sf_step_kind kind;
  sf_slice slice;
  sf_value name;
  sf_status status;
  char c = sf_peek(&p->c);
  if (c == '\'' || c == '"') {
    status = sf_parse_string(p, &name);
    return status == SF_OK ? add_name(p, name, out) : status;
  }
  if (sf_take(&p->c, '*'))
    return sf_add_step(p, STEP_WILDCARD, out);
  if (c == '?')
    return parse_filter(p, out);
  status = parse_index_or_slice(p, &kind, &slice);
  if (status == SF_OK)
    status = sf_add_step(p, kind, out);
  if (status == SF_OK)
    p->path->steps[*out].u.slice = slice;
  return status;
}

/* "[" selector *("," selector) "]": one step, or a union of several. */
static sf_status parse_bracket(sf_parser *p, sf_chain *chain) {
  uint32_t first = 0, last = 0, step;
  sf_status status;
  p->c.at++;
  do {
    sf_skip(&p->c, p->rules->blanks);
    status = parse_selector(p, &step);
    if (status != SF_OK)
      return status;
    if (first == 0)
      first = step;
    else
      p->path->steps[last].sibling = step;
    last = step;
    sf_skip(&p->c, p->rules->blanks);
  } while (sf_take(&p->c, ','));
  if (!sf_take(&p->c, ']'))
    return sf_parse_fault(p, "',' or ']' expected");
  return sf_chain_bracket(p, chain, first, last);
}

/* What may follow a '.' or '..': a name or '*'. */
static sf_status parse_shorthand(sf_parser *p, sf_chain *chain) {
  size_t begin = p->c.at;
  uint32_t step;
  sf_status status;
  if (sf_take(&p->c, '*'))
    return sf_chain_step(p, chain, STEP_WILDCARD, NULL);
  if (!is_name_first(sf_peek(&p->c)))
    return sf_parse_fault(p, "a name, '*' or '[' expected");
  while (is_name_char(sf_peek(&p->c)))
    p->c.at++;
  status = add_name(
    p, sf_string_new(p->path->mem, p->c.text + begin, p->c.at - begin), &step);
  if (status != SF_OK)
    return status;
  if (p->path->steps[step].u.name.kind == SF_ABSENT)
    return sf_error_nomem(p->err);
  sf_chain_add(p, chain, step);
  return SF_OK;
}

sf_status sf_rfc_segments(sf_parser *p, sf_chain *chain) {
  for (;;) {
    size_t before = p->c.at;
    sf_status status = SF_OK;
    sf_skip(&p->c, p->rules->blanks);
    if (sf_peek(&p->c) == '[')
      status = parse_bracket(p, chain);
    else if (sf_take_text(&p->c, "..")) {
      status = sf_chain_step(p, chain, STEP_SCAN, NULL);
      if (status == SF_OK)
        status = sf_peek(&p->c) == '[' ? parse_bracket(p, chain)
                                       : parse_shorthand(p, chain);
    } else if (sf_take(&p->c, '.'))
      status = parse_shorthand(p, chain);
    else {
      p->c.at = before;
      return SF_OK;
    }
    if (status != SF_OK)
      return status;
  }
}

/* --- filters --- */

static sf_status parse_operand(sf_parser *p, uint32_t *out);

static const sf_node *node_at(const sf_parser *p, uint32_t node) {
  return &p->path->nodes[node];
}

/* Does the node give one value (ValueType)? */
static bool is_value(const sf_node *n) {
  if (n->kind == NODE_CALL)
    return n->u.function->result == SF_TYPE_VALUE;
  return n->kind == NODE_LITERAL ||
         (n->kind == NODE_QUERY && n->u.query.singular);
}

static sf_status parse_argument(sf_parser *p, sf_type type, uint32_t *out) {
  size_t begin = p->c.at;
  sf_status status = parse_operand(p, out);
  const sf_node *n;
  if (status != SF_OK)
    return status;
  n = node_at(p, *out);
  if (type == SF_TYPE_NODES ? n->kind == NODE_QUERY : is_value(n))
    return SF_OK;
  p->c.at = begin;
  return sf_parse_fault(p, type == SF_TYPE_NODES
                             ? "this argument must be a query"
                             : "this argument must be a single value");
}

static sf_status parse_arguments(sf_parser *p, const sf_function *f,
                                 uint32_t *first) {
  uint32_t last = 0, arg;
  unsigned i;
  for (i = 0; i < f->count; i++) {
    sf_status status;
    if (i > 0 && !sf_take(&p->c, ','))
      return sf_parse_fault(p, "the function wants more arguments");
    sf_skip(&p->c, p->rules->blanks);
    status = parse_argument(p, f->types[i], &arg);
    if (status != SF_OK)
      return status;
    if (last == 0)
      *first = arg;
    else
      p->path->nodes[last].right = arg;
    last = arg;
    sf_skip(&p->c, p->rules->blanks);
  }
  if (!sf_take(&p->c, ')'))
    return sf_parse_fault(p, "')' expected after the last argument");
  return SF_OK;
}

/* name "(" [arguments] ")"; the cursor is behind the "(". */
static sf_status parse_call(sf_parser *p, size_t begin, uint32_t *out) {
  uint32_t args = 0;
  const sf_function *f = sf_function_find(SF_DIALECT_RFC9535, p->c.text + begin,
                                          p->c.at - 1 - begin);
  sf_status status;
  if (f == NULL) {
    p->c.at = begin;
    return sf_parse_fault(p, "there is no such function");
  }
  status = sf_parse_enter(p);
  if (status == SF_OK)
    status = parse_arguments(p, f, &args);
  if (status == SF_OK)
    status = sf_add_node(p, NODE_CALL, out);
  if (status != SF_OK)
    return status;
  sf_parse_leave(p);
  p->path->nodes[*out].left = args;
  p->path->nodes[*out].u.function = f;
  return f->prepare != NULL ? f->prepare(p, *out) : SF_OK;
}

static sf_status parse_number(sf_parser *p, uint32_t *out) {
  size_t begin = p->c.at, len = sf_measure_number(&p->c);
  if (len == 0)
    return sf_parse_fault(p, "a value, a query or a function expected");
  p->c.at += len;
  return sf_add_literal(
    p, sf_number_parse(p->path->mem, p->c.text + begin, len), out);
}

/* true, false, null or the name of a function. */
static sf_status parse_word(sf_parser *p, uint32_t *out) {
  size_t begin = p->c.at, len;
  sf_value word;
  while (is_name_char(sf_peek(&p->c)) && (unsigned char)sf_peek(&p->c) < 0x80)
    p->c.at++;
  len = p->c.at - begin;
  if (sf_take(&p->c, '('))
    return parse_call(p, begin, out);
  word = sf_word_value(p->c.text + begin, len);
  if (word.kind != SF_ABSENT)
    return sf_add_literal(p, word, out);
  p->c.at = begin;
  return sf_parse_fault(p, "a value, a query or a function expected");
}

static sf_status parse_operand(sf_parser *p, uint32_t *out) {
  sf_value text;
  sf_status status;
  char c = sf_peek(&p->c);
  if (c == '@' || c == '$')
    return sf_parse_query(p, out);
  if (sf_is_letter(c))
    return parse_word(p, out);
  if (c != '\'' && c != '"')
    return parse_number(p, out);
  status = sf_parse_string(p, &text);
  return status == SF_OK ? sf_add_literal(p, text, out) : status;
}

/* The operand alone, without a comparison. */
static sf_status make_test(sf_parser *p, uint32_t operand, bool negated,
                           uint32_t *out) {
  const sf_node *n = node_at(p, operand);
  bool call = n->kind == NODE_CALL && n->u.function->result == SF_TYPE_LOGICAL;
  sf_status status = SF_OK;
  *out = operand;
  if (!call && n->kind != NODE_QUERY)
    return sf_parse_fault(p, "this value must be compared");
  if (!call) {
    status = sf_add_node(p, NODE_EXISTS, out);
    if (status == SF_OK)
      p->path->nodes[*out].left = operand;
  }
  if (status != SF_OK || !negated)
    return status;
  operand = *out;
  status = sf_add_node(p, NODE_NOT, out);
  if (status == SF_OK)
    p->path->nodes[*out].left = operand;
  return status;
}

static sf_status parse_comparison(sf_parser *p, uint32_t left,
                                  const sf_operator *op, uint32_t *out) {
  size_t begin;
  uint32_t right;
  sf_status status;
  sf_skip(&p->c, p->rules->blanks);
  begin = p->c.at;
  status = parse_operand(p, &right);
  if (status != SF_OK)
    return status;
  if (!is_value(node_at(p, left)) || !is_value(node_at(p, right))) {
    p->c.at = begin;
    return sf_parse_fault(p, "only single values can be compared");
  }
  status = sf_add_node(p, NODE_COMPARE, out);
  if (status != SF_OK)
    return status;
  p->path->nodes[*out].left = left;
  p->path->nodes[*out].right = right;
  p->path->nodes[*out].u.operator= op;
  return SF_OK;
}

sf_status sf_rfc_relation(sf_parser *p, bool negated, uint32_t *out) {
  uint32_t operand;
  size_t behind;
  const sf_operator *op;
  sf_status status = parse_operand(p, &operand);
  if (status != SF_OK)
    return status;
  behind = p->c.at;
  sf_skip(&p->c, p->rules->blanks);
  op = negated ? NULL : sf_parse_operator(p);
  if (op != NULL)
    return parse_comparison(p, operand, op, out);
  p->c.at = behind;
  return make_test(p, operand, negated, out);
}
