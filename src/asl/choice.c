/*
** choice.c - evaluates choice rules: a loop over tests with two exits each.
**
** A value of the wrong type makes a comparison false; a Variable that names
** nothing is an error, but for IsPresent.
*/
#include "asl/choice.h"

#include <stddef.h>
#include <string.h>

#define OPERATOR(name, type, relation, path)                                   \
  {#name, SF_TYPE_##type, SF_RELATION_##relation, path},

static const sf_operator operators[] = {SF_OPERATORS(OPERATOR)};

const sf_operator *sf_operator_at(size_t index) {
  return &operators[index];
}

void sf_test_clear(sf_test *t) {
  sf_expr_free(t->variable);
  sf_expr_free(t->operand_path);
  sf_release(t->operand);
}

/* --- comparing --- */

/* Strings are ordered by UTF-16 code unit, as Java does.  UTF-8 has that order
** but for characters beyond U+FFFF (first byte 0xF0 and up): as surrogates they
** come before U+E000 (first byte 0xEE). */
static int compare_strings(sf_value a, sf_value b) {
  const unsigned char *x = (const unsigned char *)sf_string_text(a);
  const unsigned char *y = (const unsigned char *)sf_string_text(b);
  size_t n = sf_string_length(a), m = sf_string_length(b), i;
  for (i = 0; i < n && i < m && x[i] == y[i]; i++)
    ;
  if (i == n || i == m)
    return n < m ? -1 : n > m;
  if (x[i] >= 0xEE && y[i] >= 0xEE && (x[i] >= 0xF0) != (y[i] >= 0xF0))
    return x[i] >= 0xF0 ? -1 : 1;
  return x[i] < y[i] ? -1 : 1;
}

static bool related(sf_relation relation, int order) {
  switch (relation) {
    case SF_RELATION_EQUAL: return order == 0;
    case SF_RELATION_LESS: return order < 0;
    case SF_RELATION_GREATER: return order > 0;
    case SF_RELATION_LESS_EQUAL: return order <= 0;
    case SF_RELATION_GREATER_EQUAL: return order >= 0;
    default: return false;
  }
}

static bool read_time(sf_value v, sf_time *t) {
  return v.kind == SF_STRING &&
         sf_time_parse_data(sf_string_text(v), sf_string_length(v), t);
}

static bool compare(const sf_test *t, sf_value v, sf_value operand) {
  sf_relation relation = t->op->relation;
  sf_time a, b = t->instant;
  double x, y;
  switch (t->op->type) {
    case SF_TYPE_STRING:
      if (v.kind != SF_STRING || operand.kind != SF_STRING)
        return false;
      if (relation == SF_RELATION_EQUAL)
        return sf_string_length(v) == sf_string_length(operand) &&
               memcmp(sf_string_text(v), sf_string_text(operand),
                      sf_string_length(v)) == 0;
      return related(relation, compare_strings(v, operand));
    case SF_TYPE_NUMERIC:
      if (!sf_is_number(v) || !sf_is_number(operand))
        return false;
      x = sf_to_double(v);
      y = sf_to_double(operand);
      return related(relation, x < y ? -1 : x > y);
    case SF_TYPE_BOOLEAN:
      return v.kind == SF_BOOLEAN && operand.kind == SF_BOOLEAN &&
             v.u.boolean == operand.u.boolean;
    case SF_TYPE_TIMESTAMP:
      if (!read_time(v, &a) || (t->op->path && !read_time(operand, &b)))
        return false;
      return related(relation, a < b ? -1 : a > b);
  }
  return false;
}

/* --- StringMatches --- */

/* A backslash stands before '*' or another backslash, nowhere else. */
static bool pattern_is_sound(const char *p, const char *end) {
  for (; p < end; p++)
    if (*p == '\\' && (++p == end || (*p != '*' && *p != '\\')))
      return false;
  return true;
}

/* Only the last star is ever tried again, so that the work is at most the
** product of the lengths. */
static bool matches(const char *p, const char *pend, const char *s,
                    const char *send) {
  const char *star = NULL, *retry = NULL;
  while (s < send) {
    if (p < pend && *p == '*') {
      star = ++p;
      retry = s;
    } else if (p < pend && *p == '\\' && p[1] == *s) {
      p += 2;
      s++;
    } else if (p < pend && *p != '\\' && *p == *s) {
      p++;
      s++;
    } else if (star != NULL) {
      p = star;
      s = ++retry;
    } else {
      return false;
    }
  }
  while (p < pend && *p == '*')
    p++;
  return p == pend;
}

static sf_status match(const sf_test *t, sf_value v, bool *holds,
                       sf_error *err) {
  const char *p = sf_string_text(t->operand);
  const char *pend = p + sf_string_length(t->operand);
  if (!pattern_is_sound(p, pend))
    return sf_error_set(err, SF_ERR_EVALUATE,
                        "Invalid StringMatches pattern '%s': a backslash "
                        "stands neither before '*' nor before a backslash",
                        p);
  if (v.kind == SF_STRING) {
    const char *s = sf_string_text(v);
    *holds = matches(p, pend, s, s + sf_string_length(v));
  }
  return SF_OK;
}

/* --- tests --- */

static bool has_type(sf_relation relation, sf_value v) {
  sf_time t;
  switch (relation) {
    case SF_RELATION_IS_NULL: return v.kind == SF_NULL;
    case SF_RELATION_IS_PRESENT: return v.kind != SF_ABSENT;
    case SF_RELATION_IS_NUMERIC: return sf_is_number(v);
    case SF_RELATION_IS_STRING: return v.kind == SF_STRING;
    case SF_RELATION_IS_BOOLEAN: return v.kind == SF_BOOLEAN;
    default: return read_time(v, &t);
  }
}

/* What the tests of one selection see, and which variables were looked up. */
typedef struct sf_view {
  const sf_env *env;
  uint32_t known;               /* bits of slots */
  sf_value slots[SF_SLOTS_MAX]; /* borrowed */
} sf_view;

/* What a test looks at.  'v' is borrowed, unless 'owned' holds it too. */
typedef struct sf_look {
  sf_value v, owned;
} sf_look;

/* The node that 'e' names; SF_ABSENT when there is none and 'optional'. */
static sf_status look(const sf_expr *e, const sf_env *env, bool optional,
                      sf_look *at, sf_error *err) {
  sf_status st = sf_expr_eval(e, env, &at->owned, err);
  at->v = at->owned;
  if (st != SF_ERR_NOT_FOUND)
    return st;
  at->v = at->owned = sf_absent();
  if (optional)
    return SF_OK;
  return sf_error_set(err, SF_ERR_NOT_FOUND,
                      "Invalid path '%s': The choice state's condition path "
                      "references an invalid value.",
                      sf_expr_text(e));
}

static sf_status look_at_operand(const sf_test *t, const sf_env *env,
                                 sf_look *at, sf_error *err) {
  at->owned = sf_absent();
  at->v = sf_expr_peek(t->operand_path, env);
  return at->v.kind != SF_ABSENT ? SF_OK
                                 : look(t->operand_path, env, false, at, err);
}

static sf_status look_at_variable(const sf_test *t, sf_view *view, sf_look *at,
                                  sf_error *err) {
  bool optional = t->op->relation == SF_RELATION_IS_PRESENT;
  uint32_t bit = t->slot != SF_NONE ? UINT32_C(1) << t->slot : 0;
  at->owned = sf_absent();
  at->v = view->known & bit ? view->slots[t->slot]
                            : sf_expr_peek(t->variable, view->env);
  if (bit != 0) {
    view->known |= bit;
    view->slots[t->slot] = at->v;
  }
  if (at->v.kind != SF_ABSENT || (optional && t->plain))
    return SF_OK;
  return look(t->variable, view->env, optional, at, err);
}

static sf_status compare_with_path(const sf_test *t, const sf_env *env,
                                   sf_value v, bool *holds, sf_error *err) {
  sf_look operand;
  sf_status st = look_at_operand(t, env, &operand, err);
  if (st == SF_OK)
    *holds = compare(t, v, operand.v);
  sf_release(operand.owned);
  return st;
}

static sf_status decide(const sf_test *t, const sf_env *env, sf_value v,
                        bool *holds, sf_error *err) {
  if (t->op->relation == SF_RELATION_MATCHES)
    return match(t, v, holds, err);
  if (t->op->relation >= SF_RELATION_IS_NULL)
    *holds = has_type(t->op->relation, v) == t->operand.u.boolean;
  else if (t->op->path)
    return compare_with_path(t, env, v, holds, err);
  else
    *holds = compare(t, v, t->operand);
  return SF_OK;
}

static sf_status run_test(const sf_test *t, sf_view *view, bool *holds,
                          sf_error *err) {
  sf_look variable;
  sf_status st = look_at_variable(t, view, &variable, err);
  *holds = false;
  if (st == SF_OK)
    st = decide(t, view->env, variable.v, holds, err);
  sf_release(variable.owned);
  return st;
}

/* Is the rule met? */
static sf_status run_rule(const sf_choice_rule *rule, sf_view *view,
                          bool *holds, sf_error *err) {
  uint32_t at = 0;
  while (at < rule->ntests) {
    const sf_test *t = &rule->tests[at];
    sf_status st = run_test(t, view, holds, err);
    if (st != SF_OK)
      return st;
    at = *holds ? t->yes : t->no;
  }
  *holds = at == SF_TEST_HOLDS;
  return SF_OK;
}

sf_status sf_choice_select(const sf_choice *choice, const sf_env *env,
                           uint32_t *rule, sf_error *err) {
  sf_view view;
  uint32_t i;
  view.env = env;
  view.known = 0;
  *rule = SF_NONE;
  for (i = 0; i < choice->count; i++) {
    bool holds = false;
    sf_status st = run_rule(&choice->rules[i], &view, &holds, err);
    if (st != SF_OK)
      return st;
    if (holds) {
      *rule = i;
      return SF_OK;
    }
  }
  return SF_OK;
}
