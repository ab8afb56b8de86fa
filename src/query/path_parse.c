/*
** path_parse.c - what both syntaxes share: growing the program, queries,
** strings, and the logical expressions of filters.
*/
#include "query/path_parse.h"

#include <string.h>

#include "query/path_operator.h"

sf_status sf_parse_fault(sf_parser *p, const char *what) {
  size_t at = p->c.at > p->c.end ? p->c.end : p->c.at;
  return sf_error_at(p->err, SF_ERR_SYNTAX, at + p->shift, "%s", what);
}

sf_status sf_parse_enter(sf_parser *p) {
  if (p->depth == SF_PATH_DEPTH_MAX)
    return sf_error_at(p->err, SF_ERR_LIMIT, p->c.at + p->shift,
                       "the path nests deeper than %d levels",
                       SF_PATH_DEPTH_MAX);
  p->depth++;
  return SF_OK;
}

void sf_parse_leave(sf_parser *p) {
  p->depth--;
}

void sf_parse_doubt(sf_parser *p, const char *what) {
  if (p->path->doubtful == NULL)
    p->path->doubtful = what;
}

/* --- the program --- */

sf_status sf_add_step(sf_parser *p, sf_step_kind kind, uint32_t *out) {
  sf_path *path = p->path;
  void *items = path->steps;
  static const sf_step none = {0};
  if (kind > STEP_INDEX && ++path->branches > SF_PATH_BRANCHES_MAX)
    return sf_error_at(p->err, SF_ERR_LIMIT, p->c.at + p->shift,
                       "the path has more than %d selectors that branch",
                       SF_PATH_BRANCHES_MAX);
  if (!sf_alloc_grow(path->mem, &items, &p->room->steps, path->step_count + 1,
                     sizeof(sf_step)))
    return sf_error_nomem(p->err);
  path->steps = items;
  *out = (uint32_t)path->step_count++;
  path->steps[*out] = none;
  path->steps[*out].kind = (uint8_t)kind;
  path->steps[*out].hint = (uint8_t)(*out % SF_PATH_HINTS);
  return SF_OK;
}

sf_status sf_add_node(sf_parser *p, sf_node_kind kind, uint32_t *out) {
  sf_path *path = p->path;
  void *items = path->nodes;
  static const sf_node none = {0};
  if (!sf_alloc_grow(path->mem, &items, &p->room->nodes, path->node_count + 1,
                     sizeof(sf_node)))
    return sf_error_nomem(p->err);
  path->nodes = items;
  *out = (uint32_t)path->node_count++;
  path->nodes[*out] = none;
  path->nodes[*out].kind = (uint8_t)kind;
  return SF_OK;
}

sf_status sf_add_value(sf_parser *p, sf_value v, uint32_t *out) {
  sf_path *path = p->path;
  void *items = path->values;
  if (v.kind == SF_ABSENT ||
      !sf_alloc_grow(path->mem, &items, &p->room->values, path->value_count + 1,
                     sizeof(sf_value))) {
    sf_release(v);
    return sf_error_nomem(p->err);
  }
  path->values = items;
  *out = (uint32_t)path->value_count++;
  path->values[*out] = v;
  return SF_OK;
}

sf_status sf_add_regex(sf_parser *p, sf_regex *r, uint32_t *out) {
  sf_path *path = p->path;
  void *items = path->regexes;
  if (!sf_alloc_grow(path->mem, &items, &p->room->regexes,
                     path->regex_count + 1, sizeof(sf_regex *))) {
    sf_regex_free(r);
    return sf_error_nomem(p->err);
  }
  path->regexes = items;
  *out = (uint32_t)path->regex_count++;
  path->regexes[*out] = r;
  return SF_OK;
}

sf_value sf_word_value(const char *text, size_t len) {
  static const struct {
    const char *text;
    sf_value value;
  } words[] = {{"true", {{.boolean = true}, SF_BOOLEAN}},
               {"false", {{.boolean = false}, SF_BOOLEAN}},
               {"null", {{0}, SF_NULL}}};
  size_t i;
  for (i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i].text) == len && memcmp(words[i].text, text, len) == 0)
      return words[i].value;
  return sf_absent();
}

sf_status sf_add_literal(sf_parser *p, sf_value v, uint32_t *out) {
  uint32_t value;
  sf_status status = sf_add_value(p, v, &value);
  if (status == SF_OK)
    status = sf_add_node(p, NODE_LITERAL, out);
  if (status == SF_OK)
    p->path->nodes[*out].u.value = value;
  return status;
}

/* --- chains of steps --- */

static bool is_definite(const sf_step *s) {
  return s->kind == STEP_NAME || s->kind == STEP_INDEX || s->kind == STEP_CALL;
}

static void link_step(sf_step *steps, sf_chain *chain, uint32_t step) {
  sf_step *last = &steps[chain->last];
  uint32_t selector;
  last->next = step;
  if (last->kind == STEP_UNION)
    for (selector = last->u.list.first; selector != 0;
         selector = steps[selector].sibling)
      steps[selector].next = step;
}

static void set_upstream(sf_step *steps, sf_step *s, bool upstream) {
  uint32_t selector;
  s->upstream = upstream;
  if (s->kind == STEP_UNION)
    for (selector = s->u.list.first; selector != 0;
         selector = steps[selector].sibling)
      steps[selector].upstream = upstream;
}

void sf_chain_add(sf_parser *p, sf_chain *chain, uint32_t step) {
  sf_step *steps = p->path->steps;
  sf_step *s = &steps[step];
  s->definite = is_definite(s);
  set_upstream(steps, s, chain->definite);
  chain->definite = chain->definite && s->definite;
  chain->singular =
    chain->singular && (s->kind == STEP_NAME || s->kind == STEP_INDEX);
  if (chain->first == 0)
    chain->first = step;
  else
    link_step(steps, chain, step);
  chain->last = step;
}

sf_status sf_chain_bracket(sf_parser *p, sf_chain *chain, uint32_t first,
                           uint32_t last) {
  uint32_t all = first;
  if (first != last) {
    sf_status status = sf_add_step(p, STEP_UNION, &all);
    if (status != SF_OK)
      return status;
    p->path->steps[all].u.list.first = first;
  }
  sf_chain_add(p, chain, all);
  return SF_OK;
}

sf_status sf_chain_step(sf_parser *p, sf_chain *chain, sf_step_kind kind,
                        sf_step **out) {
  uint32_t step;
  sf_status status = sf_add_step(p, kind, &step);
  if (status != SF_OK)
    return status;
  sf_chain_add(p, chain, step);
  if (out != NULL)
    *out = &p->path->steps[step];
  return SF_OK;
}

/* --- queries and strings --- */

/* Several names at the very end give one object: that is definite too. */
static void close_chain(sf_parser *p, sf_chain *chain) {
  sf_step *last = &p->path->steps[chain->last];
  if (last->kind != STEP_NAMES)
    return;
  last->definite = true;
  chain->definite = last->upstream;
}

static void fill_query(sf_parser *p, const sf_chain *chain, bool from_root,
                       uint32_t node) {
  sf_node *n = &p->path->nodes[node];
  n->u.query.first = chain->first;
  n->u.query.from_root = from_root;
  n->u.query.definite = chain->definite;
  n->u.query.singular = chain->singular;
  n->u.query.is_call = p->path->steps[chain->last].kind == STEP_CALL;
  if (from_root && p->inside && !chain->definite)
    n->u.query.slot = ++p->path->slots;
}

sf_status sf_parse_query(sf_parser *p, uint32_t *out) {
  sf_chain chain = {0, 0, true, true};
  bool from_root = sf_peek(&p->c) == '$';
  sf_status status = sf_add_node(p, NODE_QUERY, out);
  if (status != SF_OK)
    return status;
  p->c.at++;
  status = p->rules->segments(p, &chain);
  if (status != SF_OK)
    return status;
  close_chain(p, &chain);
  fill_query(p, &chain, from_root, *out);
  return SF_OK;
}

sf_status sf_parse_string(sf_parser *p, sf_value *out) {
  sf_buffer b;
  size_t fault, begin = p->c.at + 1;
  char quote = sf_peek(&p->c);
  size_t end = sf_find_unescaped(&p->c, begin, quote);
  const char *text = p->c.text + begin;
  bool fine;
  if (end >= p->c.end)
    return sf_parse_fault(p, "a string is not closed");
  sf_buffer_init(&b, p->path->mem);
  fine = p->rules->escapes_loose
           ? sf_unescape_loose(text, end - begin, &b, &fault)
           : sf_unescape_strict(text, end - begin, quote, &b, &fault);
  if (!fine) {
    sf_buffer_clear(&b);
    p->c.at = begin + fault;
    return sf_parse_fault(p, "this can't stand in a string like that");
  }
  p->c.at = end + 1;
  *out = sf_buffer_string(&b);
  return out->kind != SF_ABSENT ? SF_OK : sf_error_nomem(p->err);
}

/* --- logical expressions --- */

const struct sf_operator *sf_parse_operator(sf_parser *p) {
  const sf_operator *op;
  for (op = p->rules->operators; op->text != NULL; op++)
    if (sf_take_text(&p->c, op->text))
      return op;
  return NULL;
}

static sf_status parse_not(sf_parser *p, uint32_t *out);

static sf_status parse_operand(sf_parser *p, uint32_t *out) {
  sf_status status;
  sf_skip(&p->c, p->rules->blanks);
  if (sf_take(&p->c, '!'))
    return parse_not(p, out);
  if (!sf_take(&p->c, '('))
    return p->rules->relation(p, false, out);
  status = sf_parse_enter(p);
  if (status == SF_OK)
    status = sf_parse_logical(p, out);
  if (status != SF_OK)
    return status;
  sf_parse_leave(p);
  sf_skip(&p->c, p->rules->blanks);
  if (!sf_take(&p->c, ')'))
    return sf_parse_fault(p, "')' expected");
  return SF_OK;
}

/* What follows a '!'. */
static sf_status parse_not(sf_parser *p, uint32_t *out) {
  uint32_t operand;
  sf_status status;
  char c;
  sf_skip(&p->c, p->rules->blanks);
  c = sf_peek(&p->c);
  if (c == '$' || c == '@' || !(c == '(' || p->rules->not_anything))
    return p->rules->relation(p, true, out);
  status = sf_parse_enter(p);
  if (status == SF_OK)
    status = parse_operand(p, &operand);
  if (status == SF_OK)
    status = sf_add_node(p, NODE_NOT, out);
  if (status != SF_OK)
    return status;
  sf_parse_leave(p);
  p->path->nodes[*out].left = operand;
  return SF_OK;
}

/* operand *( sign operand ), leaning to the right so that a long row of them
** is walked, not descended. */
static sf_status parse_row(sf_parser *p, const char *sign, sf_node_kind kind,
                           sf_status (*operand)(sf_parser *, uint32_t *),
                           uint32_t *out) {
  uint32_t last = 0;
  for (;;) {
    uint32_t one, row;
    sf_status status = operand(p, &one);
    if (status != SF_OK)
      return status;
    if (last == 0)
      *out = one;
    else
      p->path->nodes[last].right = one;
    sf_skip(&p->c, p->rules->blanks);
    if (!sf_take_text(&p->c, sign))
      return SF_OK;
    status = sf_add_node(p, kind, &row);
    if (status != SF_OK)
      return status;
    p->path->nodes[row].left = one;
    if (last == 0)
      *out = row;
    else
      p->path->nodes[last].right = row;
    last = row;
  }
}

static sf_status parse_and(sf_parser *p, uint32_t *out) {
  return parse_row(p, "&&", NODE_AND, parse_operand, out);
}

sf_status sf_parse_logical(sf_parser *p, uint32_t *out) {
  return parse_row(p, "||", NODE_OR, parse_and, out);
}
