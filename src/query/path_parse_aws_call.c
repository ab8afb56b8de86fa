/*
** path_parse_aws_call.c - calls of functions in the paths of AWS: the arguments
** are cut at commas first, and then each is read as a path or as JSON.
*/
#include <string.h>

#include "base/json.h"
#include "query/path_function.h"
#include "query/path_parse.h"

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

sf_status sf_aws_call(sf_parser *p, sf_chain *chain, const char *name,
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
  sf_parse_doubt(p, "functions in paths");
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
