/*
** expr_compile.c - the text of an expression becomes a program
** (expr_program.h).
**
**   expression = path | call            blanks may follow a call
**   call       = name '(' [ argument { ',' argument } ] ')'
**   argument   = path | call | number | 'text' | true | false | null
**
** Blanks may stand around arguments.  In text a backslash stands before
** ' \ { or }, nowhere else.
*/
#include "query/expr_program.h"

#include <string.h>

typedef struct cursor {
  sf_expr *e;
  sf_path_cache *cache;
  const char *text;
  size_t at, end;
  size_t *capacity; /* of the steps */
  size_t height;    /* values on the stack after the steps so far */
  sf_error *err;
} cursor;

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_escapable(char c) {
  return c == '\'' || c == '\\' || c == '{' || c == '}';
}

/* What may stand in the name of a function or variable; a variable's may also
** have letters of other scripts. */
static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
         c == '_' || (unsigned char)c >= 0x80;
}

static bool see(const cursor *c, char wanted) {
  return c->at < c->end && c->text[c->at] == wanted;
}

static bool take(cursor *c, char wanted) {
  if (!see(c, wanted))
    return false;
  c->at++;
  return true;
}

static void skip_blanks(cursor *c) {
  while (c->at < c->end && is_blank(c->text[c->at]))
    c->at++;
}

/* A new step, or NULL when there is no memory (said in c->err).  All values
** but a call's take a place on the stack; a call gives those of its arguments
** back. */
static sf_expr_step *add_step(cursor *c, sf_expr_op op, size_t from,
                              size_t count) {
  sf_expr *e = c->e;
  void *items = e->steps;
  sf_expr_step *step;
  if (!sf_alloc_grow(e->mem, &items, c->capacity, e->count + 1, sizeof *step)) {
    sf_error_nomem(c->err);
    return NULL;
  }
  e->steps = items;
  step = &e->steps[e->count++];
  memset(step, 0, sizeof *step);
  step->op = (uint8_t)op;
  step->from = (uint32_t)from;
  step->to = (uint32_t)c->at;
  step->count = (uint32_t)count;
  step->value = sf_absent();
  c->height = c->height + 1 - count;
  if (c->height > e->height)
    e->height = c->height;
  return step;
}

static sf_status add_constant(cursor *c, size_t from, sf_value v) {
  sf_expr_step *step;
  if (v.kind == SF_ABSENT)
    return sf_error_nomem(c->err);
  step = add_step(c, SF_OP_CONSTANT, from, 0);
  if (step == NULL) {
    sf_release(v);
    return SF_ERR_NOMEM;
  }
  step->value = v;
  return SF_OK;
}

/* --- constants --- */

/* Numbers have the grammar of JSON. */
static sf_status parse_number(cursor *c) {
  const char *s = c->text;
  size_t from = c->at, digits;
  take(c, '-');
  digits = c->at;
  while (c->at < c->end && is_digit(s[c->at]))
    c->at++;
  if (c->at == digits || (s[digits] == '0' && c->at > digits + 1))
    return sf_error_at(c->err, SF_ERR_SYNTAX, from, "this is not a number");
  if (take(c, '.')) {
    digits = c->at;
    while (c->at < c->end && is_digit(s[c->at]))
      c->at++;
    if (c->at == digits)
      return sf_error_at(c->err, SF_ERR_SYNTAX, c->at,
                         "a digit must follow the decimal point");
  }
  if (take(c, 'e') || take(c, 'E')) {
    if (!take(c, '-'))
      take(c, '+');
    digits = c->at;
    while (c->at < c->end && is_digit(s[c->at]))
      c->at++;
    if (c->at == digits)
      return sf_error_at(c->err, SF_ERR_SYNTAX, c->at,
                         "a digit must follow the exponent's sign");
  }
  return add_constant(c, from,
                      sf_number_parse(c->e->mem, s + from, c->at - from));
}

/* 'text'.  A template keeps its escapes: only who fills it knows whether a
** brace stands for itself. */
static sf_status parse_text(cursor *c, bool keep_escapes) {
  size_t from = c->at++;
  sf_buffer text;
  sf_status st = SF_OK;
  sf_buffer_init(&text, c->e->mem);
  while (c->at < c->end && !see(c, '\'') && st == SF_OK) {
    size_t at = c->at;
    if (take(c, '\\')) {
      if (c->at == c->end || !is_escapable(c->text[c->at]))
        st = sf_error_at(c->err, SF_ERR_SYNTAX, at,
                         "a backslash must stand before ' \\ { or }");
      else if (!keep_escapes)
        at++;
    }
    if (st == SF_OK)
      sf_buffer_add(&text, c->text + at, c->at + 1 - at);
    c->at++;
  }
  if (st == SF_OK && !take(c, '\''))
    st = sf_error_at(c->err, SF_ERR_SYNTAX, from,
                     "the text that begins here has no closing quote");
  if (st == SF_OK)
    return add_constant(c, from, sf_buffer_string(&text));
  sf_buffer_clear(&text);
  return st;
}

/* --- paths --- */

/* Behind the quoted text or regular expression that begins at 'at'. */
static size_t skip_quoted(const char *s, size_t at, size_t end) {
  char quote = s[at++];
  while (at < end && s[at] != quote)
    at += s[at] == '\\' ? 2 : 1;
  return at < end ? at + 1 : end;
}

/* Where the path that begins at 'at' ends inside a list of arguments: at the
** first comma, blank or ')' outside of brackets and quotes. */
static size_t path_end(const char *s, size_t at, size_t end) {
  size_t open = 0;
  char before = '\0'; /* the last character that is no blank */
  while (at < end) {
    char ch = s[at];
    if (open == 0 && (ch == ',' || ch == ')' || is_blank(ch)))
      break;
    if (open > 0 && (ch == '\'' || ch == '"' || (ch == '/' && before == '~'))) {
      at = skip_quoted(s, at, end);
      before = ch;
      continue;
    }
    if (ch == '[' || ch == '(')
      open++;
    else if ((ch == ']' || ch == ')') && open > 0)
      open--;
    if (!is_blank(ch))
      before = ch;
    at += ch == '\\' ? 2 : 1;
  }
  return at < end ? at : end;
}

/* Compile what follows the root, text[from..to), as a path of its own: '$' and
** these bytes. */
static sf_status compile_path(cursor *c, size_t from, size_t to,
                              sf_path **out) {
  sf_buffer text;
  sf_status st;
  if (c->text[from - 1] == '$') {
    st = sf_path_cached(c->cache, c->e->mem, c->text + from - 1, to - from + 1,
                        out, c->err);
    if (st != SF_OK && c->err->offset != SF_NO_OFFSET)
      c->err->offset += from - 1;
    return st;
  }
  sf_buffer_init(&text, c->e->mem);
  sf_buffer_add_char(&text, '$');
  sf_buffer_add(&text, c->text + from, to - from);
  if (text.failed)
    st = sf_error_nomem(c->err);
  else
    st =
      sf_path_cached(c->cache, c->e->mem, text.bytes, text.length, out, c->err);
  sf_buffer_clear(&text);
  if (st != SF_OK && c->err->offset != SF_NO_OFFSET)
    c->err->offset += from - 1; /* 'from' is at least 1: a root stands there */
  return st;
}

/* Which root is it?  c->at comes behind it; a variable's name is text[*name ..
** c->at). */
static sf_expr_op parse_root(cursor *c, size_t *name) {
  c->at++;
  *name = c->at;
  if (take(c, '$'))
    return SF_OP_CONTEXT;
  if (c->at == c->end || !is_word(c->text[c->at]) || is_digit(c->text[c->at]))
    return SF_OP_INPUT;
  while (c->at < c->end && is_word(c->text[c->at]))
    c->at++;
  return SF_OP_VARIABLE;
}

/* A path that ends at 'to'. */
static sf_status parse_path(cursor *c, size_t to) {
  size_t from = c->at, name, name_end;
  sf_expr_op op = parse_root(c, &name);
  sf_path *path = NULL;
  sf_expr_step *step;
  sf_status st;
  name_end = c->at;
  if (c->at < to && !see(c, '.') && !see(c, '['))
    return sf_error_at(c->err, SF_ERR_SYNTAX, c->at,
                       "'.' or '[' must follow the root of a path");
  st = compile_path(c, c->at, to, &path);
  if (st != SF_OK)
    return st;
  c->at = to;
  step = add_step(c, op, from, 0);
  if (step == NULL) {
    sf_path_release(path);
    return SF_ERR_NOMEM;
  }
  step->path = path; /* owned by the step from here on */
  step->quick = sf_path_is_reference(path);
  if (op == SF_OP_VARIABLE) {
    step->value = sf_string_new(c->e->mem, c->text + name, name_end - name);
    if (step->value.kind == SF_ABSENT)
      return sf_error_nomem(c->err);
  }
  return SF_OK;
}

/* --- calls --- */

static sf_status parse_call(cursor *c, unsigned nesting);

static bool take_word(cursor *c, const char *word) {
  size_t len = strlen(word);
  if (c->end - c->at < len || memcmp(c->text + c->at, word, len) != 0 ||
      (c->at + len < c->end && is_word(c->text[c->at + len])))
    return false;
  c->at += len;
  return true;
}

static sf_status parse_argument(cursor *c, bool is_template, unsigned nesting) {
  size_t from = c->at;
  if (see(c, '\''))
    return parse_text(c, is_template);
  if (see(c, '$'))
    return parse_path(c, path_end(c->text, c->at, c->end));
  if (c->at < c->end && (is_digit(c->text[c->at]) || see(c, '-')))
    return parse_number(c);
  if (take_word(c, "true"))
    return add_constant(c, from, sf_boolean(true));
  if (take_word(c, "false"))
    return add_constant(c, from, sf_boolean(false));
  if (take_word(c, "null"))
    return add_constant(c, from, sf_null());
  if (c->at < c->end && is_word(c->text[c->at]))
    return parse_call(c, nesting + 1);
  return sf_error_at(c->err, SF_ERR_SYNTAX, c->at,
                     "an argument must stand here: a path, 'text', a number, "
                     "true, false, null or a call");
}

/* The arguments and the closing parenthesis. */
static sf_status parse_arguments(cursor *c, const sf_intrinsic *function,
                                 unsigned nesting, size_t *count) {
  size_t open = c->at - 1;
  *count = 0;
  skip_blanks(c);
  if (take(c, ')'))
    return SF_OK;
  for (;;) {
    sf_status st =
      parse_argument(c, function->takes_template && *count == 0, nesting);
    if (st != SF_OK)
      return st;
    ++*count;
    skip_blanks(c);
    if (take(c, ')'))
      return SF_OK;
    if (c->at == c->end)
      return sf_error_at(c->err, SF_ERR_SYNTAX, open,
                         "the '(' that stands here is never closed");
    if (!take(c, ','))
      return sf_error_at(c->err, SF_ERR_SYNTAX, c->at,
                         "',' or ')' must follow an argument");
    skip_blanks(c);
  }
}

static sf_status check_count(const cursor *c, const sf_intrinsic *function,
                             size_t from, size_t count) {
  if (count >= function->least && count <= function->most)
    return SF_OK;
  if (function->least == function->most)
    return sf_error_at(c->err, SF_ERR_SYNTAX, from,
                       "%s takes %u argument%s, not %zu", function->name,
                       (unsigned)function->least,
                       function->least == 1 ? "" : "s", count);
  if (function->most == SF_INTRINSIC_ANY)
    return sf_error_at(c->err, SF_ERR_SYNTAX, from,
                       "%s takes at least %u argument%s, not %zu",
                       function->name, (unsigned)function->least,
                       function->least == 1 ? "" : "s", count);
  return sf_error_at(
    c->err, SF_ERR_SYNTAX, from, "%s takes %u to %u arguments, not %zu",
    function->name, (unsigned)function->least, (unsigned)function->most, count);
}

/* Calls itself for nested calls, SF_EXPR_NESTING_MAX deep at most. */
static sf_status parse_call(cursor *c, unsigned nesting) {
  size_t from = c->at, count;
  const sf_intrinsic *function;
  sf_expr_step *step;
  sf_status st;
  if (nesting > SF_EXPR_NESTING_MAX)
    return sf_error_at(c->err, SF_ERR_LIMIT, from,
                       "calls are nested more than %d deep",
                       SF_EXPR_NESTING_MAX);
  while (c->at < c->end && (is_word(c->text[c->at]) || see(c, '.')))
    c->at++;
  if (c->at == from || !see(c, '('))
    return sf_error_at(c->err, SF_ERR_SYNTAX, from,
                       "neither a path nor a call of an intrinsic function");
  function = sf_intrinsic_find(c->text + from, c->at - from);
  if (function == NULL)
    return sf_error_at(
      c->err, SF_ERR_SYNTAX, from, "there is no intrinsic function '%.*s'",
      (int)(c->at - from < 80 ? c->at - from : 80), c->text + from);
  c->at++;
  st = parse_arguments(c, function, nesting, &count);
  if (st == SF_OK)
    st = check_count(c, function, from, count);
  if (st != SF_OK)
    return st;
  step = add_step(c, SF_OP_CALL, from, count);
  if (step == NULL)
    return SF_ERR_NOMEM;
  step->function = function;
  return SF_OK;
}

sf_status sf_expr_compile(sf_expr *draft, sf_path_cache *cache,
                          size_t *capacity, sf_error *err) {
  cursor c = {draft, cache, draft->text, 0, draft->length, capacity, 0, err};
  sf_status st;
  if (see(&c, '$'))
    return parse_path(&c, c.end);
  st = parse_call(&c, 1);
  if (st != SF_OK)
    return st;
  skip_blanks(&c);
  if (c.at < c.end)
    return sf_error_at(err, SF_ERR_SYNTAX, c.at, "nothing may follow the call");
  return SF_OK;
}
