/*
** check_path.c - paths into an input whose members are all known and do not
** include the one that is asked for; in JSONata expressions that are nothing but
** such a path, for they have no value then.  What is known: the names of the
** members of what a Pass, a template, an Output or a caught error makes, and what
** ResultPath adds; anything else may have any members.
**
** Shapes grow until nothing changes: a state's input is all that any of its
** predecessors may hand on.
*/
#include <stdio.h>
#include <string.h>

#include "asl/check.h"
#include "asl/check_shape.h"

#define PASSES_MAX 50 /* over all states; a machine that needs more is left */
#define RULES_MAX  32 /* of a Choice; those past this number are not looked at */
#define TESTS_MAX  32 /* ... nor tests of a rule */

typedef struct flow {
  sf_loader *l;
  sf_shape *inputs; /* of each state */
  bool changed;
} flow;

/* --- paths --- */

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* Length of the name in "$.name", which begins at byte 2; 0: not of that form. */
static size_t name_length(const char *path) {
  size_t len;
  if (path[0] != '$' || path[1] != '.')
    return 0;
  len = strspn(path + 2, WORD "-");
  return strchr(".[", path[2 + len]) != NULL ? len : 0;
}

/* The first name of a definite path on the input: owned, or SF_ABSENT. */
static sf_value first_name(flow *f, const sf_expr *e) {
  const char *text = e != NULL ? sf_expr_text(e) : "";
  size_t len = name_length(text);
  if (len == 0 || sf_expr_what(e) != SF_EXPR_INPUT ||
      !sf_path_is_definite(sf_expr_path(e)))
    return sf_absent();
  return sf_string_new(f->l->mem, text + 2, len);
}

/* The name in "$states.input.name", with nothing but names behind it: owned, or
** SF_ABSENT. */
static sf_value input_name(flow *f, const sf_expr *e) {
  static const char start[] = "$states.input.";
  const char *text = sf_expr_text(e);
  size_t len;
  if (strncmp(text, start, sizeof start - 1) != 0)
    return sf_absent();
  text += sizeof start - 1;
  len = strspn(text, WORD);
  if (len == 0 || text[strspn(text, WORD ".")] != '\0')
    return sf_absent();
  return sf_string_new(f->l->mem, text, len);
}

/* --- what a state hands on --- */

static sf_value source_of(const flow *f, const sf_state *s) {
  return f->l->states[s - f->l->machine->states].value;
}

static sf_value field_of(const flow *f, const sf_state *s, const char *name) {
  return sf_object_get(source_of(f, s), name, strlen(name));
}

static sf_shape select_shape(flow *f, const sf_selection *selection,
                             const sf_shape *from) {
  switch (selection->kind) {
    case SF_SELECT_ALL: return sf_shape_copy(from);
    case SF_SELECT_NONE: return sf_shape_empty(f->l);
    default: return sf_shape_open();
  }
}

static bool has_result(const sf_state *s) {
  return s->type == SF_TASK || s->type == SF_PARALLEL || s->type == SF_MAP;
}

static sf_shape result_of(flow *f, const sf_state *s, const sf_shape *input) {
  if (s->type == SF_PASS && s->result.kind != SF_ABSENT)
    return sf_shape_of(f->l, s->result, false);
  if (s->type == SF_PASS && s->parameters != NULL)
    return sf_shape_of(f->l, field_of(f, s, "Parameters"), true);
  if (has_result(s))
    return s->result_selector != NULL
             ? sf_shape_of(f->l, field_of(f, s, "ResultSelector"), true)
             : sf_shape_open();
  return select_shape(f, &s->input_path, input);
}

/* 'input' with the result at the place that ResultPath names, or without one.
** ("$" puts the result in its stead: there is nothing of the input then.) */
static sf_shape place_result(flow *f, const sf_selection *path,
                             const sf_shape *input) {
  sf_shape placed = sf_shape_copy(input);
  if (path->kind == SF_SELECT_EXPR && !placed.open)
    sf_shape_add(f->l, &placed, first_name(f, path->expr));
  return placed;
}

/* 'from' (consumed) may come to 'target'. */
static void hand_on(flow *f, uint32_t target, sf_shape from) {
  sf_shape *to = target != SF_NONE ? &f->inputs[target] : NULL;
  size_t i;
  if (to == NULL || (to->reached && to->open)) {
    sf_shape_clear(&from);
    return;
  }
  if (!to->reached) {
    *to = from;
    to->fresh = f->changed = true;
    return;
  }
  if (from.open) {
    sf_shape_widen(to);
    to->fresh = f->changed = true;
  }
  for (i = 0; !from.open && i < sf_object_count(from.members); i++) {
    sf_value name = sf_object_key_at(from.members, i);
    if (!sf_shape_has(to, name)) {
      sf_shape_add(f->l, to, sf_retain(name));
      to->fresh = f->changed = true;
    }
  }
  sf_shape_clear(&from);
}

/* Is it not known what the state does with its input? */
static bool is_opaque(const sf_state *s) {
  return s->waits.kind != SF_ABSENT;
}

/* What an Output in 'object' makes, else 'without'. */
static sf_shape put_out(flow *f, sf_value object, const sf_shape *without) {
  sf_value v = sf_absent();
  if (object.kind == SF_OBJECT)
    v = sf_object_get(object, "Output", 6);
  return v.kind == SF_ABSENT ? sf_shape_copy(without)
                             : sf_shape_of(f->l, v, false);
}

/* What a Catch without a ResultPath hands on. */
static sf_shape caught(flow *f, const sf_state *s) {
  sf_shape c = is_opaque(s) ? sf_shape_open() : sf_shape_empty(f->l);
  if (!c.open) {
    sf_shape_add(f->l, &c, sf_string_from(f->l->mem, "Error"));
    sf_shape_add(f->l, &c, sf_string_from(f->l->mem, "Cause"));
  }
  return c;
}

/* The elements of a list of the state's: its catchers, its rules. */
static sf_value element_of(const flow *f, const sf_state *s, const char *field,
                           uint32_t i) {
  sf_value list = field_of(f, s, field);
  return list.kind == SF_ARRAY && i < sf_array_count(list)
           ? sf_array_at(list, i)
           : sf_absent();
}

static sf_shape handed_to_catcher(flow *f, const sf_state *s, uint32_t i,
                                  const sf_shape *input) {
  const sf_selection *path = &s->catchers[i].result_path;
  sf_shape error, output;
  if (s->language == SF_JSONPATH && path->kind != SF_SELECT_ALL &&
      !is_opaque(s))
    return place_result(f, path, input);
  error = caught(f, s);
  if (s->language == SF_JSONPATH || is_opaque(s))
    return error;
  output = put_out(f, element_of(f, s, "Catch", i), &error);
  sf_shape_clear(&error);
  return output;
}

static void hand_to_catchers(flow *f, const sf_state *s,
                             const sf_shape *input) {
  uint32_t i;
  for (i = 0; i < s->ncatchers; i++)
    hand_on(f, s->catchers[i].next, handed_to_catcher(f, s, i, input));
}

/* The inputs of branches; items may be anything. */
static void hand_down(flow *f, const sf_state *s, const sf_shape *input) {
  uint32_t i;
  if (s->type == SF_MAP && s->u.map.processor != SF_NONE)
    hand_on(f, f->l->scopes[s->u.map.processor].start, sf_shape_open());
  for (i = 0; s->type == SF_PARALLEL && i < s->u.parallel.count; i++)
    hand_on(f, f->l->scopes[s->u.parallel.branches[i]].start,
            is_opaque(s) || s->language == SF_JSONATA ? sf_shape_open()
            : s->parameters != NULL
              ? sf_shape_of(f->l, field_of(f, s, "Parameters"), true)
              : select_shape(f, &s->input_path, input));
}

/* A rule of JSONata has an Output of its own, or hands its input on. */
static void hand_to_all(flow *f, const sf_state *s, const sf_shape *input,
                        const sf_shape *output) {
  const sf_choice *c = s->type == SF_CHOICE ? s->u.choice : NULL;
  bool own = s->language == SF_JSONATA && !is_opaque(s);
  uint32_t i;
  hand_on(f, s->next, sf_shape_copy(output));
  for (i = 0; c != NULL && i < c->count; i++)
    hand_on(f, c->rules[i].next,
            own ? put_out(f, element_of(f, s, "Choices", i), input)
                : sf_shape_copy(output));
  if (c != NULL)
    hand_on(f, c->otherwise, sf_shape_copy(output));
}

/* What a state of JSONPath has when it comes to its OutputPath. */
static sf_shape make(flow *f, const sf_state *s, const sf_shape *input) {
  return s->result_path.kind == SF_SELECT_ALL
           ? result_of(f, s, input)
           : place_result(f, &s->result_path, input);
}

/* What the state makes of its input. */
static sf_shape output_of(flow *f, const sf_state *s, const sf_shape *input) {
  sf_shape made, output;
  if (is_opaque(s))
    return sf_shape_open();
  if (s->language == SF_JSONATA) {
    made = has_result(s) ? sf_shape_open() : sf_shape_copy(input);
    output = put_out(f, source_of(f, s), &made);
  } else {
    made = make(f, s, input);
    output = select_shape(f, &s->output_path, &made);
  }
  sf_shape_clear(&made);
  return output;
}

static void pass_through(flow *f, const sf_state *s, const sf_shape *input) {
  sf_shape output;
  hand_down(f, s, input);
  hand_to_catchers(f, s, input);
  output = output_of(f, s, input);
  hand_to_all(f, s, input, &output);
  sf_shape_clear(&output);
}

/* False: too many passes, or no memory. */
static bool settle(flow *f) {
  const sf_machine *m = f->l->machine;
  int pass;
  uint32_t i;
  hand_on(f, f->l->scopes[0].start, sf_shape_open());
  for (pass = 0; pass < PASSES_MAX && f->changed; pass++) {
    f->changed = false;
    for (i = 0; i < m->nstates && f->l->status == SF_OK; i++)
      if (f->inputs[i].fresh) {
        sf_shape input = sf_shape_copy(&f->inputs[i]);
        f->inputs[i].fresh = false;
        pass_through(f, &m->states[i], &input);
        sf_shape_clear(&input);
      }
  }
  return !f->changed && f->l->status == SF_OK;
}

/* --- what a state reads --- */

typedef struct reader {
  flow *f;
  const sf_shape *input;
  const sf_state *state;
  const char *field;    /* "/Parameters" */
  const sf_template *t; /* ... when that is a template */
  bool own;             /* the input is what the state itself has made */
} reader;

static void tell(const reader *r, const sf_expr *e, sf_value name,
                 const char *below) {
  sf_where state = sf_where_pointer(NULL, sf_string_text(r->state->pointer));
  sf_where field = sf_where_pointer(&state, r->field);
  sf_where at = sf_where_pointer(&field, below);
  sf_nearest n;
  size_t i;
  sf_nearest_init(&n, sf_string_text(name), sf_string_length(name));
  for (i = 0; i < sf_object_count(r->input->members); i++) {
    sf_value member = sf_object_key_at(r->input->members, i);
    sf_nearest_try(&n, sf_string_text(member), sf_string_length(member));
  }
  sf_hint_nearest(r->f->l, &n);
  sf_warn(r->f->l, &at, SF_LOCATION_HERE, "PATH_NEVER_THERE",
          "%s \"%s\" makes the '%s' that '%s' reads",
          r->own ? "Nothing in" : "No state before",
          sf_string_text(r->state->name), sf_string_text(name),
          sf_expr_text(e));
}

/* The member that it reads and that is not there: owned, or SF_ABSENT. */
static sf_value missing_name(const reader *r, const sf_expr *e) {
  sf_value name = r->state->language == SF_JSONATA ? input_name(r->f, e)
                                                   : first_name(r->f, e);
  if (name.kind == SF_ABSENT || !sf_shape_has(r->input, name))
    return name;
  sf_release(name);
  return sf_absent();
}

static void check_field(reader *r, const char *field, const sf_expr *e) {
  sf_value name = e != NULL ? missing_name(r, e) : sf_absent();
  r->field = field;
  if (name.kind != SF_ABSENT)
    tell(r, e, name, "");
  sf_release(name);
}

static void check_part(void *ud, const sf_expr *e, size_t at) {
  const reader *r = ud;
  sf_value name = missing_name(r, e), below;
  if (name.kind == SF_ABSENT)
    return;
  below = sf_template_pointer(r->t, at);
  if (below.kind == SF_ABSENT)
    sf_loader_nomem(r->f->l);
  else
    tell(r, e, name, sf_string_text(below));
  sf_release(below);
  sf_release(name);
}

static void check_template(reader *r, const char *field, const sf_template *t) {
  r->field = field;
  r->t = t;
  if (t != NULL)
    sf_template_visit(t, check_part, r);
}

static void check_condition(reader *r, const sf_expr *e, uint32_t i) {
  char below[32];
  sf_value name = e != NULL ? missing_name(r, e) : sf_absent();
  snprintf(below, sizeof below, "/%lu/Condition", (unsigned long)i);
  r->field = "/Choices";
  if (name.kind != SF_ABSENT)
    tell(r, e, name, below);
  sf_release(name);
}

static bool asks_for(flow *f, const sf_test *t, sf_value name) {
  sf_value own = t->op->relation == SF_RELATION_IS_PRESENT
                   ? first_name(f, t->variable)
                   : sf_absent();
  bool same = own.kind != SF_ABSENT && sf_equal(own, name);
  sf_release(own);
  return same;
}

/* Does some test of the choice ask whether it is there? */
static bool is_asked_for(flow *f, const sf_choice *c, sf_value name) {
  uint32_t i, k;
  for (i = 0; i < c->count && i < RULES_MAX; i++)
    for (k = 0; k < c->rules[i].ntests && k < TESTS_MAX; k++)
      if (asks_for(f, &c->rules[i].tests[k], name))
        return true;
  return false;
}

static void check_tested(reader *r, const sf_choice *c, uint32_t i,
                         const sf_expr *e) {
  char below[24];
  sf_value name = e != NULL ? missing_name(r, e) : sf_absent();
  snprintf(below, sizeof below, "/%lu", (unsigned long)i);
  r->field = "/Choices";
  if (name.kind != SF_ABSENT && !is_asked_for(r->f, c, name))
    tell(r, e, name, below);
  sf_release(name);
}

/* A comparison with what is not there fails the execution. */
static void check_rules(reader *r, const sf_choice *c) {
  uint32_t i, k;
  for (i = 0; i < c->count && i < RULES_MAX; i++)
    for (k = 0; k < c->rules[i].ntests && k < TESTS_MAX; k++) {
      check_tested(r, c, i, c->rules[i].tests[k].variable);
      check_tested(r, c, i, c->rules[i].tests[k].operand_path);
    }
}

static void check_jsonata(reader *r, const sf_state *s) {
  uint32_t i;
  check_template(r, "/Arguments", s->parameters);
  check_template(r, "/Output", s->output);
  check_template(r, "/Assign", s->assign);
  if (s->type == SF_MAP)
    check_template(r, "/Items", s->u.map.items_template);
  if (s->type == SF_WAIT) {
    check_field(r, "/Seconds", s->u.wait.seconds.expr);
    check_field(r, "/Timestamp", s->u.wait.timestamp.expr);
  }
  for (i = 0; s->type == SF_CHOICE && i < s->u.choice->count; i++)
    check_condition(r, s->u.choice->rules[i].condition.expr, i);
}

static void check_jsonpath(reader *r, const sf_state *s) {
  if (s->input_path.kind == SF_SELECT_EXPR) {
    check_field(r, "/InputPath", s->input_path.expr);
    return;
  }
  if (s->input_path.kind == SF_SELECT_NONE)
    return;
  if (s->type != SF_PASS || s->result.kind == SF_ABSENT)
    check_template(r, "/Parameters", s->parameters);
  if (s->type == SF_CHOICE)
    check_rules(r, s->u.choice);
  if (s->type == SF_MAP)
    check_field(r, "/ItemsPath", s->u.map.items.expr);
  if (s->type == SF_WAIT) {
    check_field(r, "/SecondsPath", s->u.wait.seconds.expr);
    check_field(r, "/TimestampPath", s->u.wait.timestamp.expr);
  }
}

/* OutputPath reads what the state makes, of which more may be known than of its
** input. */
static void check_output_path(flow *f, const sf_state *s,
                              const sf_shape *input) {
  sf_shape made = make(f, s, input);
  reader r = {f, &made, s, NULL, NULL, true};
  if (!made.open)
    check_field(&r, "/OutputPath", s->output_path.expr);
  sf_shape_clear(&made);
}

static void check_state(flow *f, const sf_state *s, const sf_shape *input) {
  reader r = {f, input, s, NULL, NULL, false};
  if (s->language == SF_JSONATA) {
    if (!input->open)
      check_jsonata(&r, s);
    return;
  }
  if (!input->open)
    check_jsonpath(&r, s);
  if (s->output_path.kind == SF_SELECT_EXPR)
    check_output_path(f, s, input);
}

static void check_states(flow *f) {
  const sf_machine *m = f->l->machine;
  uint32_t i;
  for (i = 0; i < m->nstates && f->l->status == SF_OK; i++)
    if (f->inputs[i].reached && !is_opaque(&m->states[i]))
      check_state(f, &m->states[i], &f->inputs[i]);
}

void sf_check_paths(sf_loader *l) {
  flow f = {l, NULL, false};
  size_t i, n = l->machine->nstates;
  f.inputs = sf_alloc_zero(l->mem, (n + 1) * sizeof *f.inputs);
  if (f.inputs == NULL) {
    sf_loader_nomem(l);
    return;
  }
  if (settle(&f))
    check_states(&f);
  for (i = 0; i < n; i++)
    sf_shape_clear(&f.inputs[i]);
  sf_alloc_free(l->mem, f.inputs, (n + 1) * sizeof *f.inputs);
}
