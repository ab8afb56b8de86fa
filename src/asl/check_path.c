/*
** check_path.c - paths into an input whose members are all known and do not
** include the one that is asked for.  What is known: the names of the members
** of what a Pass, a template or a caught error makes, and what ResultPath adds;
** anything else may have any members.
**
** Shapes grow until nothing changes: a state's input is all that any of its
** predecessors may hand on.
*/
#include <string.h>

#include "asl/check.h"

#define PASSES_MAX  50 /* over all states; a machine that needs more is left */
#define MEMBERS_MAX 64 /* a shape with more may have any */

typedef struct shape {
  bool reached;     /* some way leads here */
  bool open;        /* may have any members */
  bool fresh;       /* has grown since its state was looked at */
  sf_value members; /* owned object, name -> null; when it is not open */
} shape;

typedef struct flow {
  sf_loader *l;
  shape *inputs; /* of each state */
  bool changed;
} flow;

/* --- shapes --- */

static shape shape_open(void) {
  shape s = {true, true, true, {{0}, SF_ABSENT}};
  return s;
}

static shape shape_empty(flow *f) {
  shape s = {true, false, true, {{0}, SF_ABSENT}};
  s.members = sf_object_new(f->l->mem, 0);
  if (s.members.kind == SF_ABSENT) {
    sf_loader_nomem(f->l);
    s.open = true;
  }
  return s;
}

static shape shape_copy(const shape *s) {
  shape copy = *s;
  copy.members = sf_retain(s->members);
  return copy;
}

static void shape_clear(shape *s) {
  sf_release(s->members);
  s->members = sf_absent();
}

static void shape_widen(shape *s) {
  shape_clear(s);
  s->open = true;
}

static bool shape_has(const shape *s, sf_value name) {
  return s->open || sf_object_get_key(s->members, name).kind != SF_ABSENT;
}

/* 'name' is consumed. */
static void shape_add(flow *f, shape *s, sf_value name) {
  if (name.kind == SF_ABSENT || s->open ||
      sf_object_count(s->members) >= MEMBERS_MAX) {
    sf_release(name);
    shape_widen(s);
  } else if (sf_object_set(&s->members, name, sf_null()) != SF_OK) {
    sf_loader_nomem(f->l);
    shape_widen(s);
  }
}

/* The members of a constant, or of a template, whose names lose their ".$". */
static shape shape_of(flow *f, sf_value v, bool is_template) {
  shape s;
  size_t i;
  if (v.kind != SF_OBJECT)
    return shape_open();
  s = shape_empty(f);
  for (i = 0; i < sf_object_count(v) && !s.open; i++) {
    sf_value key = sf_object_key_at(v, i);
    const char *text = sf_string_text(key);
    size_t len = sf_string_length(key);
    if (is_template && len > 2 && memcmp(text + len - 2, ".$", 2) == 0)
      len -= 2;
    shape_add(f, &s, sf_string_new(f->l->mem, text, len));
  }
  return s;
}

/* --- paths --- */

/* Length of the name in "$.name", which begins at byte 2; 0: not of that form. */
static size_t name_length(const char *path) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  size_t len;
  if (path[0] != '$' || path[1] != '.')
    return 0;
  len = strspn(path + 2, plain);
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

/* --- what a state hands on --- */

static sf_value field_of(const flow *f, const sf_state *s, const char *name) {
  sf_value object = f->l->states[s - f->l->machine->states].value;
  return sf_object_get(object, name, strlen(name));
}

static shape select_shape(flow *f, const sf_selection *selection,
                          const shape *from) {
  switch (selection->kind) {
    case SF_SELECT_ALL: return shape_copy(from);
    case SF_SELECT_NONE: return shape_empty(f);
    default: return shape_open();
  }
}

static shape result_of(flow *f, const sf_state *s, const shape *input) {
  if (s->type == SF_PASS && s->result.kind != SF_ABSENT)
    return shape_of(f, s->result, false);
  if (s->type == SF_PASS && s->parameters != NULL)
    return shape_of(f, field_of(f, s, "Parameters"), true);
  if (s->type == SF_TASK || s->type == SF_PARALLEL || s->type == SF_MAP)
    return s->result_selector != NULL
             ? shape_of(f, field_of(f, s, "ResultSelector"), true)
             : shape_open();
  return select_shape(f, &s->input_path, input);
}

/* 'input' with the result at the place that ResultPath names, or without one.
** ("$" puts the result in its stead: there is nothing of the input then.) */
static shape place_result(flow *f, const sf_selection *path,
                          const shape *input) {
  shape placed = shape_copy(input);
  if (path->kind == SF_SELECT_EXPR && !placed.open)
    shape_add(f, &placed, first_name(f, path->expr));
  return placed;
}

/* 'from' (consumed) may come to 'target'. */
static void hand_on(flow *f, uint32_t target, shape from) {
  shape *to = target != SF_NONE ? &f->inputs[target] : NULL;
  size_t i;
  if (to == NULL || (to->reached && to->open)) {
    shape_clear(&from);
    return;
  }
  if (!to->reached) {
    *to = from;
    to->fresh = f->changed = true;
    return;
  }
  if (from.open) {
    shape_widen(to);
    to->fresh = f->changed = true;
  }
  for (i = 0; !from.open && i < sf_object_count(from.members); i++) {
    sf_value name = sf_object_key_at(from.members, i);
    if (!shape_has(to, name)) {
      shape_add(f, to, sf_retain(name));
      to->fresh = f->changed = true;
    }
  }
  shape_clear(&from);
}

/* Is it not known what the state does with its input? */
static bool is_opaque(const sf_state *s) {
  return s->language == SF_JSONATA || s->waits.kind != SF_ABSENT;
}

/* What a Catch without a ResultPath hands on. */
static shape caught(flow *f, const sf_state *s) {
  shape c = is_opaque(s) ? shape_open() : shape_empty(f);
  if (!c.open) {
    shape_add(f, &c, sf_string_from(f->l->mem, "Error"));
    shape_add(f, &c, sf_string_from(f->l->mem, "Cause"));
  }
  return c;
}

static void hand_to_catchers(flow *f, const sf_state *s, const shape *input) {
  uint32_t i;
  for (i = 0; i < s->ncatchers; i++) {
    const sf_selection *path = &s->catchers[i].result_path;
    hand_on(f, s->catchers[i].next,
            path->kind == SF_SELECT_ALL || is_opaque(s)
              ? caught(f, s)
              : place_result(f, path, input));
  }
}

/* The inputs of branches; items may be anything. */
static void hand_down(flow *f, const sf_state *s, const shape *input) {
  uint32_t i;
  if (s->type == SF_MAP && s->u.map.processor != SF_NONE)
    hand_on(f, f->l->scopes[s->u.map.processor].start, shape_open());
  for (i = 0; s->type == SF_PARALLEL && i < s->u.parallel.count; i++)
    hand_on(f, f->l->scopes[s->u.parallel.branches[i]].start,
            is_opaque(s) ? shape_open()
            : s->parameters != NULL
              ? shape_of(f, field_of(f, s, "Parameters"), true)
              : select_shape(f, &s->input_path, input));
}

static void hand_to_all(flow *f, const sf_state *s, const shape *output) {
  const sf_choice *c = s->type == SF_CHOICE ? s->u.choice : NULL;
  uint32_t i;
  hand_on(f, s->next, shape_copy(output));
  for (i = 0; c != NULL && i < c->count; i++)
    hand_on(f, c->rules[i].next, shape_copy(output));
  if (c != NULL)
    hand_on(f, c->otherwise, shape_copy(output));
}

static void pass_through(flow *f, const sf_state *s, const shape *input) {
  shape made, output;
  hand_down(f, s, input);
  hand_to_catchers(f, s, input);
  if (is_opaque(s)) {
    output = shape_open();
  } else {
    made = s->result_path.kind == SF_SELECT_ALL
             ? result_of(f, s, input)
             : place_result(f, &s->result_path, input);
    output = select_shape(f, &s->output_path, &made);
    shape_clear(&made);
  }
  hand_to_all(f, s, &output);
  shape_clear(&output);
}

/* False: too many passes, or no memory. */
static bool settle(flow *f) {
  const sf_machine *m = f->l->machine;
  int pass;
  uint32_t i;
  hand_on(f, f->l->scopes[0].start, shape_open());
  for (pass = 0; pass < PASSES_MAX && f->changed; pass++) {
    f->changed = false;
    for (i = 0; i < m->nstates && f->l->status == SF_OK; i++)
      if (f->inputs[i].fresh) {
        shape input = shape_copy(&f->inputs[i]);
        f->inputs[i].fresh = false;
        pass_through(f, &m->states[i], &input);
        shape_clear(&input);
      }
  }
  return !f->changed && f->l->status == SF_OK;
}

/* --- what a state reads --- */

typedef struct reader {
  flow *f;
  const shape *input;
  const sf_state *state;
  const char *field; /* "/Parameters" */
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
          "No state before \"%s\" makes the '%s' that '%s' reads",
          sf_string_text(r->state->name), sf_string_text(name),
          sf_expr_text(e));
}

/* The member that it reads and that is not there: owned, or SF_ABSENT. */
static sf_value missing_name(const reader *r, const sf_expr *e) {
  sf_value name = first_name(r->f, e);
  if (name.kind == SF_ABSENT || !shape_has(r->input, name))
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
  below = sf_template_pointer(r->state->parameters, at);
  if (below.kind == SF_ABSENT)
    sf_loader_nomem(r->f->l);
  else
    tell(r, e, name, sf_string_text(below));
  sf_release(below);
  sf_release(name);
}

static void check_state(flow *f, const sf_state *s, const shape *input) {
  reader r = {f, input, s, NULL};
  if (s->input_path.kind == SF_SELECT_EXPR) {
    check_field(&r, "/InputPath", s->input_path.expr);
    return;
  }
  if (s->input_path.kind == SF_SELECT_NONE)
    return;
  r.field = "/Parameters";
  if (s->parameters != NULL)
    sf_template_visit(s->parameters, check_part, &r);
  if (s->type == SF_MAP)
    check_field(&r, "/ItemsPath", s->u.map.items.expr);
  if (s->type == SF_WAIT) {
    check_field(&r, "/SecondsPath", s->u.wait.seconds.expr);
    check_field(&r, "/TimestampPath", s->u.wait.timestamp.expr);
  }
}

static void check_states(flow *f) {
  const sf_machine *m = f->l->machine;
  uint32_t i;
  for (i = 0; i < m->nstates && f->l->status == SF_OK; i++)
    if (f->inputs[i].reached && !f->inputs[i].open && !is_opaque(&m->states[i]))
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
    shape_clear(&f.inputs[i]);
  sf_alloc_free(l->mem, f.inputs, (n + 1) * sizeof *f.inputs);
}
