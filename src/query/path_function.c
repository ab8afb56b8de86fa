/*
** path_function.c - the table of functions, and those of RFC 9535.  A new one
** is a row.
*/
#include <string.h>

#include "base/utf8.h"
#include "query/path_function.h"
#include "query/path_operand.h"
#include "query/path_parse.h"

/* --- RFC 9535 section 2.4 --- */

static sf_outcome rfc_length(sf_eval *e, uint32_t args, sf_value item,
                             sf_value *out) {
  sf_operand o;
  sf_outcome outcome = sf_operand_eval(e, args, item, &o);
  if (outcome != RUN_ON)
    return outcome;
  switch (o.v.kind) {
    case SF_STRING:
      *out = sf_integer(
        (int64_t)sf_utf8_count(sf_string_text(o.v), sf_string_length(o.v)));
      return sf_eval_work(e, sf_string_length(o.v) / 64);
    case SF_ARRAY: *out = sf_integer((int64_t)sf_array_count(o.v)); break;
    case SF_OBJECT: *out = sf_integer((int64_t)sf_object_count(o.v)); break;
    default: *out = sf_absent(); break;
  }
  return RUN_ON;
}

/* Run the query argument into the sink. */
static sf_outcome run_argument(sf_eval *e, uint32_t query, sf_value item,
                               sf_sink sink) {
  bool from_root = e->node_table[query].u.query.from_root;
  sf_sink before = e->sink;
  sf_outcome outcome;
  e->sink = sink;
  outcome = sf_eval_query(e, query, from_root ? e->root : item);
  e->sink = before;
  return outcome;
}

static sf_outcome rfc_count(sf_eval *e, uint32_t args, sf_value item,
                            sf_value *out) {
  size_t before = e->found;
  sf_outcome outcome;
  e->found = 0;
  outcome = run_argument(e, args, item, SINK_COUNT);
  *out = sf_integer((int64_t)e->found);
  e->found = before;
  return outcome;
}

static sf_outcome rfc_value(sf_eval *e, uint32_t args, sf_value item,
                            sf_value *out) {
  size_t mark = e->node_count;
  sf_outcome outcome = run_argument(e, args, item, SINK_NODES);
  *out = e->node_count == mark + 1 ? e->nodes[mark] : sf_absent();
  e->node_count = mark;
  return outcome;
}

/* The pattern that comes from the document, compiled; NULL when it is none. */
static sf_outcome dynamic_regex(sf_eval *e, sf_regex_kind kind, sf_value text,
                                sf_regex **out) {
  sf_status status;
  *out = e->regex;
  if (e->regex_text.kind == SF_STRING && e->regex_kind == kind &&
      sf_equal(e->regex_text, text))
    return RUN_ON;
  sf_regex_free(e->regex);
  e->regex = NULL;
  sf_assign(&e->regex_text, sf_retain(text));
  e->regex_kind = kind;
  status = sf_regex_new(e->mem, kind, sf_string_text(text),
                        sf_string_length(text), "", 0, &e->regex, e->err);
  *out = e->regex;
  if (status == SF_ERR_NOMEM)
    return RUN_FAILED;
  return sf_eval_work(e, 10 + sf_string_length(text));
}

static sf_outcome match(sf_eval *e, sf_regex_kind kind, uint32_t args,
                        sf_value item, sf_value *out) {
  sf_operand text, pattern;
  bool yes = false;
  sf_outcome outcome = sf_operand_eval(e, args, item, &text);
  *out = sf_boolean(false);
  if (outcome == RUN_ON)
    outcome = sf_operand_eval(e, e->node_table[args].right, item, &pattern);
  if (outcome != RUN_ON || text.v.kind != SF_STRING)
    return outcome;
  if (pattern.kind == OPERAND_VALUE && pattern.v.kind == SF_STRING)
    outcome = dynamic_regex(e, kind, pattern.v, &pattern.regex);
  if (outcome != RUN_ON || pattern.regex == NULL)
    return outcome;
  if (sf_regex_test(pattern.regex, sf_string_text(text.v),
                    sf_string_length(text.v), e->budget, &yes, e->err) != SF_OK)
    return RUN_FAILED;
  *out = sf_boolean(yes);
  return RUN_ON;
}

static sf_outcome rfc_match(sf_eval *e, uint32_t args, sf_value item,
                            sf_value *out) {
  return match(e, SF_REGEX_MATCH, args, item, out);
}

static sf_outcome rfc_search(sf_eval *e, uint32_t args, sf_value item,
                             sf_value *out) {
  return match(e, SF_REGEX_SEARCH, args, item, out);
}

/* A literal pattern is compiled with the path.  One that is no I-Regexp
** matches nothing: it becomes null. */
static sf_status prepare_regex(sf_parser *p, uint32_t node,
                               sf_regex_kind kind) {
  sf_path *path = p->path;
  uint32_t arg = path->nodes[path->nodes[node].left].right, at;
  sf_value text;
  sf_regex *regex = NULL;
  sf_status status;
  sf_error ignored;
  if (path->nodes[arg].kind != NODE_LITERAL)
    return SF_OK;
  text = path->values[path->nodes[arg].u.value];
  if (text.kind != SF_STRING)
    return SF_OK;
  status = sf_regex_new(path->mem, kind, sf_string_text(text),
                        sf_string_length(text), "", 0, &regex, &ignored);
  if (status == SF_ERR_NOMEM)
    return sf_error_nomem(p->err);
  if (status != SF_OK) {
    sf_assign(&path->values[path->nodes[arg].u.value], sf_null());
    return SF_OK;
  }
  status = sf_add_regex(p, regex, &at);
  path->nodes[arg].kind = NODE_REGEX;
  path->nodes[arg].u.value = at;
  return status;
}

static sf_status prepare_match(sf_parser *p, uint32_t node) {
  return prepare_regex(p, node, SF_REGEX_MATCH);
}

static sf_status prepare_search(sf_parser *p, uint32_t node) {
  return prepare_regex(p, node, SF_REGEX_SEARCH);
}

/* --- the table --- */

#define RFC(name, result, count, a, b, prepare, call)                          \
  { name, SF_DIALECT_RFC9535, result, count, {a, b}, prepare, call, NULL }
#define AWS(name, apply)                                                       \
  {                                                                            \
    name, SF_DIALECT_AWS, SF_TYPE_VALUE, 0, {SF_TYPE_VALUE, SF_TYPE_VALUE},    \
      NULL, NULL, apply                                                        \
  }

static const sf_function functions[] = {
  RFC("length", SF_TYPE_VALUE, 1, SF_TYPE_VALUE, SF_TYPE_VALUE, NULL,
      rfc_length),
  RFC("count", SF_TYPE_VALUE, 1, SF_TYPE_NODES, SF_TYPE_VALUE, NULL, rfc_count),
  RFC("value", SF_TYPE_VALUE, 1, SF_TYPE_NODES, SF_TYPE_VALUE, NULL, rfc_value),
  RFC("match", SF_TYPE_LOGICAL, 2, SF_TYPE_VALUE, SF_TYPE_VALUE, prepare_match,
      rfc_match),
  RFC("search", SF_TYPE_LOGICAL, 2, SF_TYPE_VALUE, SF_TYPE_VALUE,
      prepare_search, rfc_search),
  AWS("length", sf_aws_length),
  AWS("size", sf_aws_length),
  AWS("min", sf_aws_min),
  AWS("max", sf_aws_max),
  AWS("avg", sf_aws_avg),
  AWS("sum", sf_aws_sum),
  AWS("stddev", sf_aws_stddev),
  AWS("keys", sf_aws_keys),
  AWS("concat", sf_aws_concat),
  AWS("append", sf_aws_append),
  AWS("first", sf_aws_first),
  AWS("last", sf_aws_last),
  AWS("index", sf_aws_index)};

const sf_function *sf_function_find(sf_dialect dialect, const char *name,
                                    size_t len) {
  size_t i;
  for (i = 0; i < sizeof functions / sizeof *functions; i++)
    if (functions[i].dialect == dialect && strlen(functions[i].name) == len &&
        memcmp(functions[i].name, name, len) == 0)
      return &functions[i];
  return NULL;
}
