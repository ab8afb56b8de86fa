/*
** template.c - payload templates (template.h).
**
** A template is compiled to a list of steps, each of which puts one value into
** the array or object that is open at that moment; so neither compiling nor
** evaluating recurses.  A part without expressions is one step, whatever its
** size: the value of the source itself.
*/
#include "query/template.h"

#include <assert.h>
#include <string.h>

#include "base/buffer.h"

#define OPEN_SMALL 8 /* open values that need no memory from the heap */
#define ROOM_MAX   8 /* steps of a template that are known beforehand */

typedef enum op {
  PUT_CONSTANT, /* value */
  PUT_RESULT,   /* expr, name */
  OPEN_ARRAY,   /* room */
  OPEN_OBJECT,  /* room */
  CLOSE         /* ends the innermost of them, which goes into the next */
} op;

typedef struct step {
  op op;
  size_t room;    /* elements or members to come */
  sf_value key;   /* where in the open object: owned; SF_ABSENT in an array */
  sf_value value; /* owned */
  sf_value name;  /* the key as written, "b.$": owned */
  sf_value path;  /* "a/b", for errors of JSONata: owned */
  sf_expr *expr;  /* owned */
} step;

struct sf_template {
  const sf_alloc *mem;
  step *steps;
  size_t count, capacity;
  size_t height; /* the most arrays and objects that are open at once */
};

/* --- compiling --- */

/* A value of the source that is being read.  An object is read twice: first
** its literal members, then its expressions. */
typedef struct level {
  sf_value source; /* borrowed */
  sf_value key;    /* of this value in its object: borrowed, or SF_ABSENT */
  size_t next;     /* element or member */
  size_t opened;   /* the step that opened it */
  bool expressions;
  bool constant; /* nothing in it depends on an expression, so far */
} level;

typedef struct compiler {
  sf_template *t;
  sf_path_cache *cache;
  sf_template_kind kind;
  level *levels;
  size_t depth, capacity;
  sf_template_report report;
  void *ud;
  sf_error *err;
  bool faulty;
} compiler;

static void clear_step(step *s) {
  sf_release(s->key);
  sf_release(s->value);
  sf_release(s->name);
  sf_release(s->path);
  sf_expr_free(s->expr);
}

/* A new step with the key (borrowed), or NULL when there is no memory. */
static step *add_step(compiler *c, op what, sf_value key) {
  sf_template *t = c->t;
  void *items = t->steps;
  step *s;
  if (!sf_alloc_grow(t->mem, &items, &t->capacity, t->count + 1, sizeof *s)) {
    sf_error_nomem(c->err);
    return NULL;
  }
  t->steps = items;
  s = &t->steps[t->count++];
  s->op = what;
  s->room = 0;
  s->key = sf_retain(key);
  s->value = sf_absent();
  s->name = sf_absent();
  s->path = sf_absent();
  s->expr = NULL;
  return s;
}

static sf_status put_constant(compiler *c, sf_value key, sf_value v) {
  step *s = add_step(c, PUT_CONSTANT, key);
  if (s == NULL)
    return SF_ERR_NOMEM;
  s->value = sf_retain(v);
  return SF_OK;
}

static sf_status open_level(compiler *c, sf_value key, sf_value source) {
  bool is_object = source.kind == SF_OBJECT;
  void *items = c->levels;
  level *l;
  step *s;
  if (!sf_alloc_grow(c->t->mem, &items, &c->capacity, c->depth + 1, sizeof *l))
    return sf_error_nomem(c->err);
  c->levels = items;
  s = add_step(c, is_object ? OPEN_OBJECT : OPEN_ARRAY, key);
  if (s == NULL)
    return SF_ERR_NOMEM;
  s->room = is_object ? sf_object_count(source) : sf_array_count(source);
  l = &c->levels[c->depth++];
  l->source = source;
  l->key = key;
  l->next = 0;
  l->opened = c->t->count - 1;
  l->expressions = false;
  l->constant = true;
  if (c->depth > c->t->height)
    c->t->height = c->depth;
  return SF_OK;
}

/* The innermost value has been read.  When nothing in it depends on an
** expression its steps are replaced by the value as it is. */
static sf_status close_level(compiler *c) {
  level *l = &c->levels[--c->depth];
  if (!l->constant) {
    if (c->depth > 0)
      c->levels[c->depth - 1].constant = false;
    return add_step(c, CLOSE, l->key) != NULL ? SF_OK : SF_ERR_NOMEM;
  }
  while (c->t->count > l->opened)
    clear_step(&c->t->steps[--c->t->count]);
  return put_constant(c, l->key, l->source);
}

/* --- faults --- */

static void add_token(sf_buffer *pointer, sf_value key) {
  const char *s = sf_string_text(key);
  size_t i, len = sf_string_length(key);
  sf_buffer_add_char(pointer, '/');
  for (i = 0; i < len; i++)
    if (s[i] == '~')
      sf_buffer_add_text(pointer, "~0");
    else if (s[i] == '/')
      sf_buffer_add_text(pointer, "~1");
    else
      sf_buffer_add_char(pointer, s[i]);
}

/* Where the part is that is being read: the member 'key' of the innermost object,
** or with SF_ABSENT an element of the innermost array, or the root. */
static void add_place(compiler *c, sf_buffer *pointer, sf_value key) {
  size_t i;
  for (i = 1; i < c->depth; i++)
    if (c->levels[i].key.kind != SF_ABSENT)
      add_token(pointer, c->levels[i].key);
    else /* 'next' is past the element that is being read */
      sf_buffer_add_format(pointer, "/%zu", c->levels[i - 1].next - 1);
  if (key.kind != SF_ABSENT)
    add_token(pointer, key);
  else if (c->depth > 0)
    sf_buffer_add_format(pointer, "/%zu", c->levels[c->depth - 1].next - 1);
}

/* Report a fault of that part; 'text' is its expression or SF_ABSENT. */
static sf_status report_fault(compiler *c, sf_value key, sf_value text,
                              const sf_error *error) {
  sf_template_fault fault;
  sf_buffer pointer;
  sf_buffer_init(&pointer, c->t->mem);
  add_place(c, &pointer, key);
  sf_buffer_add_char(&pointer, '\0');
  if (pointer.failed) {
    sf_buffer_clear(&pointer);
    return sf_error_nomem(c->err);
  }
  fault.pointer = pointer.bytes;
  fault.key = key;
  fault.text = text;
  fault.error = *error;
  c->report(c->ud, &fault);
  c->faulty = true;
  sf_buffer_clear(&pointer);
  return SF_OK;
}

/* --- members --- */

/* Does the name end in ".$"? */
static bool is_computed(sf_value key) {
  const char *s = sf_string_text(key);
  size_t len = sf_string_length(key);
  return len >= 2 && s[len - 2] == '.' && s[len - 1] == '$';
}

/* What is wrong with a ".$" member before its expression is looked at? */
static bool check_member(sf_value object, sf_value key, sf_value v,
                         sf_error *err) {
  const char *name = sf_string_text(key);
  size_t len = sf_string_length(key) - 2;
  if (sf_object_get(object, name, len).kind != SF_ABSENT) {
    sf_error_set(err, SF_ERR_STATE, "'%.*s' stands beside '%s'",
                 len < 80 ? (int)len : 80, name, name);
    return false;
  }
  if (v.kind != SF_STRING) {
    sf_error_set(err, SF_ERR_TYPE,
                 "a path or a call of an intrinsic function must stand here, "
                 "as text");
    return false;
  }
  return true;
}

/* The member's own name: that of the key without ".$". */
static sf_value plain_name(const sf_alloc *mem, sf_value key) {
  return sf_string_new(mem, sf_string_text(key), sf_string_length(key) - 2);
}

static sf_status put_result(compiler *c, sf_value key, sf_expr *expr) {
  sf_value name = plain_name(c->t->mem, key);
  step *s = name.kind != SF_ABSENT ? add_step(c, PUT_RESULT, name) : NULL;
  sf_release(name);
  if (s == NULL) {
    sf_expr_free(expr);
    return sf_error_nomem(c->err);
  }
  s->expr = expr;
  s->name = sf_retain(key);
  return SF_OK;
}

/* "a/b": where the part is, in the words of an error. */
static sf_value path_of(compiler *c, sf_value key) {
  sf_buffer path;
  sf_value whole, rest;
  if (c->depth == 0)
    return sf_absent();
  sf_buffer_init(&path, c->t->mem);
  add_place(c, &path, key);
  whole = sf_buffer_string(&path);
  if (whole.kind == SF_ABSENT)
    return whole;
  rest = sf_string_new(c->t->mem, sf_string_text(whole) + 1,
                       sf_string_length(whole) - 1);
  sf_release(whole);
  return rest;
}

/* A text "{% ... %}". */
static sf_status read_jsonata(compiler *c, sf_value key, sf_value v) {
  sf_expr *expr;
  sf_error error;
  step *s;
  sf_status st;
  if (c->depth > 0)
    c->levels[c->depth - 1].constant = false;
  st = sf_expr_new_jsonata(c->t->mem, v, &expr, &error);
  if (st != SF_OK)
    return st == SF_ERR_NOMEM ? sf_error_nomem(c->err)
                              : report_fault(c, key, v, &error);
  s = add_step(c, PUT_RESULT, key);
  if (s == NULL) {
    sf_expr_free(expr);
    return SF_ERR_NOMEM;
  }
  s->expr = expr;
  s->name = sf_retain(key);
  s->path = path_of(c, key);
  return s->path.kind == SF_ABSENT && c->depth > 0 ? sf_error_nomem(c->err)
                                                   : SF_OK;
}

static sf_status put_value(compiler *c, sf_value key, sf_value v) {
  if (v.kind == SF_ARRAY || v.kind == SF_OBJECT)
    return open_level(c, key, v);
  if (c->kind == SF_TEMPLATE_JSONATA && v.kind == SF_STRING &&
      sf_expr_is_jsonata(v))
    return read_jsonata(c, key, v);
  return put_constant(c, key, v);
}

static sf_status read_computed(compiler *c, sf_value object, sf_value key,
                               sf_value v) {
  sf_expr *expr;
  sf_error error;
  sf_status st;
  c->levels[c->depth - 1].constant = false;
  if (!check_member(object, key, v, &error))
    return report_fault(c, key, sf_absent(), &error);
  st = sf_expr_new(c->t->mem, c->cache, sf_string_text(v), sf_string_length(v),
                   &expr, &error);
  if (st == SF_OK)
    return put_result(c, key, expr);
  return st == SF_ERR_NOMEM ? sf_error_nomem(c->err)
                            : report_fault(c, key, v, &error);
}

/* Read the next part of the innermost value. */
static sf_status read_next(compiler *c) {
  level *l = &c->levels[c->depth - 1];
  sf_value source = l->source, key, v;
  size_t i = l->next++;
  if (source.kind == SF_ARRAY) {
    if (i < sf_array_count(source))
      return put_value(c, sf_absent(), sf_array_at(source, i));
    return close_level(c);
  }
  if (i == sf_object_count(source)) {
    if (l->expressions || c->kind == SF_TEMPLATE_JSONATA)
      return close_level(c);
    l->expressions = true;
    l->next = 0;
    return SF_OK;
  }
  key = sf_object_key_at(source, i);
  v = sf_object_value_at(source, i);
  if (c->kind == SF_TEMPLATE_JSONATA)
    return put_value(c, key, v);
  if (is_computed(key) != l->expressions)
    return SF_OK;
  return l->expressions ? read_computed(c, source, key, v)
                        : put_value(c, key, v);
}

/* Most templates are flat: their members, and the steps around them. */
static void reserve(sf_template *t, sf_value source) {
  size_t room = source.kind == SF_OBJECT ? sf_object_count(source) + 2 : 1;
  if (room > ROOM_MAX)
    return; /* grows as it comes */
  t->steps = sf_alloc_array(t->mem, room, sizeof *t->steps);
  t->capacity = t->steps != NULL ? room : 0;
}

static sf_status compile(compiler *c, sf_value source) {
  sf_status st;
  reserve(c->t, source);
  st = put_value(c, sf_absent(), source);
  while (st == SF_OK && c->depth > 0)
    st = read_next(c);
  if (st == SF_OK && c->faulty)
    st = sf_error_set(c->err, SF_ERR_SYNTAX, "the template has faults");
  return st;
}

sf_status sf_template_new(const sf_alloc *mem, sf_path_cache *cache,
                          sf_template_kind kind, sf_value source,
                          sf_template_report report, void *ud,
                          sf_template **out, sf_error *err) {
  compiler c = {NULL, cache, kind, NULL, 0, 0, NULL, NULL, NULL, false};
  sf_status st;
  assert(source.kind != SF_ABSENT && report != NULL && out != NULL);
  *out = NULL;
  c.t = sf_alloc_zero(mem, sizeof *c.t);
  if (c.t == NULL)
    return sf_error_nomem(err);
  c.t->mem = mem;
  c.report = report;
  c.ud = ud;
  c.err = err;
  st = compile(&c, source);
  sf_alloc_free(mem, c.levels, c.capacity * sizeof *c.levels);
  if (st == SF_OK)
    *out = c.t;
  else
    sf_template_free(c.t);
  return st;
}

void sf_template_free(sf_template *t) {
  size_t i;
  if (t == NULL)
    return;
  for (i = 0; i < t->count; i++)
    clear_step(&t->steps[i]);
  sf_alloc_free(t->mem, t->steps, t->capacity * sizeof *t->steps);
  sf_alloc_free(t->mem, t, sizeof *t);
}

void sf_template_visit(const sf_template *t,
                       void (*visit)(void *ud, const sf_expr *e, size_t at),
                       void *ud) {
  size_t i;
  for (i = 0; i < t->count; i++)
    if (t->steps[i].op == PUT_RESULT)
      visit(ud, t->steps[i].expr, i);
}

/* The step that opened what step 'at' puts into (t->count: none), and how many
** values were put there before. */
static size_t opener_of(const sf_template *t, size_t at, size_t *before) {
  size_t closed = 0;
  *before = 0;
  while (at-- > 0) {
    op what = t->steps[at].op;
    if (what == CLOSE)
      closed++;
    else if (what == PUT_CONSTANT || what == PUT_RESULT)
      *before += closed == 0;
    else if (closed == 0)
      return at;
    else
      *before += --closed == 0;
  }
  return t->count;
}

/* The depth of a template is limited as that of its source, so is this
** recursion. */
static void add_spot(const sf_template *t, size_t at, sf_buffer *pointer) {
  const step *s = &t->steps[at];
  size_t before, opener = opener_of(t, at, &before);
  if (opener == t->count)
    return;
  add_spot(t, opener, pointer);
  if (t->steps[opener].op == OPEN_ARRAY)
    sf_buffer_add_format(pointer, "/%zu", before);
  else
    add_token(pointer, s->name.kind != SF_ABSENT ? s->name : s->key);
}

sf_value sf_template_pointer(const sf_template *t, size_t at) {
  sf_buffer pointer;
  sf_buffer_init(&pointer, t->mem);
  add_spot(t, at, &pointer);
  return sf_buffer_string(&pointer);
}

const sf_expr *sf_template_expr(const sf_template *t) {
  return t->count == 1 ? t->steps[0].expr : NULL;
}

/* --- evaluating --- */

/* Put 'v' (consumed) into the open value. */
static sf_status put(sf_value *into, sf_value key, sf_value v) {
  if (key.kind == SF_ABSENT)
    return sf_array_push(into, v);
  return sf_object_add(into, sf_retain(key), v); /* members' names differ */
}

static sf_value open_value(const sf_alloc *mem, const step *s) {
  return s->op == OPEN_OBJECT ? sf_object_new(mem, s->room)
                              : sf_array_new(mem, s->room);
}

static sf_status evaluate(const step *s, const sf_env *env, sf_value *out,
                          sf_template_place *place, sf_error *err) {
  sf_status st = sf_expr_eval(s->expr, env, out, err);
  if (st != SF_OK) {
    place->key = s->name;
    place->path = s->path;
    place->expr = s->expr;
  }
  return st;
}

/* Run the steps.  open[0..*depth) are the open values, outermost first, all
** owned, also on failure. */
static sf_status run(const sf_template *t, const sf_env *env, sf_value *open,
                     size_t *depth, sf_value *out, sf_template_place *place,
                     sf_error *err) {
  const step *s = t->steps, *end = t->steps + t->count;
  for (; s < end; s++) {
    sf_value v;
    sf_status st;
    switch (s->op) {
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        v = open_value(env->mem, s);
        if (v.kind == SF_ABSENT)
          return sf_error_nomem(err);
        open[(*depth)++] = v;
        continue;
      case CLOSE: v = open[--*depth]; break;
      case PUT_RESULT:
        st = evaluate(s, env, &v, place, err);
        if (st != SF_OK)
          return st;
        break;
      default: v = sf_retain(s->value);
    }
    if (*depth == 0) { /* the outermost value is ready */
      *out = v;
      return SF_OK;
    }
    st = put(&open[*depth - 1], s->key, v);
    if (st != SF_OK)
      return sf_error_of(err, st);
  }
  return SF_OK;
}

sf_status sf_template_eval(const sf_template *t, const sf_env *env,
                           sf_value *out, sf_template_place *place,
                           sf_error *err) {
  sf_value small[OPEN_SMALL], *open = small;
  size_t depth = 0;
  sf_status st;
  *out = sf_absent();
  place->key = sf_absent();
  place->path = sf_absent();
  place->expr = NULL;
  if (!sf_budget_take(env->budget, t->count))
    return sf_error_set(err, SF_ERR_LIMIT, "the template is too much work");
  if (t->height > OPEN_SMALL) {
    open = sf_alloc_array(env->mem, t->height, sizeof *open);
    if (open == NULL)
      return sf_error_nomem(err);
  }
  st = run(t, env, open, &depth, out, place, err);
  while (depth > 0)
    sf_release(open[--depth]);
  if (open != small)
    sf_alloc_free(env->mem, open, t->height * sizeof *open);
  return st;
}
