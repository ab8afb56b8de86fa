/*
** context.c - what the expressions of a state see: '$$' (the context object),
** variables up the scopes, random bits.  The context object is built only when
** something asks; its parts that never change are made once an execution.
*/

#include <string.h>

#include "base/random.h"
#include "run/internal.h"

/* One evaluation may do this much before it is called endless. */
#define EVALUATION_STEPS_MAX 20000000u

/* What of '$$' does not change, and texts that come again and again. */
typedef struct context_parts {
  sf_value execution, machine;
  sf_value time_text; /* of the last EnteredTime */
  sf_time time;
} context_parts;

/* NULL: no memory. */
static context_parts *parts_of(sf_execution *x) {
  if (x->parts == NULL)
    x->parts = sf_alloc_zero(x->mem, sizeof *x->parts);
  if (x->parts == NULL)
    x->broken = true;
  return x->parts;
}

void sf_context_forget(sf_execution *x) {
  context_parts *p = x->parts;

  if (p == NULL)
    return;
  sf_release(p->execution);
  sf_release(p->machine);
  sf_release(p->time_text);
  sf_alloc_free(x->mem, p, sizeof *p);
  x->parts = NULL;
}

/* Iterations are entered at the same instant: its text is made once. */
static sf_value time_text(sf_execution *x, sf_time t) {
  context_parts *p = parts_of(x);
  char text[SF_TIME_TEXT_MAX];
  size_t len;

  if (p == NULL)
    return sf_absent();
  if (p->time_text.kind == SF_ABSENT || p->time != t) {
    len = sf_time_format(t, text);
    sf_assign(&p->time_text, sf_string_new(x->mem, text, len));
    p->time = t;
    if (p->time_text.kind == SF_ABSENT)
      x->broken = true;
  }
  return sf_retain(p->time_text);
}

/* Put a member into *object; consumes 'v'.  SF_ABSENT members are left out. */
static void member(sf_execution *x, sf_value *object, const char *key,
                   sf_value v) {
  if (v.kind == SF_ABSENT || object->kind != SF_OBJECT)
    sf_release(v);
  else if (sf_object_put(object, key, v) != SF_OK)
    x->broken = true;
}

static sf_value new_object(sf_execution *x, size_t capacity) {
  sf_value o = sf_object_new(x->mem, capacity);

  if (o.kind == SF_ABSENT)
    x->broken = true;
  return o;
}

static sf_value make_execution(sf_execution *x) {
  sf_value o = new_object(x, 7);

  sf_identify(x);
  member(x, &o, "Id", sf_retain(x->facts.arn));
  member(x, &o, "Input", sf_retain(x->input));
  member(x, &o, "StartTime", time_text(x, x->facts.start_time));
  member(x, &o, "Name", sf_retain(x->facts.name));
  member(x, &o, "RoleArn", sf_retain(x->facts.role_arn));
  if (!x->facts.synchronous)
    member(x, &o, "RedriveCount", sf_integer(x->redrive_count));
  if (x->redrive_count > 0)
    member(x, &o, "RedriveTime", time_text(x, x->redrive_time));
  return o;
}

static sf_value make_machine(sf_execution *x) {
  sf_value o = new_object(x, 2);

  member(x, &o, "Id", sf_retain(x->facts.machine_arn));
  member(x, &o, "Name", sf_retain(x->facts.machine_name));
  return o;
}

/* The part at *place, made by 'make' when it is not there yet. */
static sf_value part(sf_execution *x, sf_value *place,
                     sf_value (*make)(sf_execution *x)) {
  if (place->kind == SF_ABSENT)
    *place = make(x);
  return sf_retain(*place);
}

static sf_value state_part(sf_execution *x, const frame *f,
                           const sf_state *st) {
  sf_value o = new_object(x, 3);

  member(x, &o, "EnteredTime", time_text(x, f->entered_at));
  member(x, &o, "Name", sf_retain(st->name));
  if (st->type == SF_TASK || st->type == SF_PARALLEL || st->type == SF_MAP)
    member(x, &o, "RetryCount", sf_integer(f->retry_count));
  return o;
}

/* Whatever ends later than the call that began it can be ended by its token. */
static bool shows_token(const sf_state *st) {
  return st->type == SF_TASK &&
         (st->u.task.resource.pattern != SF_PATTERN_REQUEST ||
          st->u.task.resource.kind == SF_RESOURCE_ACTIVITY);
}

static void merge(sf_execution *x, sf_value *object, sf_value over) {
  size_t i;

  if (over.kind != SF_OBJECT || object->kind != SF_OBJECT)
    return;
  for (i = 0; i < sf_object_count(over); i++) {
    if (sf_object_set(object, sf_retain(sf_object_key_at(over, i)),
                      sf_retain(sf_object_value_at(over, i))) != SF_OK)
      x->broken = true;
  }
}

static sf_value token_text(sf_execution *x, uint32_t attempt) {
  sf_value token = sf_token_make(x, attempt);

  if (token.kind == SF_ABSENT)
    x->broken = true;
  return token;
}

static sf_value build(sight *s) {
  sf_execution *x = s->x;
  const sf_state *st = sf_frame_state(x, s->frame);
  sf_value o = new_object(x, 5), inner;
  context_parts *p = parts_of(x);

  if (p == NULL)
    return o;
  member(x, &o, "Execution", part(x, &p->execution, make_execution));
  member(x, &o, "State", state_part(x, s->frame, st));
  member(x, &o, "StateMachine", part(x, &p->machine, make_machine));
  if (s->map_item.kind != SF_ABSENT) {
    inner = new_object(x, 1);
    member(x, &inner, "Item", sf_retain(s->map_item));
    member(x, &o, "Map", inner);
  }
  if (shows_token(st) && s->attempt != 0) {
    inner = new_object(x, 1);
    member(x, &inner, "Token", token_text(x, s->attempt));
    member(x, &o, "Task", inner);
  }
  if (x->special != NULL)
    merge(x, &o, x->special->context);
  return o;
}

/* Put 'v' (consumed) where a member stands already. */
static void member_at(sf_execution *x, sf_value *object, size_t at,
                      sf_value v) {
  if (v.kind == SF_ABSENT || object->kind != SF_OBJECT ||
      at >= sf_object_count(*object))
    sf_release(v); /* memory ran out before */
  else if (sf_object_set_at(object, at, v) != SF_OK)
    x->broken = true;
}

/* Take a member, an object, out to be changed: while it is away, nothing shares
** it.  *at: where it stands. */
static sf_value take_member(sf_execution *x, sf_value *object, const char *key,
                            size_t *at) {
  sf_value v = sf_absent();

  if (object->kind != SF_OBJECT)
    return v; /* memory ran out before */
  *at = sf_object_find(*object, key, strlen(key));
  if (*at < sf_object_count(*object) &&
      sf_object_value_at(*object, *at).kind == SF_OBJECT) {
    v = sf_retain(sf_object_value_at(*object, *at));
    member_at(x, object, *at, sf_null());
    return v;
  }
  member(x, object, key, sf_null());
  return new_object(x, 2);
}

static sf_value state_source(sf_execution *x) {
  sf_value source = sf_string_from(x->mem, SF_SOURCE_STATE);

  if (source.kind == SF_ABSENT)
    x->broken = true;
  return source;
}

/* The item at hand, in the object of the one before. */
static void change_item(sf_execution *x, sf_value *item, const sight *s) {
  bool is_ours = item->kind == SF_OBJECT && sf_object_count(*item) == 3 &&
                 sf_string_is(sf_object_key_at(*item, 0), "Index") &&
                 sf_string_is(sf_object_key_at(*item, 1), "Value") &&
                 sf_string_is(sf_object_key_at(*item, 2), "Source");

  if (is_ours) {
    member_at(x, item, 0, sf_integer(s->item_index));
    member_at(x, item, 1, sf_retain(s->item));
  } else {
    member(x, item, "Index", sf_integer(s->item_index));
    member(x, item, "Value", sf_retain(s->item));
    member(x, item, "Source", state_source(x));
  }
}

/* '$$' of the iteration at hand: that of the one before, with another item. */
static sf_value iterate(sight *s) {
  sf_execution *x = s->x;
  sf_value o = s->iterates->context, map, item;
  size_t map_at = 0, item_at = 0;

  s->iterates->context = sf_absent();
  if (o.kind == SF_ABSENT)
    o = build(s);
  map = take_member(x, &o, "Map", &map_at);
  item = take_member(x, &map, "Item", &item_at);
  change_item(x, &item, s);
  member_at(x, &map, item_at, item);
  member_at(x, &o, map_at, map);
  return o;
}

static sf_value see_context(void *host) {
  sight *s = host;

  if (s->context.kind == SF_ABSENT)
    s->context = s->iterates != NULL ? iterate(s) : build(s);
  return s->context;
}

static sf_value see_variable(void *host, sf_value name) {
  sight *s = host;
  const frame *f;

  for (f = s->frame; f != NULL; f = f->parent) {
    if (f->variables.kind != SF_ABSENT) {
      sf_value v = sf_object_get_key(f->variables, name);
      if (v.kind != SF_ABSENT)
        return v;
    }
  }
  return sf_absent();
}

/* $states: what there is of input, result, errorOutput, context. */
static sf_value build_states(sight *s, bool with_context) {
  sf_execution *x = s->x;
  sf_value o = new_object(x, 4);

  member(x, &o, "input", sf_retain(s->frame->input));
  member(x, &o, "result", sf_retain(s->result));
  member(x, &o, "errorOutput", sf_retain(s->error_output));
  if (with_context)
    member(x, &o, "context", sf_retain(see_context(s)));
  return o;
}

static sf_value see_states(void *host, bool with_context) {
  sight *s = host;

  if (s->states.kind == SF_ABSENT || (with_context && !s->states_whole)) {
    sf_assign(&s->states, build_states(s, with_context));
    s->states_whole = with_context;
  }
  return s->states;
}

uint32_t sf_draw_attempt(const sf_execution *x, const frame *f) {
  return f->retry_count + (x->redrive_count << 16);
}

static uint64_t see_random(void *host) {
  sight *s = host;
  const frame *f = s->frame;

  return sf_random_keyed(s->x->facts.seed,
                         (uint64_t)s->item_number << 32 | f->entered_id,
                         sf_draw_attempt(s->x, f), s->draws++);
}

/* A visit may draw before its work, behind it, and for a caught error: each part
** has draws of its own. */
static uint32_t first_draw(frame_phase phase) {
  switch (phase) {
    case FRAME_RESULT: return UINT32_C(1) << 28;
    case FRAME_CAUGHT: return UINT32_C(2) << 28;
    case FRAME_LEAVE: return UINT32_C(3) << 28;
    default: return 0;
  }
}

void sf_sight_init(sight *s, sf_execution *x, frame *f) {
  s->x = x;
  s->frame = f;
  s->context = sf_absent();
  s->map_item = sf_absent();
  s->iterates = NULL;
  s->states = s->result = s->error_output = sf_absent();
  s->states_whole = false;
  s->attempt = f->attempt;
  s->item_number = 0;
  s->draws = first_draw((frame_phase)f->phase);
  sf_step_grant(s, EVALUATION_STEPS_MAX);
}

void sf_sight_item(sight *s, sf_value item, uint32_t number) {
  sf_assign(&s->map_item, item);
  sf_assign(&s->context, sf_absent());
  sf_assign(&s->states, sf_absent()); /* it may hold the context */
  s->states_whole = false;
  s->item_number = number;
  s->draws = 0;
}

void sf_sight_clear(sight *s) {
  sf_step_settle(s);
  if (s->iterates != NULL && s->context.kind != SF_ABSENT)
    s->iterates->context = s->context;
  else
    sf_assign(&s->context, sf_absent());
  sf_assign(&s->map_item, sf_absent());
  sf_assign(&s->states, sf_absent());
}

sf_env sf_sight_env(sight *s, sf_value input) {
  sf_env env;

  env.mem = s->x->mem;
  env.budget = &s->budget;
  env.input = input;
  env.host = s;
  env.context = see_context;
  env.variable = see_variable;
  env.states = see_states;
  env.random = see_random;
  env.now = s->x->step_now;
  env.gaps = false;
  return env;
}
