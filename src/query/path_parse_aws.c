/*
** path_parse_aws.c - the syntax of Jayway JsonPath, which is that of AWS: what
** it accepts beyond RFC 9535 and what it refuses.  It has no grammar; its habits
** are these:
** - a name in dot notation goes on up to '.', '[', '(' or a blank;
** - one character that is left over at the end of a path is ignored;
** - a path inside a filter is cut out first, up to a blank, a comparison or a
**   ')', and then read as a path of its own.
*/
#include <string.h>

#include "query/path_filter.h"
#include "base/json.h"
#include "query/path_function.h"
#include "query/path_literal.h"
#include "query/path_parse.h"

#define INDEX_MAX 2147483647 /* Java's int */

static const char doubt_functions[] = "functions in paths";
static const char doubt_root[] = "references to other values in filters";
static const char doubt_scalar[] = "'@' for scalars in filters";

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
  if (first != last) {
    status = sf_add_step(p, STEP_UNION, &step);
    if (status != SF_OK)
      return status;
    p->path->steps[step].u.list.first = first;
    first = step;
  }
  sf_chain_add(p, chain, first);
  return SF_OK;
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

/* --- functions --- */

/* The arguments of a call are cut at commas and read one by one.  This is the
** state of the cutting. */
typedef struct cutter {
  sf_buffer text; /* of the argument so far */
  char kind;      /* '\0': nothing begun; 'p': a path; 'j': JSON */
  int parens, brackets, braces;
  bool quoted;
  char before;
} cutter;

/* Jayway's JSON reader is a lax one: it stops behind the first value, and what
** is none is text. */
static sf_status add_json(sf_parser *p, const char *text, size_t len,
                          uint32_t *out) {
  sf_cursor c = {text, 0, len};
  sf_value v;
  sf_error ignored;
  sf_status status;
  if (text[0] == '"' && sf_find_unescaped(&c, 1, '"') < len)
    len = sf_find_unescaped(&c, 1, '"') + 1;
  status = sf_json_read(p->path->mem, text, len, &v, &ignored);
  if (status == SF_ERR_NOMEM)
    return sf_error_nomem(p->err);
  if (status != SF_OK && text[0] == '{')
    return sf_parse_fault(p, "this argument is no JSON");
  if (status != SF_OK)
    v = sf_string_new(p->path->mem, text, len);
  return sf_add_literal(p, v, out);
}

static sf_status add_path(sf_parser *p, const char *text, size_t len,
                          uint32_t *out) {
  sf_parser inner = *p;
  sf_status status;
  inner.c.text = text;
  inner.c.at = 0;
  inner.c.end = len;
  inner.inside = true;
  status = sf_parse_enter(&inner);
  if (status == SF_OK)
    status = sf_parse_query(&inner, out);
  if (status != SF_OK)
    p->err->offset = p->c.at + p->shift;
  return status;
}

/* The argument is complete. */
static sf_status cut(sf_parser *p, cutter *c, uint32_t *first, uint32_t *last) {
  sf_status status;
  uint32_t arg;
  if (c->text.failed)
    return sf_error_nomem(p->err);
  status = c->kind == 'p' ? add_path(p, c->text.bytes, c->text.length, &arg)
                          : add_json(p, c->text.bytes, c->text.length, &arg);
  if (status != SF_OK)
    return status;
  if (*first == 0)
    *first = arg;
  else
    p->path->nodes[*last].right = arg;
  *last = arg;
  c->text.length = 0;
  c->kind = '\0';
  return SF_OK;
}

/* What an argument that begins with this character is. */
static char kind_of(char c) {
  if (c == '{' || c == '"' || c == '-' || sf_is_digit(c))
    return 'j';
  return c == '$' || c == '@' ? 'p' : '\0';
}

/* Keep count of what is open; false when something closes too much. */
static bool count_groups(cutter *c, char ch) {
  switch (ch) {
    case '"': c->quoted = !(c->quoted && c->before != '\\'); break;
    case '(': c->parens++; break;
    case ')': c->parens--; break;
    case '[': c->brackets++; break;
    case ']': c->brackets--; break;
    case '{': c->braces++; break;
    case '}': c->braces--; break;
    default: break;
  }
  return c->brackets >= 0 && c->braces >= 0;
}

/* Take one character of the arguments. */
static sf_status take_char(sf_parser *p, cutter *c, char ch, uint32_t *first,
                           uint32_t *last) {
  bool outside;
  if (c->kind == '\0')
    c->kind = kind_of(ch);
  if (!count_groups(c, ch))
    return sf_parse_fault(p, "a bracket closes that was not open");
  outside = c->brackets == 0 && c->braces == 0;
  if ((ch == ')' || ch == ',') && outside && !c->quoted &&
      (c->parens == 1 || (c->parens == 0 && ch == ')'))) {
    if (c->kind == '\0')
      return SF_OK;
    if (ch == ')' && c->before == '(')
      sf_buffer_add_char(&c->text, ch); /* of a call without arguments */
    return cut(p, c, first, last);
  }
  if (c->kind != '\0' && !(ch == ',' && outside && c->parens == 1))
    sf_buffer_add_char(&c->text, ch);
  return SF_OK;
}

static sf_status cut_arguments(sf_parser *p, cutter *c, uint32_t *first) {
  uint32_t last = 0;
  while (!sf_at_end(&p->c) && c->parens > 0) {
    char ch = p->c.text[p->c.at++], next = sf_peek(&p->c);
    sf_status status;
    if (c->kind == '\0' && strchr(" \t\r\n", ch) != NULL)
      continue;
    if (ch == '\\' && c->quoted && (next == ',' || next == '"')) {
      sf_buffer_add_char(&c->text, next);
      p->c.at++;
      c->before = '\0';
      continue;
    }
    status = take_char(p, c, ch, first, &last);
    if (status != SF_OK)
      return status;
    c->before = ch;
  }
  if (c->parens != 0 || c->brackets != 0 || c->braces != 0)
    return sf_parse_fault(p, "the arguments are not closed");
  return SF_OK;
}

/* The cursor is behind the '(' . */
static sf_status parse_arguments(sf_parser *p, uint32_t *first) {
  cutter c = {{0}, '\0', 1, 0, 0, false, '\0'};
  sf_status status;
  sf_buffer_init(&c.text, p->path->mem);
  status = cut_arguments(p, &c, first);
  sf_buffer_clear(&c.text);
  return status;
}

static sf_status parse_call(sf_parser *p, sf_chain *chain, const char *name,
                            size_t len) {
  const sf_function *f = sf_function_find(SF_DIALECT_AWS, name, len);
  size_t open = p->c.at;
  uint32_t args = 0;
  sf_step *s;
  sf_status status = SF_OK;
  if (f == NULL)
    return sf_parse_fault(p, "there is no such function");
  if (sf_find_closing(&p->c, open, '(', ')', false) == p->c.end)
    return sf_parse_fault(p, "the arguments are not closed");
  sf_parse_doubt(p, doubt_functions);
  p->c.at++;
  /* Without arguments the ')' stays: alone at the end it is ignored, else it is
     the name of a member that no function's result has. */
  if (sf_peek(&p->c) != ')')
    status = parse_arguments(p, &args);
  if (status == SF_OK)
    status = sf_chain_step(p, chain, STEP_CALL, &s);
  if (status != SF_OK)
    return status;
  s->u.call.function = f;
  s->u.call.args = args;
  return SF_OK;
}

/* --- tokens --- */

static sf_status add_name(sf_parser *p, sf_chain *chain, const char *text,
                          size_t len) {
  uint32_t value;
  sf_status status =
    sf_add_value(p, sf_string_new(p->path->mem, text, len), &value);
  return status == SF_OK ? add_names(p, chain, value) : status;
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
    return parse_call(p, chain, begin, len);
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

/* --- filters --- */

static bool is_comparison(char c) {
  return c == '<' || c == '>' || c == '=' || c == '~' || c == '!';
}

/* Is the ')' at 'at' that of a call without arguments, ".f()"? */
static bool closes_call(const sf_parser *p, size_t begin, size_t at) {
  size_t i = at;
  while (i > begin && p->c.text[i - 1] == ' ')
    i--;
  if (i == begin || p->c.text[i - 1] != '(')
    return false;
  while (--i > begin)
    if (p->c.text[i] == '.')
      return true;
  return false;
}

/* Where the path that begins at the cursor ends. */
static size_t find_path_end(const sf_parser *p) {
  size_t at = p->c.at + 1;
  while (at < p->c.end) {
    char c = p->c.text[at];
    if (c == '[') {
      at = sf_find_closing(&p->c, at, '[', ']', false);
      at += at < p->c.end;
      continue;
    }
    if (c == ' ' || is_comparison(c) ||
        (c == ')' && !closes_call(p, p->c.at, at)))
      break;
    at++;
  }
  return at;
}

static void doubt_path(sf_parser *p, const sf_node *n, bool compared) {
  if (n->u.query.from_root)
    sf_parse_doubt(p, doubt_root);
  else if (compared && n->u.query.first == 0)
    sf_parse_doubt(p, doubt_scalar);
}

static sf_status parse_path(sf_parser *p, uint32_t *out) {
  sf_parser inner = *p;
  sf_status status = sf_parse_enter(&inner);
  inner.c.end = find_path_end(p);
  if (status != SF_OK)
    return status;
  if (p->c.text[inner.c.end - 1] == '.')
    return sf_parse_fault(p, "a path must not end with '.'");
  status = sf_parse_query(&inner, out);
  p->c.at = inner.c.end;
  return status;
}

static sf_status parse_regex(sf_parser *p, uint32_t *out) {
  size_t begin = p->c.at + 1, flags;
  size_t end = sf_find_unescaped(&p->c, begin, '/');
  sf_regex *regex;
  uint32_t at;
  sf_status status;
  if (end == p->c.end)
    return sf_parse_fault(p, "a regular expression is not closed");
  p->c.at = flags = end + 1;
  while (sf_is_letter(sf_peek(&p->c)))
    p->c.at++;
  status =
    sf_regex_new(p->path->mem, SF_REGEX_JAVA, p->c.text + begin, end - begin,
                 p->c.text + flags, p->c.at - flags, &regex, p->err);
  if (status != SF_OK) {
    if (p->err->offset != SF_NO_OFFSET)
      p->err->offset += begin + p->shift;
    return status;
  }
  status = sf_add_regex(p, regex, &at);
  if (status == SF_OK)
    status = sf_add_node(p, NODE_REGEX, out);
  if (status == SF_OK)
    p->path->nodes[*out].u.value = at;
  return status;
}

/* The number, and behind it the text that Jayway compares with texts. */
static sf_status add_number(sf_parser *p, const char *json, size_t len,
                            uint32_t *out) {
  char text[SF_NUMBER_TEXT_MAX];
  char terminated[SF_NUMBER_TEXT_MAX];
  uint32_t value;
  sf_status status =
    sf_add_literal(p, sf_number_parse(p->path->mem, json, len), out);
  if (status != SF_OK)
    return status;
  memcpy(terminated, json, len);
  terminated[len] = '\0';
  len = sf_decimal_text(terminated, len, text);
  status = sf_add_value(p, sf_string_new(p->path->mem, text, len), &value);
  p->path->nodes[*out].left = value;
  return status;
}

/* A number of BigDecimal's grammar, made JSON: without leading zeros, with
** digits on both sides of the point. */
static sf_status parse_number(sf_parser *p, uint32_t *out) {
  size_t begin = p->c.at, len = 0;
  char json[SF_NUMBER_TEXT_MAX];
  char c;
  while (sf_is_digit(c = sf_peek_at(&p->c, len)) || c == '-' || c == '.' ||
         c == 'e' || c == 'E')
    len++;
  p->c.at += len;
  len = sf_decimal_to_json(p->c.text + begin, len, json);
  if (len == 0) {
    p->c.at = begin;
    return sf_parse_fault(p, "a value or a path expected");
  }
  return add_number(p, json, len, out);
}

/* Text without quotes: a letter, then all up to a blank, ')', '&' or '|'. */
static sf_status parse_bare(sf_parser *p, uint32_t *out) {
  size_t begin = p->c.at;
  char c = sf_peek(&p->c);
  if (!sf_is_letter(c) && c != '_' && (unsigned char)c < 0x80)
    return parse_number(p, out);
  while (!sf_at_end(&p->c) && (c = sf_peek(&p->c)) != ' ' && c != ')' &&
         c != '&' && c != '|' && c != '(')
    p->c.at++;
  if (c == '(')
    return sf_parse_fault(p, "a function can't stand here");
  return sf_add_literal(
    p, sf_string_new(p->path->mem, p->c.text + begin, p->c.at - begin), out);
}

static bool parse_keyword(sf_parser *p, sf_value *out) {
  if (sf_take_text(&p->c, "true"))
    *out = sf_boolean(true);
  else if (sf_take_text(&p->c, "false"))
    *out = sf_boolean(false);
  else if (sf_take_text(&p->c, "null"))
    *out = sf_null();
  else
    return false;
  return true;
}

/* Is the keyword at the cursor a whole word? */
static bool at_word_end(const sf_parser *p) {
  char c = sf_peek(&p->c);
  return !sf_is_letter(c) && !sf_is_digit(c) && c != '_' && c != '-' &&
         (unsigned char)c < 0x80;
}

static sf_status parse_operand(sf_parser *p, bool bare, uint32_t *out) {
  sf_value v;
  sf_status status;
  size_t begin = p->c.at;
  char c = sf_peek(&p->c);
  if (c == '$' || c == '@')
    return parse_path(p, out);
  if (c == '/')
    return parse_regex(p, out);
  if (c == '[' || c == '{')
    return sf_loose_literal(p, out);
  if (c == '\'' || c == '"') {
    status = sf_parse_string(p, &v);
    return status == SF_OK ? sf_add_literal(p, v, out) : status;
  }
  if (parse_keyword(p, &v) && (at_word_end(p) || !bare))
    return sf_add_literal(p, v, out);
  p->c.at = begin;
  return bare ? parse_bare(p, out) : parse_number(p, out);
}

static bool same_word(const char *upper, const char *text, size_t len) {
  size_t i;
  for (i = 0; i < len; i++) {
    char c = text[i];
    if (c >= 'a' && c <= 'z')
      c = (char)(c - 'a' + 'A');
    if (upper[i] == '\0' || c != upper[i])
      return false;
  }
  return upper[len] == '\0';
}

/* The operator at the cursor: comparison signs, or a word up to a blank. */
static const sf_operator *parse_operator(sf_parser *p) {
  const char *text = p->c.text + p->c.at;
  bool word = !is_comparison(sf_peek(&p->c));
  const sf_operator *op;
  size_t len = 0;
  while (p->c.at + len < p->c.end &&
         (word ? text[len] != ' ' : is_comparison(text[len])))
    len++;
  for (op = p->rules->operators; op->text != NULL; op++)
    if (op->word == word && same_word(op->text, text, len)) {
      p->c.at += len;
      if (op->doubt != NULL)
        sf_parse_doubt(p, op->doubt);
      return op;
    }
  return NULL;
}

/* A path alone asks whether it exists. */
static sf_status make_test(sf_parser *p, uint32_t operand, bool negated,
                           uint32_t *out) {
  sf_status status;
  if (p->path->nodes[operand].kind != NODE_QUERY)
    return sf_parse_fault(p, "this value must be compared");
  doubt_path(p, &p->path->nodes[operand], false);
  status = sf_add_node(p, NODE_EXISTS, out);
  if (status != SF_OK)
    return status;
  p->path->nodes[*out].left = operand;
  if (!negated)
    return SF_OK;
  operand = *out;
  status = sf_add_node(p, NODE_NOT, out);
  if (status == SF_OK)
    p->path->nodes[*out].left = operand;
  return status;
}

static void doubt_operand(sf_parser *p, uint32_t operand) {
  const sf_node *n = &p->path->nodes[operand];
  if (n->kind == NODE_QUERY)
    doubt_path(p, n, true);
}

/* A '!' before a comparison without parentheses is ignored, as Jayway does. */
sf_status sf_aws_relation(sf_parser *p, bool negated, uint32_t *out) {
  uint32_t left, right;
  size_t behind;
  const sf_operator *op;
  sf_status status = parse_operand(p, false, &left);
  if (status != SF_OK)
    return status;
  behind = p->c.at;
  sf_skip(&p->c, " ");
  op = parse_operator(p);
  if (op == NULL) {
    p->c.at = behind;
    return make_test(p, left, negated, out);
  }
  sf_skip(&p->c, " ");
  status = parse_operand(p, op->bare, &right);
  if (status == SF_OK)
    status = sf_add_node(p, NODE_COMPARE, out);
  if (status != SF_OK)
    return status;
  doubt_operand(p, left);
  doubt_operand(p, right);
  p->path->nodes[*out].left = left;
  p->path->nodes[*out].right = right;
  p->path->nodes[*out].u.operator= op;
  return SF_OK;
}
