/*
** path_parse_aws_filter.c - what is compared in the filters of AWS.  A path is
** cut out first, up to a blank, a comparison or a ')', and then read as a path
** of its own.
*/
#include <string.h>

#include "query/path_operator.h"
#include "query/path_literal.h"
#include "query/path_parse.h"

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
    sf_parse_doubt(p, "references to other values in filters");
  else if (compared && n->u.query.first == 0)
    sf_parse_doubt(p, "'@' for scalars in filters");
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
