/*
** check_choice.c - rules that are never tried with success, because an earlier
** rule holds whenever they do, and a Default behind rules of which one always
** holds.
*/
#include <string.h>

#include "asl/check.h"

#define RULES_MAX 100 /* rules past this number are not compared */
#define TESTS_MAX 32  /* ... nor rules with more tests */

/* --- tests --- */

static bool same_variable(const sf_test *a, const sf_test *b) {
  return a->variable != NULL && b->variable != NULL &&
         strcmp(sf_expr_text(a->variable), sf_expr_text(b->variable)) == 0;
}

static bool same_operand(const sf_test *a, const sf_test *b) {
  if (a->operand_path != NULL && b->operand_path != NULL)
    return strcmp(sf_expr_text(a->operand_path),
                  sf_expr_text(b->operand_path)) == 0;
  return a->operand.kind != SF_ABSENT && b->operand.kind != SF_ABSENT &&
         sf_equal(a->operand, b->operand);
}

static bool same_test(const sf_test *a, const sf_test *b) {
  return a->op == b->op && same_variable(a, b) && same_operand(a, b);
}

/* Does every number that 'a' holds for satisfy 'b'? */
static bool within(const sf_test *a, const sf_test *b) {
  double x = sf_to_double(a->operand), y = sf_to_double(b->operand);
  sf_relation r = a->op->relation;
  bool up = r == SF_RELATION_GREATER || r == SF_RELATION_GREATER_EQUAL;
  bool down = r == SF_RELATION_LESS || r == SF_RELATION_LESS_EQUAL;
  bool point = r == SF_RELATION_EQUAL;
  switch (b->op->relation) {
    case SF_RELATION_LESS:
      return (down || point) && (x < y || (x == y && r == SF_RELATION_LESS));
    case SF_RELATION_LESS_EQUAL: return (down || point) && x <= y;
    case SF_RELATION_GREATER:
      return (up || point) && (x > y || (x == y && r == SF_RELATION_GREATER));
    case SF_RELATION_GREATER_EQUAL: return (up || point) && x >= y;
    default: return false;
  }
}

static bool is_true(const sf_test *t) {
  return t->operand.kind == SF_BOOLEAN && t->operand.u.boolean;
}

/* Does it hold for texts alone?  A timestamp is one. */
static bool takes_texts(const sf_test *t) {
  switch (t->op->relation) {
    case SF_RELATION_IS_STRING:
    case SF_RELATION_IS_TIMESTAMP: return is_true(t);
    case SF_RELATION_IS_NULL:
    case SF_RELATION_IS_PRESENT:
    case SF_RELATION_IS_NUMERIC:
    case SF_RELATION_IS_BOOLEAN: return false;
    default:
      return t->op->type == SF_TYPE_STRING || t->op->type == SF_TYPE_TIMESTAMP;
  }
}

/* Does it hold for every text? */
static bool takes_any_text(const sf_test *t) {
  if (t->op->relation == SF_RELATION_IS_STRING)
    return is_true(t);
  return t->op->relation == SF_RELATION_MATCHES &&
         t->operand.kind == SF_STRING && sf_string_length(t->operand) > 0 &&
         strspn(sf_string_text(t->operand), "*") ==
           sf_string_length(t->operand);
}

/* Does 'b' hold wherever 'a' does? */
static bool implies(const sf_test *a, const sf_test *b) {
  if (same_test(a, b))
    return true;
  if (takes_texts(a) && takes_any_text(b))
    return same_variable(a, b);
  return a->op->type == SF_TYPE_NUMERIC && b->op->type == SF_TYPE_NUMERIC &&
         sf_is_number(a->operand) && sf_is_number(b->operand) &&
         same_variable(a, b) && within(a, b);
}

/* --- rules --- */

static bool is_single(const sf_choice_rule *r) {
  return r->ntests == 1 && r->tests[0].yes == SF_TEST_HOLDS &&
         r->tests[0].no == SF_TEST_FAILS;
}

static bool is_negated(const sf_choice_rule *r) {
  return r->ntests == 1 && r->tests[0].yes == SF_TEST_FAILS &&
         r->tests[0].no == SF_TEST_HOLDS;
}

/* Tests that must all hold? */
static bool is_conjunction(const sf_choice_rule *r) {
  uint32_t i;
  for (i = 0; i < r->ntests; i++) {
    uint32_t next = i + 1 < r->ntests ? i + 1 : SF_TEST_HOLDS;
    if (r->tests[i].no != SF_TEST_FAILS || r->tests[i].yes != next)
      return false;
  }
  return r->ntests > 0;
}

/* Tests of which one is enough?  A single one, too. */
static bool is_disjunction(const sf_choice_rule *r) {
  uint32_t i;
  for (i = 0; i < r->ntests; i++) {
    uint32_t next = i + 1 < r->ntests ? i + 1 : SF_TEST_FAILS;
    if (r->tests[i].yes != SF_TEST_HOLDS || r->tests[i].no != next)
      return false;
  }
  return r->ntests > 0;
}

/* Does one of the rule's tests hold wherever 'a' does? */
static bool has_implied(const sf_choice_rule *r, const sf_test *a) {
  uint32_t i;
  for (i = 0; i < r->ntests; i++)
    if (implies(a, &r->tests[i]))
      return true;
  return false;
}

static uint32_t count_covered(const sf_choice_rule *earlier,
                              const sf_choice_rule *rule) {
  uint32_t i, count = 0;
  for (i = 0; i < rule->ntests; i++)
    count += has_implied(earlier, &rule->tests[i]) ? 1 : 0;
  return count;
}

static bool same_rule(const sf_choice_rule *a, const sf_choice_rule *b) {
  uint32_t i;
  if (a->ntests != b->ntests || a->ntests == 0)
    return false;
  for (i = 0; i < a->ntests; i++)
    if (a->tests[i].yes != b->tests[i].yes ||
        a->tests[i].no != b->tests[i].no ||
        !same_test(&a->tests[i], &b->tests[i]))
      return false;
  return true;
}

/* Does 'earlier' hold whenever 'rule' does?  For an And one test is enough, for
** an Or it takes all. */
static bool covers(const sf_choice_rule *earlier, const sf_choice_rule *rule) {
  if (earlier->ntests > TESTS_MAX || rule->ntests > TESTS_MAX)
    return false;
  if (same_rule(earlier, rule))
    return true;
  if (!is_disjunction(earlier))
    return false;
  if (is_conjunction(rule))
    return count_covered(earlier, rule) > 0;
  return is_disjunction(rule) && count_covered(earlier, rule) == rule->ntests;
}

static bool is_kind_test(const sf_operator *op) {
  return op->relation >= SF_RELATION_IS_NULL;
}

/* Does always one of them hold?  A comparison fails for a value of another
** type; what is asked of the kind of value is answered in any case. */
static bool are_opposite(const sf_choice_rule *a, const sf_choice_rule *b) {
  const sf_test *s, *t;
  if (a->ntests != 1 || b->ntests != 1)
    return false;
  s = &a->tests[0];
  t = &b->tests[0];
  if ((is_single(a) && is_negated(b)) || (is_negated(a) && is_single(b)))
    return same_test(s, t);
  return is_single(a) && is_single(b) && s->op == t->op &&
         is_kind_test(s->op) && same_variable(s, t) &&
         !sf_equal(s->operand, t->operand);
}

/* --- a choice --- */

static bool is_opposed(const sf_choice *c, uint32_t index) {
  uint32_t i;
  for (i = 0; i < index; i++)
    if (are_opposite(&c->rules[i], &c->rules[index]))
      return true;
  return false;
}

static void check_rule(sf_loader *l, const sf_choice *c, uint32_t index,
                       const sf_where *list) {
  sf_where at = sf_where_index(list, index);
  uint32_t i;
  for (i = 0; i < index; i++)
    if (covers(&c->rules[i], &c->rules[index])) {
      sf_warn(l, &at, SF_LOCATION_HERE, "SHADOWED_RULE",
              "This rule is never taken: rule %lu holds whenever it does",
              (unsigned long)i + 1);
      return;
    }
}

/* Rules from 'first' on, and Default, stand behind two of which one holds. */
static void tell_rest(sf_loader *l, const sf_state *s, uint32_t first) {
  sf_where state = sf_where_pointer(NULL, sf_string_text(s->pointer));
  sf_where list = sf_where_pointer(&state, "/Choices");
  sf_where otherwise = sf_where_pointer(&state, "/Default");
  const sf_choice *c = s->u.choice;
  if (first < c->count) {
    sf_where at = sf_where_index(&list, first);
    sf_warn(l, &at, SF_LOCATION_HERE, "SHADOWED_RULE",
            "This rule is never taken: one of those before it always holds");
  }
  if (c->otherwise != SF_NONE)
    sf_warn(l, &otherwise, SF_LOCATION_HERE, "UNREACHABLE_DEFAULT",
            "Default is never taken: one of the rules always holds");
}

/* --- conditions of JSONata --- */

/* The expression's text; "true" or "false" of a constant. */
static const char *condition_of(const sf_choice_rule *r) {
  const sf_operand *o = &r->condition;
  if (o->kind == SF_OPERAND_CONSTANT && o->constant.kind == SF_BOOLEAN)
    return o->constant.u.boolean ? "true" : "false";
  return o->kind == SF_OPERAND_EXPR ? sf_expr_text(o->expr) : "";
}

/* Does it give the same whenever it is asked?  Not what asks for the time or for
** chance. */
static bool is_steady(const char *condition) {
  static const char *const others[] = {"$now", "$millis", "$random", "$uuid"};
  size_t i;
  for (i = 0; i < sizeof others / sizeof others[0]; i++)
    if (strstr(condition, others[i]) != NULL)
      return false;
  return condition[0] != '\0';
}

/* "$not(x)" of x? */
static bool negates(const char *a, const char *b) {
  size_t len = strlen(b);
  return strncmp(a, "$not(", 5) == 0 && strncmp(a + 5, b, len) == 0 &&
         strcmp(a + 5 + len, ")") == 0;
}

static void check_condition(sf_loader *l, const sf_choice *c, uint32_t index,
                            const sf_where *list) {
  const char *condition = condition_of(&c->rules[index]);
  sf_where at = sf_where_index(list, index);
  uint32_t i;
  if (strcmp(condition, "false") == 0)
    sf_warn(l, &at, SF_LOCATION_HERE, "CONSTANT_CONDITION",
            "This rule is never taken: its condition is false");
  for (i = 0; i < index && is_steady(condition); i++)
    if (strcmp(condition_of(&c->rules[i]), condition) == 0) {
      sf_warn(l, &at, SF_LOCATION_HERE, "SHADOWED_RULE",
              "This rule is never taken: rule %lu has the same condition",
              (unsigned long)i + 1);
      return;
    }
}

/* Does this condition always hold, or one of an earlier rule and this one? */
static bool is_last(const sf_choice *c, uint32_t index) {
  const char *condition = condition_of(&c->rules[index]);
  uint32_t i;
  if (strcmp(condition, "true") == 0)
    return true;
  for (i = 0; i < index && is_steady(condition); i++)
    if (negates(condition, condition_of(&c->rules[i])) ||
        negates(condition_of(&c->rules[i]), condition))
      return true;
  return false;
}

static void check_conditions(sf_loader *l, const sf_state *s,
                             const sf_where *list) {
  const sf_choice *c = s->u.choice;
  uint32_t i;
  for (i = 0; i < c->count && i < RULES_MAX; i++) {
    check_condition(l, c, i, list);
    if (is_last(c, i)) {
      tell_rest(l, s, i + 1);
      return;
    }
  }
}

void sf_check_choice(sf_loader *l, const sf_state *s) {
  sf_where state = sf_where_pointer(NULL, sf_string_text(s->pointer));
  sf_where list = sf_where_pointer(&state, "/Choices");
  const sf_choice *c = s->type == SF_CHOICE ? s->u.choice : NULL;
  uint32_t i;
  if (c == NULL)
    return;
  if (s->language == SF_JSONATA) {
    check_conditions(l, s, &list);
    return;
  }
  for (i = 0; i < c->count && i < RULES_MAX; i++) {
    check_rule(l, c, i, &list);
    if (is_opposed(c, i)) {
      tell_rest(l, s, i + 1);
      return;
    }
  }
}
