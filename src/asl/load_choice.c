/*
** load_choice.c - the rules of a Choice state, from JSON to rows of tests with
** two exits (choice.h).
**
** And, Or and Not are compiled away: each part of a rule is told where to go
** when it holds and where when it does not.  A part is compiled after the one
** that follows it, so that exits are known; the tests are then in reverse, and
** are turned round at the end.
*/
#include "asl/loader.h"

#include <string.h>

#define RULE_DEPTH_MAX 64 /* And, Or, Not inside one another */

/* A rule under construction. */
typedef struct sf_compiler {
  sf_loader *l;
  sf_test *tests;
  size_t count, capacity;
  unsigned depth;
} sf_compiler;

/* What a rule object holds. */
typedef struct sf_parts {
  sf_value variable;
  sf_value combined; /* the value of And, Or, Not */
  sf_value operand;
  const sf_operator *op;
  const char *combination; /* "And", "Or", "Not" or NULL */
  sf_value key;            /* the name of the comparator */
  unsigned comparators;
} sf_parts;

static void fault(sf_compiler *c, const sf_where *where, const char *text) {
  sf_fault(c->l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA, "%s", text);
}

static const char *combination_of(const sf_field *field) {
  static const char *const names[] = {"And", "Or", "Not"};
  size_t i;
  for (i = 0; i < 3; i++)
    if (strcmp(field->name, names[i]) == 0)
      return names[i];
  return NULL;
}

static void find_part(const sf_field *field, sf_value key, sf_value v,
                      sf_parts *p) {
  const char *combination;
  if (field->kind == SF_FIELD_OPERATOR) {
    p->op = sf_operator_at(field->inner);
    p->combination = NULL;
    p->operand = v;
  } else if ((combination = combination_of(field)) != NULL) {
    p->op = NULL;
    p->combination = combination;
    p->combined = v;
  } else {
    if (strcmp(field->name, "Variable") == 0)
      p->variable = v;
    return;
  }
  p->comparators++;
  p->key = key;
}

static void find_parts(const sf_loader *l, sf_value rule, sf_parts *p) {
  size_t i;
  memset(p, 0, sizeof *p);
  for (i = 0; i < sf_object_count(rule); i++) {
    sf_value key = sf_object_key_at(rule, i);
    const sf_field *field = sf_field_find(&l->fields, SF_PLACE_RULE, key);
    if (field != NULL)
      find_part(field, key, sf_object_value_at(rule, i), p);
  }
}

/* --- operands --- */

static bool check_operand(sf_compiler *c, sf_test *t, sf_value v,
                          const sf_where *where) {
  static const struct {
    sf_kind kind;
    const char *name;
  } types[] = {
    /* ORDER OPERAND_TYPE */
    {SF_STRING, "String"},
    {SF_ABSENT, "Number"},
    {SF_BOOLEAN, "Boolean"},
    {SF_STRING, "String"},
  };
  sf_operand_type type = t->op->type;
  if (type != SF_TYPE_STRING && sf_leave_placeholder(c->l, v, where))
    return false;
  if (type == SF_TYPE_NUMERIC ? !sf_is_number(v) : v.kind != types[type].kind) {
    sf_fault_type(c->l, where, types[type].name);
    return false;
  }
  if (type == SF_TYPE_TIMESTAMP &&
      !sf_time_parse(sf_string_text(v), sf_string_length(v), &t->instant)) {
    fault(c, where, "String does not match RFC3339 timestamp");
    return false;
  }
  return true;
}

static void load_operand(sf_compiler *c, sf_test *t, const sf_parts *p,
                         const sf_where *where) {
  sf_where at = sf_where_key(where, p->key);
  if (t->op->path && sf_leave_placeholder(c->l, p->operand, &at))
    return;
  if (t->op->path) {
    t->operand_path = sf_load_path(c->l, p->operand, &at);
    return;
  }
  if (!check_operand(c, t, p->operand, &at))
    return;
  t->operand = sf_retain(p->operand);
  if (t->op->type == SF_TYPE_STRING && sf_looks_like_path(p->operand))
    sf_warn(c->l, &at, SF_LOCATION_HERE, "NO_PATH",
            "The value looks like a path, but the field's name does not end "
            "with 'Path'");
}

/* --- rules --- */

static uint32_t compile(sf_compiler *c, sf_value rule, const sf_where *where,
                        uint32_t yes, uint32_t no);

static uint32_t compile_test(sf_compiler *c, const sf_parts *p,
                             const sf_where *where, uint32_t yes, uint32_t no) {
  sf_where variable = sf_where_pointer(where, "/Variable");
  void *tests = c->tests;
  sf_test *t;
  if (p->variable.kind == SF_ABSENT) {
    fault(c, where, "These fields are required: [Variable]");
    return no;
  }
  if (!sf_alloc_grow(c->l->mem, &tests, &c->capacity, c->count + 1,
                     sizeof *c->tests)) {
    sf_loader_nomem(c->l);
    return no;
  }
  c->tests = tests;
  t = &c->tests[c->count];
  memset(t, 0, sizeof *t);
  t->op = p->op;
  t->yes = yes;
  t->no = no;
  if (!sf_leave_placeholder(c->l, p->variable, &variable))
    t->variable = sf_load_path(c->l, p->variable, &variable);
  t->plain = t->variable != NULL &&
             sf_expr_what(t->variable) == SF_EXPR_INPUT &&
             sf_expr_is_reference(t->variable);
  load_operand(c, t, p, where);
  return (uint32_t)c->count++;
}

/* And and Or, from the last part to the first. */
static uint32_t compile_list(sf_compiler *c, const sf_parts *p,
                             const sf_where *where, uint32_t yes, uint32_t no) {
  bool all = strcmp(p->combination, "And") == 0;
  uint32_t entry = all ? yes : no;
  size_t i;
  if (p->combined.kind != SF_ARRAY) {
    sf_fault_type(c->l, where, "Array");
    return no;
  }
  if (sf_array_count(p->combined) == 0)
    fault(c, where, "Value cannot be empty");
  for (i = sf_array_count(p->combined); i-- > 0 && c->l->status == SF_OK;) {
    sf_where at = sf_where_index(where, i);
    sf_value part = sf_array_at(p->combined, i);
    entry = all ? compile(c, part, &at, entry, no)
                : compile(c, part, &at, yes, entry);
  }
  return entry;
}

static uint32_t compile_combination(sf_compiler *c, const sf_parts *p,
                                    const sf_where *where, uint32_t yes,
                                    uint32_t no) {
  sf_where at = sf_where_key(where, p->key);
  uint32_t entry;
  if (p->variable.kind != SF_ABSENT)
    sf_fault(c->l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "Only one of these fields is allowed: [Variable, %s]",
             p->combination);
  if (c->depth == RULE_DEPTH_MAX) {
    sf_fault(c->l, &at, SF_LOCATION_HERE, "TOO_DEEPLY_NESTED",
             "Choice rules are nested more than %d levels deep",
             RULE_DEPTH_MAX);
    return no;
  }
  c->depth++;
  entry = strcmp(p->combination, "Not") == 0
            ? compile(c, p->combined, &at, no, yes)
            : compile_list(c, p, &at, yes, no);
  c->depth--;
  return entry;
}

/* Compile a rule that goes to 'yes' or 'no'; returns where it begins. */
static uint32_t compile(sf_compiler *c, sf_value rule, const sf_where *where,
                        uint32_t yes, uint32_t no) {
  sf_parts p;
  if (rule.kind != SF_OBJECT) {
    sf_fault_type(c->l, where, "Object");
    return no;
  }
  if (c->depth > 0)
    sf_load_object(c->l, SF_PLACE_NESTED_RULE, rule, NULL, where);
  find_parts(c->l, rule, &p);
  if (p.comparators != 1) {
    fault(c, where,
          p.comparators == 0
            ? "A choice rule must have a comparison operator"
            : "A choice rule must have exactly one comparison operator");
    return no;
  }
  return p.op != NULL ? compile_test(c, &p, where, yes, no)
                      : compile_combination(c, &p, where, yes, no);
}

static uint32_t turned(uint32_t exit, size_t count) {
  return exit < count ? (uint32_t)(count - 1 - exit) : exit;
}

/* Hand the tests over, the first one first.  The entry is the one that was
** compiled last. */
static void finish_rule(sf_compiler *c, sf_choice_rule *rule) {
  size_t i;
  if (c->count == 0)
    return; /* a faulty rule */
  rule->tests = sf_alloc_array(c->l->mem, c->count, sizeof *rule->tests);
  if (rule->tests == NULL) {
    sf_loader_nomem(c->l);
    return;
  }
  rule->ntests = (uint32_t)c->count;
  for (i = 0; i < c->count; i++) {
    sf_test *t = &rule->tests[i];
    *t = c->tests[c->count - 1 - i];
    t->yes = turned(t->yes, c->count);
    t->no = turned(t->no, c->count);
  }
  c->count = 0;
}

static void clear_compiler(sf_compiler *c) {
  size_t i;
  for (i = 0; i < c->count; i++)
    sf_test_clear(&c->tests[i]);
  sf_alloc_free(c->l->mem, c->tests, c->capacity * sizeof *c->tests);
}

/* A JSONata rule has a Condition. */
static void load_condition(sf_loader *l, sf_value rule, sf_operand *slot,
                           const sf_where *where) {
  sf_where at = sf_where_pointer(where, "/Condition");
  sf_value v = sf_object_get(rule, "Condition", 9);
  if (v.kind == SF_ABSENT)
    sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "These fields are required: [Condition]");
  else if (v.kind != SF_BOOLEAN && v.kind != SF_STRING)
    sf_fault_type(l, &at, "String");
  else if (v.kind == SF_BOOLEAN)
    *slot = (sf_operand){SF_OPERAND_CONSTANT, v, NULL};
  else if (!sf_load_jsonata(l, v, &at)) {
    if (sf_leave_placeholder(l, v, &at))
      return;
    sf_fault(l, &at, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "Condition must be a boolean or a JSONata expression");
  } else
    sf_load_operand_jsonata(l, v, slot, &at);
}

static void load_rule(sf_loader *l, sf_value v, sf_choice_rule *rule,
                      const sf_where *where) {
  sf_compiler c = {l, NULL, 0, 0, 0};
  if (v.kind != SF_OBJECT) {
    sf_fault_type(l, where, "Object");
    return;
  }
  sf_load_object(l, SF_PLACE_RULE, v, rule, where);
  if (l->language == SF_JSONATA) {
    load_condition(l, v, &rule->condition, where);
    return;
  }
  compile(&c, v, where, SF_TEST_HOLDS, SF_TEST_FAILS);
  if (l->status == SF_OK)
    finish_rule(&c, rule);
  clear_compiler(&c);
}

/* Equal variables get equal numbers, as long as there are any. */
static void number_variables(sf_choice *choice) {
  const char *names[SF_SLOTS_MAX];
  uint32_t i, k, slot, count = 0;
  for (i = 0; i < choice->count; i++)
    for (k = 0; k < choice->rules[i].ntests; k++) {
      sf_test *t = &choice->rules[i].tests[k];
      const char *name = sf_expr_text(t->variable);
      for (slot = 0; slot < count && strcmp(names[slot], name) != 0; slot++)
        ;
      if (slot == count && count < SF_SLOTS_MAX)
        names[count++] = name;
      t->slot = slot < count ? slot : SF_NONE;
    }
}

void sf_load_choices(sf_loader *l, sf_value v, const sf_where *where) {
  sf_choice *choice = l->state->u.choice;
  size_t i, n = sf_array_count(v);
  choice->rules = sf_alloc_array(l->mem, n, sizeof *choice->rules);
  if (choice->rules == NULL) {
    sf_loader_nomem(l);
    return;
  }
  memset(choice->rules, 0, n * sizeof *choice->rules);
  choice->count = (uint32_t)n;
  for (i = 0; i < n; i++)
    choice->rules[i].next = SF_NONE;
  for (i = 0; i < n && l->status == SF_OK; i++) {
    sf_where at = sf_where_index(where, i);
    load_rule(l, sf_array_at(v, i), &choice->rules[i], &at);
  }
  if (l->status == SF_OK && l->diags->errors == 0 &&
      l->state->waits.kind == SF_ABSENT)
    number_variables(choice);
}
