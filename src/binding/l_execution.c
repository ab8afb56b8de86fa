/*
** l_execution.c - start, feed, drain and read executions.  The methods that a
** pump calls for every task take and give plain values, no tables.
*/
#include "binding/l_execution.h"

#include <string.h>

#include "base/random.h"
#include "binding/l_effect.h"
#include "binding/l_error.h"
#include "binding/l_from_lua.h"
#include "binding/l_machine.h"
#include "binding/l_seed.h"
#include "binding/l_to_lua.h"
#include "binding/l_value.h"
#include "run/execution.h"
#include "run/snapshot.h"

#define EXECUTION_TYPE "stepfn.execution"

typedef struct l_execution {
  l_home *home;
  sf_execution *x; /* NULL: closed */
  uint64_t seed;
  sf_effect effect; /* the one drained last; its values are owned */
  sf_event event;   /* the one under way; likewise */
} l_execution;

static void execution_clear(l_execution *e) {
  sf_effect_clear(&e->effect);
  l_event_clear(&e->event);
  sf_execution_free(e->x);
  e->x = NULL;
}

static int execution_gc(lua_State *L) {
  execution_clear(lua_touserdata(L, 1));
  return 0;
}

/* The open execution at argument 1.  A pump asks several times for each task:
** luaL_checkudata, which looks a name up, is left to those who are wrong. */
static l_execution *check(lua_State *L) {
  l_execution *e = lua_touserdata(L, 1);
  bool ours = e != NULL && lua_getmetatable(L, 1) != 0;

  if (ours) {
    ours = lua_topointer(L, -1) == l_home_of(L)->execution_meta;
    lua_pop(L, 1);
  }
  if (!ours)
    e = luaL_checkudata(L, 1, EXECUTION_TYPE);
  if (e->x == NULL)
    luaL_error(L, "the execution is closed");
  return e;
}

/* Pushes one that is still to be made; __gc copes with that. */
static l_execution *push_execution(lua_State *L, l_home *home) {
  l_execution *e = l_newobject(L, sizeof *e, EXECUTION_TYPE);

  e->home = home;
  return e;
}

/* --- start --- */

static sf_value given(sf_value facts, const char *name) {
  return sf_object_get(facts, name, strlen(name));
}

static void facts_texts(sf_facts *facts, sf_special_facts *special,
                        sf_value from) {
  sf_value synchronous = given(from, "synchronous");

  facts->synchronous = synchronous.kind == SF_BOOLEAN && synchronous.u.boolean;
  facts->name = given(from, "name");
  facts->arn = given(from, "arn");
  facts->machine_arn = given(from, "machine_arn");
  facts->machine_name = given(from, "machine_name");
  facts->role_arn = given(from, "role_arn");
  special->version_arn = given(from, "version_arn");
  special->alias_arn = given(from, "alias_arn");
  special->map_run_arn = given(from, "map_run_arn");
  special->variables = given(from, "variables");
  special->context = given(from, "context");
}

/* A limit: a number, or false for none. */
static uint64_t check_limit(lua_State *L, int index) {
  lua_Number n;

  if (lua_isboolean(L, index))
    return 0;
  n = luaL_checknumber(L, index);
  luaL_argcheck(L, n >= 1 && n <= 9007199254740992.0, index,
                "a positive number expected");
  return (uint64_t)n;
}

static void facts_numbers(lua_State *L, sf_facts *facts) {
  const char *secret;
  size_t len;
  uint64_t concurrency;

  facts->start_time = sf_time_from_seconds(luaL_checknumber(L, 4));
  facts->seed = l_check_seed(L, 5);
  secret = luaL_checklstring(L, 6, &len);
  luaL_argcheck(L, len == sizeof facts->secret, 6, "32 bytes expected");
  memcpy(facts->secret, secret, len);
  facts->history = lua_toboolean(L, 7) != 0;
  facts->limits.payload = check_limit(L, 8);
  facts->limits.events = check_limit(L, 9);
  facts->limits.variables = check_limit(L, 10);
  concurrency = check_limit(L, 11);
  facts->limits.map_concurrency =
    concurrency > UINT32_MAX ? UINT32_MAX : (uint32_t)concurrency;
  facts->slice = (uint32_t)luaL_optnumber(L, 12, 0);
}

/* The options that tests of one state use: { start_at = JSON pointer,
** stop_after =, retry_count = } at argument 13. */
static void facts_test(lua_State *L, const sf_machine *machine,
                       sf_special_facts *special) {
  const char *pointer;
  size_t len;

  if (lua_isnoneornil(L, 13))
    return;
  luaL_checktype(L, 13, LUA_TTABLE);
  lua_getfield(L, 13, "start_at");
  pointer = lua_tolstring(L, -1, &len);
  if (pointer != NULL) {
    special->start_at = sf_machine_find(machine, pointer, len);
    luaL_argcheck(L, special->start_at != SF_NONE, 13, "no such state");
  }
  lua_getfield(L, 13, "stop_after");
  special->stop_after = lua_toboolean(L, -1) != 0;
  lua_getfield(L, 13, "retry_count");
  special->retry_count = (uint32_t)lua_tonumber(L, -1);
  lua_pop(L, 3);
}

/* Does it say anything? */
static bool is_special(const sf_special_facts *special) {
  return special->start_at != SF_NONE || special->scope != 0 ||
         special->retry_count != 0 || special->stop_after ||
         special->version_arn.kind != SF_ABSENT ||
         special->alias_arn.kind != SF_ABSENT ||
         special->map_run_arn.kind != SF_ABSENT ||
         special->variables.kind != SF_ABSENT ||
         special->context.kind != SF_ABSENT;
}

/* execution(machine, input, texts, start_time, seed, secret, history,
**           payload, events, variables, map_concurrency [, slice [, test]])
** -> execution | nil, message, detail */
static int l_execution_new(lua_State *L) {
  l_home *home = l_home_of(L);
  sf_machine *machine = l_check_machine(L, 1);
  sf_value input, texts;
  l_execution *e;
  sf_special_facts special;
  sf_facts facts;
  sf_error err;

  lua_settop(L, 13);
  sf_facts_init(&facts);
  sf_special_facts_init(&special);
  facts_numbers(L, &facts);
  facts_test(L, machine, &special);
  input = l_check_value(L, 2); /* both stay anchored on the stack */
  texts = l_check_value(L, 3);
  facts_texts(&facts, &special, texts);
  if (is_special(&special))
    facts.special = &special;
  e = push_execution(L, home);
  e->seed = facts.seed;
  if (sf_execution_new(&home->mem, machine, input, &facts, &e->x, &err) !=
      SF_OK)
    return l_push_error(L, &err);
  l_gc(L, home);
  return 1;
}

/* --- feed --- */

/* ORDER sf_answer */
static const char *const answer_texts[] = {
  "",
  "no task of this execution has that token",
  "the task is over: answered, timed out or cancelled",
  "not a task token of this execution",
  "the output is not allowed",
  "the execution has finished",
  "nothing waits for an event of this kind"};

/* Feed e->event.  Pushes true | nil, message, code. */
static int feed(lua_State *L, l_execution *e) {
  sf_answer answer = SF_ACCEPTED;
  sf_error err;
  sf_status status = sf_execution_feed(e->x, &e->event, &answer, &err);

  l_event_clear(&e->event);
  l_check_memory(L, status);
  if (status != SF_OK)
    return luaL_error(L, "%s", err.message);
  if (answer != SF_ACCEPTED) {
    lua_pushnil(L);
    lua_pushstring(L, answer_texts[answer]);
    lua_pushstring(L, sf_answer_names[answer]);
    return 3;
  }
  lua_pushboolean(L, 1);
  l_gc(L, e->home);
  return 1;
}

/* Begin an event: argument 2 is the attempt (0: none), 'now' its argument. */
static l_execution *begin(lua_State *L, sf_event_type type, int now) {
  l_execution *e = check(L);
  sf_event *event = &e->event;

  l_event_clear(event); /* an error may have left one */
  event->type = type;
  event->now = sf_time_from_seconds(luaL_checknumber(L, now));
  return e;
}

static l_execution *begin_task(lua_State *L, sf_event_type type, int now) {
  l_execution *e = begin(L, type, now);

  if (lua_type(L, 2) == LUA_TSTRING)
    e->event.token = l_text_from_lua(L, e->home, 2);
  else
    e->event.task = (uint32_t)luaL_checknumber(L, 2);
  return e;
}

static void take_text(lua_State *L, l_execution *e, int index, sf_value *out) {
  if (!lua_isnoneornil(L, index)) {
    luaL_checkstring(L, index);
    *out = l_text_from_lua(L, e->home, index);
  }
}

/* An output that is no JSON: nil, message, "InvalidOutput". */
static int feed_output(lua_State *L, sf_event_type type) {
  l_execution *e = begin_task(L, type, 4);

  if (l_from_lua(L, e->home, 3, &e->event.output))
    return feed(L, e);
  lua_pushnil(L);
  lua_insert(L, -3);
  lua_pop(L, 1);
  lua_pushliteral(L, "InvalidOutput");
  return 3;
}

/* e:succeed(task or token, output, now) */
static int execution_succeed(lua_State *L) {
  return feed_output(L, SF_EVENT_TASK_SUCCEEDED);
}

/* e:submit(task, output, now) */
static int execution_submit(lua_State *L) {
  return feed_output(L, SF_EVENT_TASK_SUBMITTED);
}

/* ORDER sf_stage */
static const char *const stage_names[] = {"run",   "resolve", "schedule",
                                          "start", "submit",  NULL};

/* e:fail(task or token, error or nil, cause or nil, now [, stage]) */
static int execution_fail(lua_State *L) {
  l_execution *e = begin_task(L, SF_EVENT_TASK_FAILED, 5);

  e->event.stage = (sf_stage)luaL_checkoption(L, 6, "run", stage_names);
  take_text(L, e, 3, &e->event.error);
  take_text(L, e, 4, &e->event.cause);
  return feed(L, e);
}

/* e:heartbeat(task or token, now) */
static int execution_heartbeat(lua_State *L) {
  return feed(L, begin_task(L, SF_EVENT_TASK_HEARTBEAT, 3));
}

/* e:scheduled(task, now): the activity exists */
static int execution_scheduled(lua_State *L) {
  return feed(L, begin_task(L, SF_EVENT_TASK_SCHEDULED, 3));
}

/* e:started(task, now [, worker]) */
static int execution_started(lua_State *L) {
  l_execution *e = begin_task(L, SF_EVENT_TASK_STARTED, 3);

  take_text(L, e, 4, &e->event.worker);
  return feed(L, e);
}

/* e:stop(error or nil, cause or nil, now) */
static int execution_stop(lua_State *L) {
  l_execution *e = begin(L, SF_EVENT_STOP, 4);

  take_text(L, e, 2, &e->event.error);
  take_text(L, e, 3, &e->event.cause);
  return feed(L, e);
}

/* e:advance(now): time, or going on after a spent slice */
static int execution_advance(lua_State *L) {
  l_execution *e = check(L);

  return feed(
    L, begin(L, sf_execution_has_more(e->x) ? SF_EVENT_CONTINUE : SF_EVENT_TIME,
             2));
}

/* e:feed(event) */
static int execution_feed(lua_State *L) {
  l_execution *e = check(L);

  l_event_clear(&e->event);
  l_check_event(L, e->home, 2, &e->event);
  return feed(L, e);
}

/* --- children --- */

/* e:child(now, keep_history) -> the execution that the `child` effect drained
** last asks for, its name, its ARN, its seed */
static int execution_child(lua_State *L) {
  l_execution *parent = check(L);
  sf_time now = sf_time_from_seconds(luaL_checknumber(L, 2));
  bool keep_history = lua_toboolean(L, 3) != 0;
  l_execution *e;
  sf_error err;

  luaL_argcheck(L, parent->effect.type == SF_EFFECT_CHILD, 1,
                "no child effect was drained");
  e = l_newobject(L, sizeof *e, EXECUTION_TYPE);
  e->home = parent->home;
  e->seed = parent->effect.seed;
  l_check_memory(L, sf_execution_new_child(parent->x, &parent->effect, now,
                                           keep_history, &e->x, &err));
  l_push_text(L, parent->effect.name);
  l_push_text(L, parent->effect.arn);
  l_push_seed(L, e->seed);
  l_gc(L, e->home);
  return 4;
}

/* e:child_started(child, now) */
static int execution_child_started(lua_State *L) {
  l_execution *e = begin(L, SF_EVENT_CHILD_STARTED, 3);

  e->event.child = (uint32_t)luaL_checknumber(L, 2);
  return feed(L, e);
}

/* e:child_finished(child, the child's execution, now): it has ended */
static int execution_child_finished(lua_State *L) {
  l_execution *e = begin(L, SF_EVENT_CHILD_FINISHED, 4);
  l_execution *c = luaL_checkudata(L, 3, EXECUTION_TYPE);
  sf_event *event = &e->event;

  luaL_argcheck(L, c->x != NULL, 3, "the execution is closed");
  event->child = (uint32_t)luaL_checknumber(L, 2);
  event->status = sf_execution_status_of(c->x);
  event->output = sf_retain(sf_execution_output(c->x));
  event->error = sf_retain(sf_execution_error(c->x));
  event->cause = sf_retain(sf_execution_cause(c->x));
  event->stop_date = sf_execution_stop_date(c->x);
  return feed(L, e);
}

/* --- drain --- */

static int push_drained(lua_State *L, const sf_effect *effect) {
  switch (effect->type) {
    case SF_EFFECT_TASK:
      lua_pushinteger(L, effect->task);
      lua_pushinteger(L, effect->state_index);
      lua_pushinteger(L, effect->attempt);
      lua_pushinteger(L, effect->event_id);
      return 5;
    case SF_EFFECT_CANCEL: lua_pushinteger(L, effect->task); return 2;
    case SF_EFFECT_CHILD:
    case SF_EFFECT_CHILD_STOP: lua_pushinteger(L, effect->child); return 2;
    case SF_EFFECT_READ:
    case SF_EFFECT_READ_CLOSE: lua_pushinteger(L, effect->reader); return 2;
    case SF_EFFECT_WRITE: lua_pushinteger(L, effect->writer); return 2;
    case SF_EFFECT_MAP_RUN: lua_pushinteger(L, effect->map_run); return 2;
    default: return 1;
  }
}

/* e:take() -> name of the next effect, or nil; of a task also its attempt id,
** state index, retries and event id; of others the id of what they speak of */
static int execution_take(lua_State *L) {
  l_execution *e = check(L);

  sf_effect_clear(&e->effect);
  if (!sf_execution_next_effect(e->x, &e->effect))
    return 0;
  lua_pushstring(L, sf_effect_rows[e->effect.type].name);
  return push_drained(L, &e->effect);
}

/* e:effect() -> the next effect as a table, or nil */
static int execution_effect(lua_State *L) {
  l_execution *e = check(L);

  sf_effect_clear(&e->effect);
  if (!sf_execution_next_effect(e->x, &e->effect))
    return 0;
  l_push_effect(L, e->home, &e->effect);
  return 1;
}

/* e:effect_input([member]) -> input of the task effect drained last, or one of
** its members; nil when it is not there */
static int execution_effect_input(lua_State *L) {
  l_execution *e = check(L);
  sf_value v = e->effect.input;
  const char *member;
  size_t len;

  if (!lua_isnoneornil(L, 2)) {
    member = luaL_checklstring(L, 2, &len);
    v = v.kind == SF_OBJECT ? sf_object_get(v, member, len) : sf_absent();
  }
  l_to_lua(L, e->home, v);
  return 1;
}

/* e:drained() -> the effect drained last as a table */
static int execution_drained(lua_State *L) {
  l_execution *e = check(L);

  if (e->effect.type == SF_EFFECT_MAP_RUN && e->effect.run.kind == SF_ABSENT)
    luaL_error(L, L_NOMEM);
  l_push_effect(L, e->home, &e->effect);
  return 1;
}

/* --- read --- */

static int execution_status(lua_State *L) {
  lua_pushstring(L, sf_status_names[sf_execution_status_of(check(L)->x)]);
  return 1;
}

/* e:output() -> Lua value, or nil when there is none */
/* e:output(as_value) -> the output, nil while there is none */
static int execution_output(lua_State *L) {
  l_execution *e = check(L);
  sf_value output = sf_execution_output(e->x);

  if (lua_toboolean(L, 2) && output.kind != SF_ABSENT)
    l_value_push(L, output);
  else
    l_to_lua(L, e->home, output);
  return 1;
}

static int execution_output_json(lua_State *L) {
  l_execution *e = check(L);
  sf_value output = sf_execution_output(e->x);

  if (output.kind == SF_ABSENT)
    return 0;
  l_push_json(L, e->home, output, false);
  return 1;
}

static int execution_input(lua_State *L) {
  l_execution *e = check(L);

  l_to_lua(L, e->home, sf_execution_input(e->x));
  return 1;
}

/* e:input_json() -> the input as JSON text */
static int execution_input_json(lua_State *L) {
  l_execution *e = check(L);

  l_push_json(L, e->home, sf_execution_input(e->x), false);
  return 1;
}

static int execution_error(lua_State *L) {
  l_push_text(L, sf_execution_error(check(L)->x));
  return 1;
}

static int execution_cause(lua_State *L) {
  l_push_text(L, sf_execution_cause(check(L)->x));
  return 1;
}

/* e:failed_at() -> pointer of the state whose error ended it, or nil */
static int execution_failed_at(lua_State *L) {
  l_execution *e = check(L);
  uint32_t state = sf_execution_failed_state(e->x);

  if (state == SF_NONE)
    return 0;
  l_push_text(L, sf_execution_machine(e->x)->states[state].pointer);
  return 1;
}

static int execution_now(lua_State *L) {
  l_push_due(L, sf_execution_now(check(L)->x));
  return 1;
}

static int execution_stop_date(lua_State *L) {
  sf_time t = sf_execution_stop_date(check(L)->x);

  if (t == SF_TIME_NEVER)
    return 0;
  lua_pushnumber(L, sf_time_to_seconds(t));
  return 1;
}

/* e:next_wake() -> seconds or nil, implicit */
static int execution_next_wake(lua_State *L) {
  bool implicit = false;

  l_push_due(L, sf_execution_next_wake(check(L)->x, &implicit));
  lua_pushboolean(L, implicit);
  return 2;
}

static void set_number(lua_State *L, const char *name, uint64_t n) {
  lua_pushinteger(L, (lua_Integer)n);
  lua_setfield(L, -2, name);
}

/* A row of usage: { <unit> = n, limit = n or nil } */
static void push_used(lua_State *L, const char *unit, uint64_t used,
                      uint64_t limit) {
  lua_createtable(L, 0, 3);
  set_number(L, unit, used);
  if (limit != 0)
    set_number(L, "limit", limit);
}

/* e:usage() -> { events, payload, variables } */
static int execution_usage(lua_State *L) {
  l_execution *e = check(L);
  const sf_machine *machine = sf_execution_machine(e->x);
  sf_usage usage;

  sf_execution_usage(e->x, &usage);
  lua_createtable(L, 0, 3);
  push_used(L, "count", usage.events, usage.limits.events);
  lua_setfield(L, -2, "events");
  push_used(L, "bytes", usage.payload, usage.limits.payload);
  if (usage.payload_state != SF_NONE) {
    l_push_text(L, machine->states[usage.payload_state].name);
    lua_setfield(L, -2, "state");
  }
  lua_setfield(L, -2, "payload");
  push_used(L, "bytes", usage.variables, usage.limits.variables);
  lua_setfield(L, -2, "variables");
  return 1;
}

/* ORDER sf_attempt_status */
static const char *const attempt_names[] = {"running", "submitted", "waiting"};

static void push_pending(lua_State *L, l_execution *e, const sf_pending *p) {
  const sf_state *state = &sf_execution_machine(e->x)->states[p->state_index];

  lua_createtable(L, 0, 12);
  set_number(L, "task", p->task);
  set_number(L, "attempt", p->attempt);
  lua_pushstring(L, attempt_names[p->status]);
  lua_setfield(L, -2, "status");
  lua_pushstring(L, sf_resource_kind_names[p->kind]);
  lua_setfield(L, -2, "kind");
  lua_pushstring(L, sf_pattern_names[p->pattern]);
  lua_setfield(L, -2, "pattern");
  lua_pushboolean(L, p->told);
  lua_setfield(L, -2, "told");
  set_number(L, "state_index", p->state_index);
  l_push_text(L, state->name);
  lua_setfield(L, -2, "state");
  l_push_text(L, state->u.task.resource.text);
  lua_setfield(L, -2, "resource");
  l_push_due(L, p->timeout_at);
  lua_setfield(L, -2, "deadline");
  l_push_due(L, p->heartbeat_at);
  lua_setfield(L, -2, "heartbeat_deadline");
}

/* e:pending() -> list of the open attempts, without input and token */
static int execution_pending(lua_State *L) {
  l_execution *e = check(L);
  sf_pending p;
  size_t i;

  lua_newtable(L);
  for (i = 0; sf_execution_pending(e->x, i, &p); i++) {
    push_pending(L, e, &p);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* e:task_input(task, as_value) -> input of an open attempt; nil when it is
** over */
static int execution_task_input(lua_State *L) {
  l_execution *e = check(L);
  uint32_t task = (uint32_t)luaL_checknumber(L, 2);
  sf_pending p;
  size_t i;

  for (i = 0; sf_execution_pending(e->x, i, &p); i++) {
    if (p.task != task)
      continue;
    if (lua_toboolean(L, 3))
      l_value_push(L, p.input);
    else
      l_to_lua(L, e->home, p.input);
    return 1;
  }
  return 0;
}

/* e:retell(task) -> is it open? */
static int execution_retell(lua_State *L) {
  l_execution *e = check(L);
  uint32_t task = (uint32_t)luaL_checknumber(L, 2);

  lua_pushboolean(L, sf_execution_retell(e->x, task));
  return 1;
}

/* e:children() -> list of the children that have not ended: { child, map_run,
** told, started } */
static int execution_children(lua_State *L) {
  l_execution *e = check(L);
  sf_open_child c;
  size_t i;

  lua_newtable(L);
  for (i = 0; sf_execution_child(e->x, i, &c); i++) {
    lua_createtable(L, 0, 4);
    set_number(L, "child", c.child);
    set_number(L, "map_run", c.map_run);
    lua_pushboolean(L, c.told);
    lua_setfield(L, -2, "told");
    lua_pushboolean(L, c.started);
    lua_setfield(L, -2, "started");
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* e:retell_child(child) -> is it there? */
static int execution_retell_child(lua_State *L) {
  l_execution *e = check(L);
  uint32_t id = (uint32_t)luaL_checknumber(L, 2);

  lua_pushboolean(L, sf_execution_retell_child(e->x, id));
  return 1;
}

/* e:retell_writes() */
static int execution_retell_writes(lua_State *L) {
  sf_execution_retell_writes(check(L)->x);
  return 0;
}

/* e:token(task) -> token of an open attempt, or nil */
static int execution_token(lua_State *L) {
  l_execution *e = check(L);
  uint32_t task = (uint32_t)luaL_checknumber(L, 2);
  sf_value *slot = l_value_slot(L);

  *slot = sf_execution_token(e->x, task);
  l_push_text(L, *slot);
  sf_assign(slot, sf_absent());
  return 1;
}

/* e:random(event id, retries, draw) -> [0, 1) */
static int execution_random(lua_State *L) {
  l_execution *e = check(L);
  uint64_t event = (uint64_t)luaL_checknumber(L, 2);
  uint32_t attempt = (uint32_t)luaL_checknumber(L, 3);
  uint32_t draw = (uint32_t)luaL_checknumber(L, 4);

  lua_pushnumber(
    L, sf_random_unit(sf_random_keyed(e->seed, event, attempt, draw)));
  return 1;
}

/* --- history --- */

/* e:history_count() */
static int execution_history_count(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)sf_execution_history_count(check(L)->x));
  return 1;
}

/* Push a value that the core has just made; raises when there was no memory. */
static void push_made(lua_State *L, l_execution *e, sf_value *slot) {
  if (slot->kind == SF_ABSENT)
    luaL_error(L, L_NOMEM);
  l_to_lua(L, e->home, *slot);
  sf_assign(slot, sf_absent());
}

/* e:history_at(index from 1) -> event */
static int execution_history_at(lua_State *L) {
  l_execution *e = check(L);
  lua_Number index = luaL_checknumber(L, 2);
  sf_value *slot;

  luaL_argcheck(
    L, index >= 1 && index <= (lua_Number)sf_execution_history_count(e->x), 2,
    "no such event");
  slot = l_value_slot(L);
  *slot = sf_execution_history_at(e->x, (size_t)index - 1);
  push_made(L, e, slot);
  return 1;
}

/* e:history_drop(count): forget the first events */
static int execution_history_drop(lua_State *L) {
  sf_execution_history_drop(check(L)->x, (size_t)luaL_checknumber(L, 2));
  return 0;
}

/* e:map_run(index from 1) -> Map Run in the shape of DescribeMapRun, or nil */
static int execution_map_run(lua_State *L) {
  l_execution *e = check(L);
  lua_Number index = luaL_checknumber(L, 2);
  sf_value *slot;

  luaL_argcheck(L, index >= 1, 2, "a positive number expected");
  if (index > (lua_Number)sf_execution_map_run_count(e->x))
    return 0;
  slot = l_value_slot(L);
  *slot = sf_execution_map_run(e->x, (size_t)index - 1);
  push_made(L, e, slot);
  return 1;
}

static int execution_trace(lua_State *L) {
  l_execution *e = check(L);
  sf_value *slot = l_value_slot(L);

  *slot = sf_execution_trace(e->x);
  push_made(L, e, slot);
  return 1;
}

/* --- snapshots --- */

/* e:snapshot(history [, attached]) -> text | nil, message, detail */
static int execution_snapshot(lua_State *L) {
  l_execution *e = check(L);
  sf_snapshot_options options;
  sf_value *slot;
  sf_status status;
  sf_buffer out;
  sf_error err;

  lua_settop(L, 3);
  options.history = lua_toboolean(L, 2) != 0;
  options.attached_length = 0;
  options.attached = luaL_optlstring(L, 3, "", &options.attached_length);
  slot = l_value_slot(L);
  sf_buffer_init(&out, &e->home->mem);
  status = sf_snapshot_write(e->x, &options, &out, &err);
  if (status == SF_OK)
    *slot = sf_buffer_string(&out);
  sf_buffer_clear(&out);
  if (status != SF_OK)
    return l_push_error(L, &err);
  if (slot->kind == SF_ABSENT)
    return luaL_error(L, L_NOMEM);
  l_push_text(L, *slot);
  sf_assign(slot, sf_absent());
  return 1;
}

static int pushed(lua_State *L, l_execution *e, sf_status status,
                  const sf_error *err) {
  if (status != SF_OK)
    return l_push_error(L, err);
  e->seed = sf_execution_facts(e->x)->seed;
  l_gc(L, e->home);
  return 1;
}

/* resume(machine, text [, history]) -> execution, attached | nil, message,
** detail; 'history': keep events from now on, or don't */
static int l_execution_resume(lua_State *L) {
  l_home *home = l_home_of(L);
  sf_machine *machine = l_check_machine(L, 1);
  size_t len;
  const char *text = luaL_checklstring(L, 2, &len);
  l_execution *e = push_execution(L, home);
  sf_error err;
  sf_status status =
    sf_snapshot_read(&home->mem, machine, text, len, &e->x, &err);

  if (status == SF_OK && !lua_isnoneornil(L, 3))
    sf_execution_keep_history(e->x, lua_toboolean(L, 3) != 0);
  if (pushed(L, e, status, &err) != 1)
    return 3;
  text = sf_snapshot_attached(text, len, &len);
  lua_pushlstring(L, text, len);
  return 2;
}

/* seal(text) -> text: the last bytes put right, as the checksum of those before;
** for tests that make up snapshots */
static int l_execution_seal(lua_State *L) {
  unsigned char digest[SF_SHA256_SIZE];
  size_t len;
  const char *text = luaL_checklstring(L, 1, &len);

  luaL_argcheck(L, len >= sizeof digest, 1, "too short");
  l_check_memory(L, sf_sha256(text, len - sizeof digest, digest));
  lua_pushlstring(L, text, len - sizeof digest);
  lua_pushlstring(L, (const char *)digest, sizeof digest);
  lua_concat(L, 2);
  return 1;
}

/* e:fork() -> execution | nil, message, detail */
static int execution_fork(lua_State *L) {
  l_execution *from = check(L);
  l_execution *e = push_execution(L, from->home);
  sf_error err;
  sf_status status = sf_execution_fork(from->x, &e->x, &err);

  return pushed(L, e, status, &err);
}

/* e:fingerprint() -> text | nil, message, detail */
static int execution_fingerprint(lua_State *L) {
  static const char digits[] = "0123456789abcdef";
  unsigned char bytes[SF_FINGERPRINT_SIZE];
  char text[2 * SF_FINGERPRINT_SIZE];
  sf_error err;
  size_t i;

  if (sf_execution_fingerprint(check(L)->x, bytes, &err) != SF_OK)
    return l_push_error(L, &err);
  for (i = 0; i < sizeof bytes; i++) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  lua_pushlstring(L, text, sizeof text);
  return 1;
}

static void set_fact(lua_State *L, const char *name, sf_value text) {
  l_push_text(L, text);
  lua_setfield(L, -2, name);
}

/* e:facts() -> { name, arn, machine_arn, role_arn, start_time, seed }: who it
** is */
static int execution_facts(lua_State *L) {
  const sf_facts *facts = sf_execution_facts(check(L)->x);

  lua_createtable(L, 0, 6);
  set_fact(L, "name", facts->name);
  set_fact(L, "arn", facts->arn);
  set_fact(L, "machine_arn", facts->machine_arn);
  set_fact(L, "role_arn", facts->role_arn);
  lua_pushnumber(L, sf_time_to_seconds(facts->start_time));
  lua_setfield(L, -2, "start_time");
  l_push_seed(L, facts->seed);
  lua_setfield(L, -2, "seed");
  return 1;
}

const luaL_Reg l_execution_functions[] = {{"execution", l_execution_new},
                                          {"resume", l_execution_resume},
                                          {"seal", l_execution_seal},
                                          {NULL, NULL}};

static const luaL_Reg execution_methods[] = {
  {"succeed", execution_succeed},
  {"submit", execution_submit},
  {"fail", execution_fail},
  {"heartbeat", execution_heartbeat},
  {"scheduled", execution_scheduled},
  {"started", execution_started},
  {"stop", execution_stop},
  {"advance", execution_advance},
  {"feed", execution_feed},
  {"child", execution_child},
  {"child_started", execution_child_started},
  {"child_finished", execution_child_finished},
  {"take", execution_take},
  {"effect", execution_effect},
  {"effect_input", execution_effect_input},
  {"drained", execution_drained},
  {"map_run", execution_map_run},
  {"status", execution_status},
  {"input", execution_input},
  {"input_json", execution_input_json},
  {"output", execution_output},
  {"output_json", execution_output_json},
  {"error", execution_error},
  {"cause", execution_cause},
  {"failed_at", execution_failed_at},
  {"now", execution_now},
  {"stop_date", execution_stop_date},
  {"next_wake", execution_next_wake},
  {"usage", execution_usage},
  {"pending", execution_pending},
  {"task_input", execution_task_input},
  {"retell", execution_retell},
  {"children", execution_children},
  {"retell_child", execution_retell_child},
  {"retell_writes", execution_retell_writes},
  {"token", execution_token},
  {"random", execution_random},
  {"history_count", execution_history_count},
  {"history_at", execution_history_at},
  {"history_drop", execution_history_drop},
  {"trace", execution_trace},
  {"snapshot", execution_snapshot},
  {"fork", execution_fork},
  {"fingerprint", execution_fingerprint},
  {"facts", execution_facts},
  {"close", execution_gc},
  {NULL, NULL}};

void l_execution_open(lua_State *L, l_home *home) {
  static const luaL_Reg meta[] = {{"__gc", execution_gc}, {NULL, NULL}};

  l_newtype(L, home, EXECUTION_TYPE, meta, execution_methods);
  luaL_getmetatable(L, EXECUTION_TYPE);
  home->execution_meta = lua_topointer(L, -1);
  lua_pop(L, 1);
}

void l_push_execution_methods(lua_State *L) {
  luaL_getmetatable(L, EXECUTION_TYPE);
  lua_getfield(L, -1, "__index");
  lua_remove(L, -2);
}
