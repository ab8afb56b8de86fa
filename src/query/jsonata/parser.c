/*
** parser.c - text to tree: a Pratt parser.  The grammar is the table at the
** end: for each token how strongly it binds to the left, and what it means
** before and behind an operand.
*/
#include <string.h>

#include "base/buffer.h"
#include "query/jsonata/compiler.h"
#include "query/jsonata/lexer.h"
#include "query/jsonata/regex.h"
#include "query/jsonata/signature.h"

typedef struct parser {
  jn_compiler *c;
  jn_lexer lexer;
  jn_token token; /* the one that comes next */
  unsigned depth;
} parser;

typedef jn_node *(*prefix_fn)(parser *p, const jn_token *t);
typedef jn_node *(*infix_fn)(parser *p, const jn_token *t, jn_node *left);

typedef struct rule {
  unsigned char power; /* to the left */
  unsigned char op;    /* for infix_binary */
  prefix_fn prefix;    /* NULL: cannot begin an operand */
  infix_fn infix;
} rule;

static const rule *rule_of(int token);
static jn_node *expression(parser *p, unsigned power);

/* --- faults and tokens --- */

static jn_value token_text(parser *p, const jn_token *t) {
  return jn_text_borrow(p->c->arena, t->text.at, t->text.length);
}

static jn_value token_value(parser *p, const jn_token *t) {
  switch (t->kind) {
    case JN_T_NUMBER: return jn_number(t->number);
    case JN_T_TRUE: return sf_boolean(true);
    case JN_T_FALSE: return sf_boolean(false);
    case JN_T_NULL: return sf_null();
    default: return token_text(p, t);
  }
}

static void *fail(parser *p, const char *code, const jn_token *t) {
  jn_fault_set(p->c->fault, code, jn_undefined());
  p->c->fault->position = t->position;
  p->c->fault->token = token_value(p, t);
  return NULL;
}

static bool advance(parser *p, bool infix) {
  if (!jn_lexer_next(&p->lexer, infix, &p->token))
    return false;
  if (p->token.kind == '!' || p->token.kind == '~') {
    fail(p, "S0204", &p->token);
    return false;
  }
  return true;
}

/* Take the token 'kind', whose text is 'text'. */
static bool expect(parser *p, int kind, const char *text, bool infix) {
  if (p->token.kind == kind)
    return advance(p, infix);
  fail(p, p->token.kind == JN_T_END ? "S0203" : "S0202", &p->token);
  p->c->fault->value = jn_text_borrow(p->c->arena, text, strlen(text));
  return false;
}

/* --- nodes --- */

static jn_node *node(parser *p, jn_kind kind, const jn_token *t) {
  return jn_node_new(p->c, kind, t->position);
}

/* A string as a value of its own; one with half a surrogate pair stays a text
** of the arena. */
static bool constant(parser *p, jn_bytes b, jn_value *out) {
  const char *at = b.at, *end = b.at + b.length;
  while (at < end && (unsigned char)*at != 0xED)
    at++;
  for (; at < end; at++)
    if ((unsigned char)at[0] == 0xED && end - at > 1 &&
        (unsigned char)at[1] >= 0xA0) {
      *out = jn_text_borrow(p->c->arena, b.at, b.length);
      return !jn_is_undefined(*out) || jn_fault_nomem(p->c->fault);
    }
  *out = sf_string_new(p->c->mem, b.at, b.length);
  return jn_kept_add(p->c->kept, *out) || jn_fault_nomem(p->c->fault);
}

static jn_node *named(parser *p, jn_kind kind, const jn_token *t) {
  jn_node *n = node(p, kind, t);
  return n != NULL && constant(p, t->text, &n->value) ? n : NULL;
}

static jn_node *binary(parser *p, jn_op op, const jn_token *t, jn_node *a,
                       jn_node *b) {
  jn_node *n = node(p, JN_BINARY, t);
  if (n == NULL || !jn_node_holds(p->c, n, a) || !jn_node_holds(p->c, n, b))
    return NULL;
  n->op = (unsigned char)op;
  n->a = a;
  n->b = b;
  return n;
}

/* --- operands --- */

static jn_node *prefix_name(parser *p, const jn_token *t) {
  return named(p, JN_NAME, t);
}

static jn_node *prefix_string(parser *p, const jn_token *t) {
  return named(p, JN_LITERAL, t);
}

static jn_node *prefix_variable(parser *p, const jn_token *t) {
  jn_node *n = named(p, JN_VARIABLE, t);
  if (n == NULL)
    return NULL;
  n->name = t->text.length == 0
              ? 0
              : jn_names_number(p->c->arena, p->c->names, n->value);
  if (n->name > 0 || t->text.length == 0)
    return n;
  jn_fault_nomem(p->c->fault);
  return NULL;
}

static jn_node *prefix_literal(parser *p, const jn_token *t) {
  jn_node *n = node(p, JN_LITERAL, t);
  if (n == NULL)
    return NULL;
  if (t->kind == JN_T_NUMBER)
    n->value = jn_number(t->number);
  else if (t->kind == JN_T_NULL)
    n->value = sf_null();
  else
    n->value = sf_boolean(t->kind == JN_T_TRUE);
  return n;
}

static jn_node *prefix_regex(parser *p, const jn_token *t) {
  jn_node *n = named(p, JN_REGEX, t);
  if (n == NULL)
    return NULL;
  n->regex = jn_regex_new(p->c->kept, p->c->mem, t->text, t->caseless,
                          t->multiline, p->c->fault);
  if (n->regex != NULL)
    return n;
  p->c->fault->position = t->position;
  return NULL;
}

static jn_node *prefix_end(parser *p, const jn_token *t) {
  return named(p, JN_END, t);
}

static jn_node *prefix_wildcard(parser *p, const jn_token *t) {
  return node(p, JN_WILDCARD, t);
}

static jn_node *prefix_descendant(parser *p, const jn_token *t) {
  return node(p, JN_DESCENDANT, t);
}

static jn_node *prefix_parent(parser *p, const jn_token *t) {
  return node(p, JN_PARENT, t);
}

static jn_node *prefix_minus(parser *p, const jn_token *t) {
  jn_node *n = node(p, JN_NEGATE, t);
  if (n == NULL)
    return NULL;
  n->a = expression(p, 70);
  return jn_node_holds(p->c, n, n->a) ? n : NULL;
}

/* ( a ; b ; ) */
static jn_node *prefix_block(parser *p, const jn_token *t) {
  jn_node *n = node(p, JN_BLOCK, t);
  if (n == NULL)
    return NULL;
  while (p->token.kind != ')') {
    if (!jn_node_push(p->c, n, expression(p, 0)))
      return NULL;
    if (p->token.kind != ';')
      break;
    if (!advance(p, false))
      return NULL;
  }
  return expect(p, ')', ")", true) ? n : NULL;
}

/* An item of [...], which may be a range. */
static jn_node *list_item(parser *p) {
  jn_node *item = expression(p, 0);
  jn_token range = p->token;
  if (item == NULL || range.kind != JN_T_RANGE)
    return item;
  if (!advance(p, false))
    return NULL;
  return binary(p, JN_OP_RANGE, &range, item, expression(p, 0));
}

static jn_node *prefix_list(parser *p, const jn_token *t) {
  jn_node *n = node(p, JN_LIST, t);
  bool more = n != NULL && p->token.kind != ']';
  if (n == NULL)
    return NULL;
  while (more) {
    if (!jn_node_push(p->c, n, list_item(p)))
      return NULL;
    more = p->token.kind == ',';
    if (more && !advance(p, false))
      return NULL;
  }
  return expect(p, ']', "]", true) ? n : NULL;
}

static jn_node *prefix_map(parser *p, const jn_token *t) {
  jn_node *n = node(p, JN_MAP, t);
  bool more = n != NULL && p->token.kind != '}';
  if (n == NULL)
    return NULL;
  while (more) {
    if (!jn_node_push(p->c, n, expression(p, 0)) ||
        !expect(p, ':', ":", false) || !jn_node_push(p->c, n, expression(p, 0)))
      return NULL;
    more = p->token.kind == ',';
    if (more && !advance(p, false))
      return NULL;
  }
  return expect(p, '}', "}", true) ? n : NULL;
}

/* |where|update| or |where|update,delete| */
static jn_node *prefix_transform(parser *p, const jn_token *t) {
  jn_node *n = node(p, JN_TRANSFORM, t);
  if (n == NULL)
    return NULL;
  n->a = expression(p, 0);
  if (!jn_node_holds(p->c, n, n->a) || !expect(p, '|', "|", false))
    return NULL;
  n->b = expression(p, 0);
  if (!jn_node_holds(p->c, n, n->b))
    return NULL;
  if (p->token.kind == ',') {
    if (!advance(p, false))
      return NULL;
    n->c = expression(p, 0);
    if (!jn_node_holds(p->c, n, n->c))
      return NULL;
  }
  return expect(p, '|', "|", false) ? n : NULL;
}

/* --- behind an operand --- */

static jn_node *infix_binary(parser *p, const jn_token *t, jn_node *left) {
  const rule *r = rule_of(t->kind);
  return binary(p, (jn_op)r->op, t, left, expression(p, r->power));
}

/* Kinds with two children: a ~> b, a ?? b, a ?: b */
static jn_node *pair(parser *p, jn_kind kind, const jn_token *t, jn_node *left,
                     unsigned power) {
  jn_node *n = node(p, kind, t);
  if (n == NULL || !jn_node_holds(p->c, n, left))
    return NULL;
  n->a = left;
  n->b = expression(p, power);
  return jn_node_holds(p->c, n, n->b) ? n : NULL;
}

static jn_node *infix_apply(parser *p, const jn_token *t, jn_node *left) {
  return pair(p, JN_APPLY, t, left, rule_of(t->kind)->power);
}

static jn_node *infix_coalesce(parser *p, const jn_token *t, jn_node *left) {
  return pair(p, JN_COALESCE, t, left, 0);
}

static jn_node *infix_default(parser *p, const jn_token *t, jn_node *left) {
  return pair(p, JN_DEFAULT, t, left, 0);
}

static jn_node *infix_condition(parser *p, const jn_token *t, jn_node *left) {
  jn_node *n = pair(p, JN_CONDITION, t, left, 0);
  if (n == NULL || p->token.kind != ':')
    return n;
  if (!advance(p, false))
    return NULL;
  n->c = expression(p, 0);
  return jn_node_holds(p->c, n, n->c) ? n : NULL;
}

static jn_node *infix_group(parser *p, const jn_token *t, jn_node *left) {
  return binary(p, JN_OP_GROUP, t, left, prefix_map(p, t));
}

static jn_node *infix_filter(parser *p, const jn_token *t, jn_node *left) {
  jn_node *n, *step = left;
  if (p->token.kind != ']') {
    n = binary(p, JN_OP_FILTER, t, left, expression(p, 0));
    return n != NULL && expect(p, ']', "]", true) ? n : NULL;
  }
  while (step->kind == JN_BINARY && step->op == JN_OP_FILTER)
    step = step->a;
  step->keep_array = true;
  return advance(p, false) ? left : NULL;
}

static jn_node *sort_term(parser *p) {
  jn_node *term = node(p, JN_TERM, &p->token);
  if (term == NULL)
    return NULL;
  term->is_descending = p->token.kind == '>';
  if ((p->token.kind == '<' || p->token.kind == '>') && !advance(p, false))
    return NULL;
  term->a = expression(p, 0);
  return jn_node_holds(p->c, term, term->a) ? term : NULL;
}

/* a^(>b, c) */
static jn_node *infix_sort(parser *p, const jn_token *t, jn_node *left) {
  jn_node *sort = node(p, JN_SORT, t);
  if (sort == NULL || !expect(p, '(', "(", false))
    return NULL;
  for (;;) {
    if (!jn_node_push(p->c, sort, sort_term(p)))
      return NULL;
    if (p->token.kind != ',')
      break;
    if (!advance(p, false))
      return NULL;
  }
  return expect(p, ')', ")", false) ? binary(p, JN_OP_SORT, t, left, sort)
                                    : NULL;
}

/* A fault at a node: its position and what its token was. */
static void *fail_node(parser *p, const char *code, const jn_node *n) {
  const char *text = jn_node_text(n, true);
  jn_fault_set(p->c->fault, code, jn_undefined());
  p->c->fault->position = n->position;
  p->c->fault->token = n->value;
  if (text != NULL)
    p->c->fault->token = jn_text_borrow(p->c->arena, text, strlen(text));
  return NULL;
}

static jn_node *infix_bind(parser *p, const jn_token *t, jn_node *left) {
  jn_node *n;
  if (left->kind != JN_VARIABLE)
    return fail_node(p, "S0212", left);
  n = node(p, JN_BIND, t);
  if (n == NULL)
    return NULL;
  n->name = left->name;
  n->value = left->value;
  n->a = expression(p, rule_of(t->kind)->power - 1u);
  return jn_node_holds(p->c, n, n->a) ? n : NULL;
}

/* a@$v and a#$v */
static jn_node *infix_bind_step(parser *p, const jn_token *t, jn_node *left) {
  const rule *r = rule_of(t->kind);
  jn_node *right = expression(p, r->power);
  if (right == NULL)
    return NULL;
  if (right->kind == JN_VARIABLE)
    return binary(p, (jn_op)r->op, t, left, right);
  fail_node(p, "S0214", right);
  p->c->fault->token = token_text(p, t);
  return NULL;
}

/* --- calls and lambdas --- */

static bool argument(parser *p, jn_node *call) {
  jn_node *hole;
  if (p->token.kind != '?')
    return jn_node_push(p->c, call, expression(p, 0));
  call->kind = JN_PARTIAL;
  hole = node(p, JN_PLACEHOLDER, &p->token);
  return jn_node_push(p->c, call, hole) && advance(p, false);
}

static bool is_lambda_word(const jn_node *n) {
  static const char *const texts[] = {"function", "\xCE\xBB"};
  size_t i;
  for (i = 0; n->kind == JN_NAME && i < 2; i++)
    if (sf_string_is(n->value, texts[i]))
      return true;
  return false;
}

/* <s-:s>: the text of its tokens */
static bool signature(parser *p, jn_node *lambda) {
  sf_buffer text;
  uint32_t start = p->token.position;
  size_t offset = 0;
  int depth = 1;
  bool fine = true;
  sf_buffer_init(&text, p->c->mem);
  sf_buffer_add_char(&text, '<');
  while (fine && depth > 0 && p->token.kind != '{' &&
         p->token.kind != JN_T_END) {
    fine = advance(p, false);
    if (!fine)
      break;
    depth += p->token.kind == '<' ? 1 : p->token.kind == '>' ? -1 : 0;
    sf_buffer_add(&text, p->token.text.at, p->token.text.length);
  }
  if (fine)
    fine = expect(p, '>', ">", false);
  if (fine && text.failed)
    fine = jn_fault_nomem(p->c->fault);
  if (fine) {
    lambda->signature = jn_signature_parse(p->c->arena, text.bytes, text.length,
                                           &offset, p->c->fault);
    fine = lambda->signature != NULL;
    if (!fine)
      p->c->fault->position = start + offset;
  }
  sf_buffer_clear(&text);
  return fine;
}

static jn_node *lambda(parser *p, jn_node *n) {
  uint32_t i;
  for (i = 0; i < n->count; i++)
    if (n->items[i]->kind != JN_VARIABLE) {
      fail_node(p, "S0208", n->items[i]);
      p->c->fault->value = sf_integer((int64_t)i + 1);
      return NULL;
    }
  n->kind = JN_LAMBDA;
  if (p->token.kind == '<' && !signature(p, n))
    return NULL;
  if (!expect(p, '{', "{", false))
    return NULL;
  n->a = expression(p, 0);
  return jn_node_holds(p->c, n, n->a) && expect(p, '}', "}", false) ? n : NULL;
}

static jn_node *infix_call(parser *p, const jn_token *t, jn_node *left) {
  jn_node *n = node(p, JN_CALL, t);
  bool more = n != NULL && p->token.kind != ')';
  if (n == NULL || !jn_node_holds(p->c, n, left))
    return NULL;
  n->a = left;
  while (more) {
    if (!argument(p, n))
      return NULL;
    more = p->token.kind == ',';
    if (more && !advance(p, false))
      return NULL;
  }
  if (!expect(p, ')', ")", true))
    return NULL;
  return is_lambda_word(left) ? lambda(p, n) : n;
}

/* --- the grammar --- */

static const rule rules[] = {
  [JN_T_END] = {0, 0, prefix_end, NULL},
  [JN_T_NAME] = {0, 0, prefix_name, NULL},
  [JN_T_VARIABLE] = {0, 0, prefix_variable, NULL},
  [JN_T_STRING] = {0, 0, prefix_string, NULL},
  [JN_T_NUMBER] = {0, 0, prefix_literal, NULL},
  [JN_T_TRUE] = {0, 0, prefix_literal, NULL},
  [JN_T_FALSE] = {0, 0, prefix_literal, NULL},
  [JN_T_NULL] = {0, 0, prefix_literal, NULL},
  [JN_T_REGEX] = {0, 0, prefix_regex, NULL},
  ['('] = {80, 0, prefix_block, infix_call},
  ['['] = {80, 0, prefix_list, infix_filter},
  ['@'] = {80, JN_OP_FOCUS, NULL, infix_bind_step},
  ['#'] = {80, JN_OP_INDEX, NULL, infix_bind_step},
  ['.'] = {75, JN_OP_DOT, NULL, infix_binary},
  ['{'] = {70, 0, prefix_map, infix_group},
  ['*'] = {60, JN_OP_MULTIPLY, prefix_wildcard, infix_binary},
  ['/'] = {60, JN_OP_DIVIDE, NULL, infix_binary},
  ['%'] = {60, JN_OP_MODULO, prefix_parent, infix_binary},
  ['+'] = {50, JN_OP_ADD, NULL, infix_binary},
  ['-'] = {50, JN_OP_SUBTRACT, prefix_minus, infix_binary},
  ['&'] = {50, JN_OP_CONCAT, NULL, infix_binary},
  ['='] = {40, JN_OP_EQUAL, NULL, infix_binary},
  [JN_T_UNEQUAL] = {40, JN_OP_UNEQUAL, NULL, infix_binary},
  ['<'] = {40, JN_OP_LESS, NULL, infix_binary},
  ['>'] = {40, JN_OP_GREATER, NULL, infix_binary},
  [JN_T_LESS_EQUAL] = {40, JN_OP_LESS_EQUAL, NULL, infix_binary},
  [JN_T_GREATER_EQUAL] = {40, JN_OP_GREATER_EQUAL, NULL, infix_binary},
  [JN_T_IN] = {40, JN_OP_IN, prefix_name, infix_binary},
  ['^'] = {40, 0, NULL, infix_sort},
  [JN_T_APPLY] = {40, 0, NULL, infix_apply},
  [JN_T_COALESCE] = {40, 0, NULL, infix_coalesce},
  [JN_T_DEFAULT] = {40, 0, NULL, infix_default},
  [JN_T_AND] = {30, JN_OP_AND, prefix_name, infix_binary},
  [JN_T_OR] = {25, JN_OP_OR, prefix_name, infix_binary},
  ['?'] = {20, 0, NULL, infix_condition},
  [JN_T_BIND] = {10, 0, NULL, infix_bind},
  [JN_T_DESCENDANT] = {0, 0, prefix_descendant, NULL},
  ['|'] = {0, 0, prefix_transform, NULL},
};

static const rule *rule_of(int token) {
  static const rule none = {0, 0, NULL, NULL};
  return (size_t)token < sizeof rules / sizeof *rules ? &rules[token] : &none;
}

static jn_node *operand(parser *p) {
  jn_token t = p->token;
  prefix_fn prefix = rule_of(t.kind)->prefix;
  if (!advance(p, true))
    return NULL;
  return prefix != NULL ? prefix(p, &t) : fail(p, "S0211", &t);
}

static jn_node *expression(parser *p, unsigned power) {
  jn_node *left;
  if (p->depth == SF_JSONATA_NESTING_MAX) {
    fail(p, "U1001", &p->token);
    p->c->fault->status = SF_ERR_LIMIT;
    p->c->fault->name = "the expression is nested too deeply";
    return NULL;
  }
  p->depth++;
  left = operand(p);
  while (left != NULL && power < rule_of(p->token.kind)->power) {
    jn_token t = p->token;
    left = advance(p, false) ? rule_of(t.kind)->infix(p, &t, left) : NULL;
  }
  p->depth--;
  return left;
}

jn_node *jn_parse(jn_compiler *c) {
  parser p;
  jn_node *tree;
  memset(&p, 0, sizeof p);
  p.c = c;
  p.lexer.text = p.lexer.at = c->text;
  p.lexer.end = c->text + c->length;
  p.lexer.dialect = c->dialect;
  p.lexer.arena = c->arena;
  p.lexer.fault = c->fault;
  if (!advance(&p, false))
    return NULL;
  tree = expression(&p, 0);
  if (tree != NULL && p.token.kind != JN_T_END)
    return fail(&p, "S0201", &p.token);
  return tree;
}
