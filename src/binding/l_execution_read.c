/*
** l_execution_read.c - what an execution is and has become: identity, status,
** outcome, usage.
*/
#include "binding/l_execution.h"

#include <string.h>

#include "base/random.h"
#include "binding/l_effect.h"
#include "binding/l_seed.h"
#include "binding/l_to_lua.h"
#include "binding/l_value.h"

static void set_fact(lua_State *L, const char *name, sf_value text) {
  l_push_text(L, text);
  lua_setfield(L, -2, name);
}

/* e:facts() -> { name, arn, machine_arn, role_arn, start_time, seed }: who it
** is */
static int execution_facts(lua_State *L) {
  const sf_facts *facts = sf_execution_facts(l_check_execution(L)->x);

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

/* e:fact(name) -> one of them */
static int execution_fact(lua_State *L) {
  static const char *const names[] = {"name",     "arn",  "machine_arn",
                                      "role_arn", "seed", NULL};
  const sf_facts *facts = sf_execution_facts(l_check_execution(L)->x);

  switch (luaL_checkoption(L, 2, NULL, names)) {
    case 0: l_push_text(L, facts->name); break;
    case 1: l_push_text(L, facts->arn); break;
    case 2: l_push_text(L, facts->machine_arn); break;
    case 3: l_push_text(L, facts->role_arn); break;
    default: l_push_seed(L, facts->seed); break;
  }
  return 1;
}

static int execution_status(lua_State *L) {
  lua_pushstring(
    L, sf_status_names[sf_execution_status_of(l_check_execution(L)->x)]);
  return 1;
}

/* e:output(as_value) -> the output, nil while there is none */
static int execution_output(lua_State *L) {
  l_execution *e = l_check_execution(L);
  sf_value output = sf_execution_output(e->x);

  if (lua_toboolean(L, 2) && output.kind != SF_ABSENT)
    l_value_push(L, output);
  else
    l_to_lua(L, e->home, output);
  return 1;
}

static int execution_output_json(lua_State *L) {
  l_execution *e = l_check_execution(L);
  sf_value output = sf_execution_output(e->x);

  if (output.kind == SF_ABSENT)
    return 0;
  l_push_json(L, e->home, output, false);
  return 1;
}

static int execution_input(lua_State *L) {
  l_execution *e = l_check_execution(L);

  l_to_lua(L, e->home, sf_execution_input(e->x));
  return 1;
}

/* e:input_json() -> the input as JSON text */
static int execution_input_json(lua_State *L) {
  l_execution *e = l_check_execution(L);

  l_push_json(L, e->home, sf_execution_input(e->x), false);
  return 1;
}

static int execution_error(lua_State *L) {
  l_push_text(L, sf_execution_error(l_check_execution(L)->x));
  return 1;
}

static int execution_cause(lua_State *L) {
  l_push_text(L, sf_execution_cause(l_check_execution(L)->x));
  return 1;
}

/* e:failed_at() -> pointer of the state whose error ended it, or nil */
static int execution_failed_at(lua_State *L) {
  l_execution *e = l_check_execution(L);
  uint32_t state = sf_execution_failed_state(e->x);

  if (state == SF_NONE)
    return 0;
  l_push_text(L, sf_execution_machine(e->x)->states[state].pointer);
  return 1;
}

static int execution_now(lua_State *L) {
  l_push_due(L, sf_execution_now(l_check_execution(L)->x));
  return 1;
}

static int execution_stop_date(lua_State *L) {
  sf_time t = sf_execution_stop_date(l_check_execution(L)->x);

  if (t == SF_TIME_NEVER)
    return 0;
  lua_pushnumber(L, sf_time_to_seconds(t));
  return 1;
}

/* e:redrives() -> how often, when last or nil */
static int execution_redrives(lua_State *L) {
  sf_time last;

  lua_pushinteger(L, sf_execution_redrives(l_check_execution(L)->x, &last));
  l_push_due(L, last);
  return 2;
}

/* e:next_wake() -> seconds or nil, implicit */
static int execution_next_wake(lua_State *L) {
  bool implicit = false;

  l_push_due(L, sf_execution_next_wake(l_check_execution(L)->x, &implicit));
  lua_pushboolean(L, implicit);
  return 2;
}

/* A row of usage, put into the table on top: name = { <unit> = used, limit = n or
** nil, state = text or nil } */
static void set_used(lua_State *L, const char *name, const char *unit,
                     uint64_t used, uint64_t limit) {
  lua_createtable(L, 0, 3);
  l_set_number(L, unit, used);
  if (limit != 0)
    l_set_number(L, "limit", limit);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, name);
}

/* What e:used() gives; the names of two states are behind it. */
typedef struct used_record {
  sf_usage usage;
  size_t payload_name, assign_name; /* their lengths */
} used_record;

static sf_value state_name(const l_execution *e, uint32_t state) {
  return state == SF_NONE ? sf_absent()
                          : sf_execution_machine(e->x)->states[state].name;
}

static void add_name(luaL_Buffer *b, sf_value name) {
  if (name.kind == SF_STRING)
    luaL_addlstring(b, sf_string_text(name), sf_string_length(name));
}

static size_t name_length(sf_value name) {
  return name.kind == SF_STRING ? sf_string_length(name) : 0;
}

/* e:used() -> what core.usage makes a table of: as it is asked for at each close,
** and seldom read */
static int execution_used(lua_State *L) {
  l_execution *e = l_check_execution(L);
  used_record r;
  sf_value payload, assign;
  luaL_Buffer b;

  memset(&r, 0, sizeof r); /* its gaps are text, too */
  sf_execution_usage(e->x, &r.usage);
  payload = state_name(e, r.usage.payload_state);
  assign = state_name(e, r.usage.assign_state);
  r.payload_name = name_length(payload);
  r.assign_name = name_length(assign);
  luaL_buffinit(L, &b);
  luaL_addlstring(&b, (const char *)&r, sizeof r);
  add_name(&b, payload);
  add_name(&b, assign);
  luaL_pushresult(&b);
  return 1;
}

static void set_state(lua_State *L, const char *name, size_t len) {
  if (len > 0) {
    lua_pushlstring(L, name, len);
    lua_setfield(L, -2, "state");
  }
  lua_pop(L, 1);
}

/* usage(used) -> { events, payload, variables, assign } */
static int l_usage(lua_State *L) {
  size_t len;
  const char *used = luaL_checklstring(L, 1, &len);
  const char *names = used + sizeof(used_record);
  const sf_usage *u;
  used_record r;

  luaL_argcheck(L, len >= sizeof r, 1, "what e:used() gave expected");
  memcpy(&r, used, sizeof r);
  luaL_argcheck(L,
                r.payload_name <= len - sizeof r &&
                  r.assign_name == len - sizeof r - r.payload_name,
                1, "what e:used() gave expected");
  u = &r.usage;
  lua_createtable(L, 0, 4);
  set_used(L, "events", "count", u->events, u->limits.events);
  lua_pop(L, 1);
  set_used(L, "payload", "bytes", u->payload, u->limits.payload);
  set_state(L, names, r.payload_name);
  set_used(L, "variables", "bytes", u->variables, u->limits.variables);
  lua_pop(L, 1);
  set_used(L, "assign", "bytes", u->assign,
           u->limits.variables != 0 ? SF_LIMIT_ASSIGN : 0);
  set_state(L, names + r.payload_name, r.assign_name);
  return 1;
}

/* e:random(event id, retries, draw) -> [0, 1) */
static int execution_random(lua_State *L) {
  l_execution *e = l_check_execution(L);
  uint64_t event = (uint64_t)luaL_checknumber(L, 2);
  uint32_t attempt = (uint32_t)luaL_checknumber(L, 3);
  uint32_t draw = (uint32_t)luaL_checknumber(L, 4);

  lua_pushnumber(
    L, sf_random_unit(sf_random_keyed(e->seed, event, attempt, draw)));
  return 1;
}

const luaL_Reg l_execution_read_methods[] = {
  {"facts", execution_facts},
  {"fact", execution_fact},
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
  {"redrives", execution_redrives},
  {"next_wake", execution_next_wake},
  {"used", execution_used},
  {"random", execution_random},
  {NULL, NULL}};

const luaL_Reg l_execution_read_functions[] = {{"usage", l_usage},
                                               {NULL, NULL}};
