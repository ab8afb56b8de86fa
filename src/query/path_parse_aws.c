/*
** path_parse_aws.c - the syntax of Jayway JsonPath, which is that of AWS: what
** it accepts beyond RFC 9535 and what it refuses.  It has no grammar; its habits
** are these:
** - a name in dot notation goes on up to '.', '[', '(' or a blank;
** - one character that is left over at the end of a path is ignored.
** Arguments of functions: path_parse_aws_call.c.  Filters:
** path_parse_aws_filter.c.
*/
#include <string.h>

#include "query/path_parse.h"

#define INDEX_MAX 2147483647 /* Java's int */

/* --- brackets --- */

static char peek_significant(const sf_parser *p, size_t at) {
  while (at < p->c.end && p->c.text[at] == ' ')
    at++;
  return at < p->c.end ? p->c.text[at] : '\0';
}

static sf_status add_names(sf_parser *p, sf_chain *chain, uint32_t first) {
  uint32_t count = (uint32_t)p->path->value_count - first;
  sf_step *s;
  sf_status status =
    sf_chain_step(p, chain, count == 1 ? STEP_NAME : STEP_NAMES, &s);
  if (status != SF_OK)
    return status;
  if (count == 1)
    s->u.name = sf_retain(p->path->values[first]);
  else {
    s->u.list.first = first;
    s->u.list.count = count;
  }
  return SF_OK;
}

/* ['a'], ['a', 'b']: all in the same kind of quotes. */
static sf_status parse_names(sf_parser *p, sf_chain *chain) {
  uint32_t first = (uint32_t)p->path->value_count, value;
  char quote = sf_peek(&p->c);
  do {
    sf_value name;
    sf_status status;
    sf_skip(&p->c, " ");
    if (sf_peek(&p->c) != quote)
      return sf_parse_fault(p, "a name in the same quotes expected");
    status = sf_parse_string(p, &name);
    if (status == SF_OK)
      status = sf_add_value(p, name, &value);
    if (status != SF_OK)
      return status;
    sf_skip(&p->c, " ");
  } while (sf_take(&p->c, ','));
  if (!sf_take(&p->c, ']'))
    return sf_parse_fault(p, "',' or ']' expected");
  return add_names(p, chain, first);
}

/* An int as Java reads it: leading zeros and -0 are fine. */
static sf_status parse_int(sf_parser *p, int64_t *out) {
  bool negative = sf_take(&p->c, '-');
  if (!sf_is_digit(sf_peek(&p->c)))
    return sf_parse_fault(p, "a number expected");
  for (*out = 0; sf_is_digit(sf_peek(&p->c)); p->c.at++) {
    *out = *out * 10 + (sf_peek(&p->c) - '0');
    if (*out > INDEX_MAX + (int64_t)negative)
      return sf_parse_fault(p, "the number is too large");
  }
  if (negative)
    *out = -*out;
  return SF_OK;
}

static bool at_int(const sf_parser *p) {
  return sf_peek(&p->c) == '-' || sf_is_digit(sf_peek(&p->c));
}

/* What stands behind the second ':' is not looked at. */
static bool skip_slice_step(sf_parser *p) {
  while (sf_peek(&p->c) == ':' || at_int(p))
    p->c.at++;
  sf_skip(&p->c, " ");
  return sf_take(&p->c, ']');
}

/* [from:to], one of them may be missing. */
static sf_status parse_slice(sf_parser *p, sf_chain *chain, sf_slice slice) {
  sf_status status = SF_OK;
  sf_step *s;
  p->c.at++;
  slice.has_to = at_int(p);
  if (slice.has_to)
    status = parse_int(p, &slice.to);
  if (status != SF_OK)
    return status;
  if (!slice.has_from && !slice.has_to)
    return sf_parse_fault(p, "a slice needs a beginning or an end");
  if (!skip_slice_step(p))
    return sf_parse_fault(p, "']' expected");
  slice.step = 1;
  status = sf_chain_step(p, chain, STEP_SLICE, &s);
  if (status == SF_OK)
    s->u.slice = slice;
  return status;
}

/* [1], [0, -1] */
static sf_status parse_indices(sf_parser *p, sf_chain *chain, int64_t index) {
  uint32_t first = 0, last = 0, step;
  sf_status status;
  for (;;) {
    status = sf_add_step(p, STEP_INDEX, &step);
    if (status != SF_OK)
      return status;
    p->path->steps[step].u.slice.from = index;
    if (first == 0)
      first = step;
    else
      p->path->steps[last].sibling = step;
    last = step;
    sf_skip(&p->c, " ");
    if (!sf_take(&p->c, ','))
      break;
    sf_skip(&p->c, " ");
    status = parse_int(p, &index);
    if (status != SF_OK)
      return status;
  }
  if (!sf_take(&p->c, ']'))
    return sf_parse_fault(p, "',' or ']' expected");
  return sf_chain_bracket(p, chain, first, last);
}

static sf_status parse_numbers(sf_parser *p, sf_chain *chain) {
  sf_slice slice;
  memset(&slice, 0, sizeof slice);
  slice.has_from = at_int(p);
  if (slice.has_from) {
    sf_status status = parse_int(p, &slice.from);
    if (status != SF_OK)
      return status;
  }
  if (sf_peek(&p->c) == ':')
    return parse_slice(p, chain, slice);
  return parse_indices(p, chain, slice.from);
}

/* ?( ... ) ]; what stands between the parentheses is read on its own. */
static sf_status parse_filter(sf_parser *p, sf_chain *chain) {
  size_t end = p->c.end, close;
  bool inside = p->inside;
  uint32_t node;
  sf_step *s;
  sf_status status;
  p->c.at++;
  sf_skip(&p->c, " ");
  if (sf_peek(&p->c) != '(')
    return sf_parse_fault(p, "'(' expected");
  close = sf_find_closing(&p->c, p->c.at, '(', ')', true);
  if (close == end || peek_significant(p, close + 1) != ']')
    return sf_parse_fault(p, "the filter is not closed");
  status = sf_parse_enter(p);
  if (status != SF_OK)
    return status;
  p->c.end = close + 1;
  p->inside = true;
  status = sf_parse_logical(p, &node);
  if (status == SF_OK && !sf_at_end(&p->c))
    status = sf_parse_fault(p, "an operator or ')' expected");
  if (status == SF_OK)
    status = sf_chain_step(p, chain, STEP_FILTER, &s);
  if (status != SF_OK)
    return status;
  s->u.node = node;
  p->inside = inside;
  p->c.end = end;
  sf_parse_leave(p);
  sf_skip(&p->c, " ");
  p->c.at++;
  return SF_OK;
}

static sf_status parse_bracket(sf_parser *p, sf_chain *chain) {
  char c;
  p->c.at++;
  sf_skip(&p->c, " ");
  c = sf_peek(&p->c);
  if (c == '\'' || c == '"')
    return parse_names(p, chain);
  if (at_int(p) || c == ':')
    return parse_numbers(p, chain);
  if (c == '?')
    return parse_filter(p, chain);
  if (!sf_take(&p->c, '*'))
    return sf_parse_fault(p, "a name in quotes, a number, '*' or '?' expected");
  sf_skip(&p->c, " ");
  if (!sf_take(&p->c, ']'))
    return sf_parse_fault(p, "']' expected");
  return sf_chain_step(p, chain, STEP_WILDCARD, NULL);
}

/* --- tokens --- */

static sf_status add_name(sf_parser *p, sf_chain *chain, const char *text,
                          size_t len) {
  sf_value name = sf_string_new(p->path->mem, text, len);
  sf_step *s;
  sf_status status = name.kind != SF_ABSENT
                       ? sf_chain_step(p, chain, STEP_NAME, &s)
                       : sf_error_nomem(p->err);
  if (status == SF_OK)
    s->u.name = name;
  else
    sf_release(name);
  return status;
}

static sf_status parse_name_or_call(sf_parser *p, sf_chain *chain) {
  const char *begin = p->c.text + p->c.at;
  size_t len = 0;
  char c;
  while ((c = sf_peek_at(&p->c, len)) != '.' && c != '[' && c != '(' &&
         c != ' ' && p->c.at + len < p->c.end)
    len++;
  if (c == ' ') {
    p->c.at += len;
    return sf_parse_fault(p, "a name with blanks must stand in brackets");
  }
  p->c.at += len;
  if (c == '(')
    return sf_aws_call(p, chain, begin, len);
  return add_name(p, chain, begin, len);
}

static sf_status parse_token(sf_parser *p, sf_chain *chain) {
  sf_status status = SF_OK;
  if (sf_take_text(&p->c, ".."))
    status = sf_chain_step(p, chain, STEP_SCAN, NULL);
  else
    sf_take(&p->c, '.');
  if (status != SF_OK)
    return status;
  if (sf_peek(&p->c) == '[')
    return parse_bracket(p, chain);
  if (sf_take(&p->c, '*'))
    return sf_chain_step(p, chain, STEP_WILDCARD, NULL);
  if (sf_at_end(&p->c) || sf_peek(&p->c) == '.')
    return sf_parse_fault(p, "a name, '*' or '[' expected");
  return parse_name_or_call(p, chain);
}

/* $..a.f() is $.f($..a): the function gets all hits at once. */
static sf_status invert(sf_parser *p, sf_chain *chain) {
  sf_step *steps = p->path->steps;
  uint32_t at = chain->first, prior = 0, arg;
  sf_chain outer = {0, 0, true, false};
  sf_status status;
  for (; steps[at].kind != STEP_CALL; at = steps[at].next)
    prior = at;
  if (steps[prior].kind == STEP_SCAN)
    return sf_parse_fault(p, "a function can't follow '..'");
  status = sf_add_node(p, NODE_QUERY, &arg);
  if (status != SF_OK)
    return status;
  steps[prior].next = 0;
  if (steps[prior].kind == STEP_UNION) {
    uint32_t selector = steps[prior].u.list.first;
    for (; selector != 0; selector = steps[selector].sibling)
      steps[selector].next = 0;
  }
  p->path->nodes[arg].u.query.first = chain->first;
  p->path->nodes[arg].u.query.from_root = true;
  steps[at].u.call.args = arg;
  for (; at != 0; at = prior) {
    prior = steps[at].next;
    sf_chain_add(p, &outer, at);
  }
  *chain = outer;
  return SF_OK;
}

sf_status sf_aws_segments(sf_parser *p, sf_chain *chain) {
  char c = sf_peek(&p->c);
  const sf_step *steps;
  if (sf_at_end(&p->c))
    return SF_OK;
  if (c != '.' && c != '[')
    return sf_parse_fault(p, "'.' or '[' expected");
  do {
    sf_status status = parse_token(p, chain);
    if (status != SF_OK)
      return status;
  } while (p->c.at + 1 < p->c.end);
  p->c.at = p->c.end;
  steps = p->path->steps;
  if (steps[chain->first].kind == STEP_SCAN &&
      steps[chain->last].kind == STEP_CALL)
    return invert(p, chain);
  return SF_OK;
}
