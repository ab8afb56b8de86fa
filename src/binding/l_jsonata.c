/*
** l_jsonata.c - compiled JSONata expressions in Lua: see l_jsonata.h and
** lua/stepfn/jsonata.lua.
**
** No Lua error may jump through an evaluation: what the bindings hold is
** converted before it begins, and a Lua function that it calls runs under
** lua_pcall, conversions of arguments and results included.
*/
#include "binding/l_jsonata.h"

#include <string.h>

#include "base/random.h"
#include "binding/l_error.h"
#include "binding/l_from_lua.h"
#include "binding/l_host.h"
#include "binding/l_to_lua.h"
#include "binding/l_value.h"
#include "query/jsonata/jsonata.h"

#define JSONATA_TYPE  "stepfn.jsonata"
#define STEPS_DEFAULT 50000000 /* work that one evaluation may do */
#define ARITY         3 /* arguments that $map and the like give Lua functions */
#define ARGUMENTS_MAX 200
#define NESTING_MAX   8 /* evaluations within functions within evaluations */

typedef struct l_jsonata {
  sf_jsonata *expr; /* owned */
  uint64_t steps;
  sf_jsonata_limits limits;
} l_jsonata;

static int jsonata_gc(lua_State *L) {
  l_jsonata *j = lua_touserdata(L, 1);

  sf_jsonata_release(j->expr);
  j->expr = NULL;
  return 0;
}

/* Push nil, the message and { code, position, token }; 3. */
static int push_fault(lua_State *L, const sf_jsonata_fault *fault) {
  l_push_error(L, &fault->error);
  if (fault->position != SF_NO_OFFSET) {
    lua_pushinteger(L, (lua_Integer)fault->position);
    lua_setfield(L, -2, "position");
  }
  if (fault->token[0] != '\0') {
    lua_pushstring(L, fault->token);
    lua_setfield(L, -2, "token");
  }
  return 3;
}

/* --- the world of an evaluation --- */

typedef struct world {
  lua_State *L;
  l_home *home;
  sf_value values;    /* an object: the bindings that are values; borrowed */
  sf_value functions; /* an object: the numbers of those that are functions */
  int list;           /* stack index of a table: the functions by number */
  int caller;         /* stack index of call_function */
  uint64_t seed;
  uint32_t draws;
} world;

/* One call of a Lua function, for call_function. */
typedef struct request {
  uint32_t function;
  const sf_value *args;
  size_t count;
  sf_value *out;
} request;

/* call_function(request, functions): under lua_pcall */
static int call_function(lua_State *L) {
  l_home *home = l_home_of(L);
  request *q = lua_touserdata(L, 1);
  sf_value *slot;
  size_t i;

  lua_rawgeti(L, 2, (int)q->function);
  luaL_checkstack(L, (int)q->count + 8, "too many arguments");
  for (i = 0; i < q->count; i++)
    l_to_lua(L, home, q->args[i]);
  lua_call(L, (int)q->count, 1);
  if (lua_isnil(L, -1))
    return 0;
  slot = l_value_slot(L);
  if (!l_from_lua(L, home, -2, slot))
    return luaL_error(L, "the result of a function: %s", lua_tostring(L, -2));
  *q->out = *slot;
  *slot = sf_absent();
  return 0;
}

static sf_status fail_call(lua_State *L, int status, sf_error *err) {
  const char *message = lua_tostring(L, -1);

  if (status == LUA_ERRMEM)
    return sf_error_nomem(err);
  if (message == NULL)
    message = "a function raised an error";
  if (strstr(message, "attempt to yield") != NULL)
    return sf_error_set(err, SF_ERR_EVALUATE,
                        "a function that an expression calls can't yield");
  return sf_error_set(err, SF_ERR_EVALUATE, "%s", message);
}

static sf_status call_lua(void *host, uint32_t function, const sf_value *args,
                          size_t count, sf_value *out, sf_error *err) {
  world *w = host;
  lua_State *L = w->L;
  request q = {function, args, count, out};
  int status, top = lua_gettop(L);

  *out = sf_absent();
  if (count > ARGUMENTS_MAX || !lua_checkstack(L, 4))
    return sf_error_set(err, SF_ERR_LIMIT, "too many arguments");
  if (w->home->nesting >= NESTING_MAX)
    return sf_error_set(
      err, SF_ERR_LIMIT,
      "expressions and functions call one another too deeply");
  w->home->nesting++;
  lua_pushvalue(L, w->caller);
  lua_pushlightuserdata(L, &q);
  lua_pushvalue(L, w->list);
  status = lua_pcall(L, 2, 0, 0);
  w->home->nesting--;
  status = status == 0 ? SF_OK : (int)fail_call(L, status, err);
  lua_settop(L, top);
  return (sf_status)status;
}

static sf_jsonata_binding variable(void *host, sf_value name) {
  const world *w = host;
  sf_jsonata_binding b = {sf_object_get_key(w->values, name), 0, ARITY};
  sf_value number = sf_object_get_key(w->functions, name);

  if (number.kind == SF_INTEGER)
    b.function = (uint32_t)number.u.integer;
  return b;
}

static uint64_t draw(void *host) {
  world *w = host;

  return sf_random_keyed(w->seed, 0, 0, w->draws++);
}

/* --- the bindings --- */

/* Put a member into the object in 'slot', whose key is the Lua string at
** 'key'.  Consumes 'v'. */
static void put(lua_State *L, l_home *home, sf_value *slot, int key,
                sf_value v) {
  size_t len;
  const char *text = lua_tolstring(L, key, &len);
  sf_value name = sf_string_new(&home->mem, text, len);

  if (name.kind == SF_ABSENT)
    sf_release(v);
  if (name.kind == SF_ABSENT || sf_object_set(slot, name, v) != SF_OK)
    luaL_error(L, L_NOMEM);
}

/* The key and value of a binding are on top; the value goes. */
static void bind(lua_State *L, l_home *home, int list, sf_value *values,
                 sf_value *functions, sf_value *room) {
  int count = (int)lua_rawlen(L, list) + 1, top = lua_gettop(L);

  if (lua_isfunction(L, top)) {
    put(L, home, functions, top - 1, sf_integer(count));
    lua_rawseti(L, list, count);
    return;
  }
  if (!l_from_lua(L, home, top, room))
    luaL_error(L, "binding '%s': %s", lua_tostring(L, top - 1),
               lua_tostring(L, -2));
  put(L, home, values, top - 1, *room);
  *room = sf_absent();
  lua_settop(L, top - 1);
}

/* All bindings of the table at 'index'; nil has none. */
static void take_bindings(lua_State *L, int index, world *w) {
  sf_value *values, *functions, *room;

  luaL_checkstack(L, 20, NULL);
  values = l_value_slot(L);
  functions = l_value_slot(L);
  room = l_value_slot(L);
  *values = sf_object_new(&w->home->mem, 4);
  *functions = sf_object_new(&w->home->mem, 4);
  if (values->kind == SF_ABSENT || functions->kind == SF_ABSENT)
    luaL_error(L, L_NOMEM);
  lua_newtable(L);
  w->list = lua_gettop(L);
  lua_pushnil(L);
  while (!lua_isnoneornil(L, index) && lua_next(L, index) != 0) {
    if (lua_type(L, -2) != LUA_TSTRING)
      luaL_error(L, "bindings have names");
    bind(L, w->home, w->list, values, functions, room);
  }
  lua_settop(L, w->list);
  w->values = *values;
  w->functions = *functions;
}

/* --- evaluating --- */

/* The number of a field of the table at 'index', or 'otherwise'. */
static lua_Number number_field(lua_State *L, int index, const char *name,
                               lua_Number otherwise) {
  lua_Number n = otherwise;

  if (!lua_istable(L, index))
    return n;
  lua_getfield(L, index, name);
  if (lua_type(L, -1) == LUA_TNUMBER)
    n = lua_tonumber(L, -1);
  lua_pop(L, 1);
  return n;
}

static void set_world(lua_State *L, world *w) {
  l_random_fill(&w->seed, sizeof w->seed);
  if (lua_istable(L, 4)) {
    lua_getfield(L, 4, "seed");
    if (lua_type(L, -1) == LUA_TNUMBER)
      w->seed = (uint64_t)(int64_t)lua_tonumber(L, -1);
    lua_pop(L, 1);
  }
  take_bindings(L, 3, w);
  lua_pushlightuserdata(L, w->home);
  lua_pushcclosure(L, call_function, 1);
  w->caller = lua_gettop(L);
}

/* expr:evaluate(input, bindings or nil, { now, seed } or nil) -> value | nil,
** message, detail.  An input of nil is undefined. */
static int jsonata_evaluate(lua_State *L) {
  l_home *home = l_home_of(L);
  l_jsonata *j = luaL_checkudata(L, 1, JSONATA_TYPE);
  sf_value *out, input = sf_absent();
  world w = {0};
  sf_budget budget;
  sf_jsonata_env env = {0};
  sf_jsonata_fault fault;

  lua_settop(L, 4);
  w.L = L;
  w.home = home;
  if (!lua_isnil(L, 3))
    luaL_checktype(L, 3, LUA_TTABLE);
  set_world(L, &w);
  if (!lua_isnil(L, 2))
    input = l_check_value(L, 2);
  out = l_value_slot(L);
  luaL_checkstack(L, 10, NULL);
  budget = sf_budget_of(j->steps);
  env.mem = &home->mem;
  env.budget = &budget;
  env.host = &w;
  env.now = sf_time_from_seconds(number_field(L, 4, "now", l_clock_now()));
  env.limits = j->limits;
  env.limits.depth =
    (j->limits.depth > 0 ? j->limits.depth : SF_JSONATA_DEPTH) >>
    home->nesting; /* they share one C stack */
  env.variable = variable;
  env.call = call_lua;
  env.random = draw;
  if (sf_jsonata_evaluate(j->expr, &env, input, out, NULL, &fault) != SF_OK)
    return push_fault(L, &fault);
  l_to_lua(L, home, *out);
  sf_assign(out, sf_absent());
  l_gc(L, home);
  return 1;
}

/* expr:variables() -> the names of the variables that come from outside, but
** for those of the function library */
static int jsonata_variables(lua_State *L) {
  l_jsonata *j = luaL_checkudata(L, 1, JSONATA_TYPE);
  size_t count, i;
  const sf_jsonata_use *uses = sf_jsonata_uses(j->expr, &count);
  int n = 0;

  lua_newtable(L); /* the list */
  lua_newtable(L); /* what is in it */
  for (i = 0; i < count; i++) {
    if (uses[i].is_local || uses[i].is_function ||
        sf_string_length(uses[i].name) == 0 || sf_string_is(uses[i].name, "$"))
      continue;
    l_push_text(L, uses[i].name);
    lua_pushvalue(L, -1);
    lua_rawget(L, -3);
    if (lua_isnil(L, -1)) {
      lua_pushvalue(L, -2);
      lua_pushboolean(L, 1);
      lua_rawset(L, -5);
      lua_pushvalue(L, -2);
      lua_rawseti(L, -5, ++n);
    }
    lua_pop(L, 2);
  }
  lua_pop(L, 1);
  return 1;
}

/* --- compiling --- */

static void set_limits(lua_State *L, int index, l_jsonata *j) {
  lua_Number steps = number_field(L, index, "steps", STEPS_DEFAULT);
  lua_Number depth = number_field(L, index, "depth", 0);
  lua_Number sequence = number_field(L, index, "sequence", 0);
  lua_Number memory = number_field(L, index, "memory", 0);

  luaL_argcheck(L, steps >= 1 && steps <= 1e15, index, "steps: from 1 on");
  luaL_argcheck(L, depth >= 0 && depth <= SF_JSONATA_DEPTH_MAX, index,
                "depth: at most 3000");
  luaL_argcheck(L, sequence >= 0 && sequence <= 1e9, index,
                "sequence: at most 1e9");
  luaL_argcheck(L, memory >= 0 && memory <= 1e12, index,
                "memory: at most 1e12");
  j->steps = (uint64_t)steps;
  j->limits.depth = (uint32_t)depth;
  j->limits.sequence = (uint32_t)sequence;
  j->limits.memory = (size_t)memory;
}

/* jsonata(text, dialect or nil, limits or nil) -> stepfn.jsonata | nil,
** message, detail */
static int l_new_jsonata(lua_State *L) {
  static const char *const dialects[] = {"2.2", "aws", NULL};
  size_t len;
  const char *text = luaL_checklstring(L, 1, &len);
  /* ORDER sf_jsonata_dialect */
  int dialect = luaL_checkoption(L, 2, "2.2", dialects);
  l_jsonata *j = l_newobject(L, sizeof *j, JSONATA_TYPE);
  sf_jsonata_fault fault;

  set_limits(L, 3, j);
  if (sf_jsonata_new(&l_home_of(L)->mem, text, len, (sf_jsonata_dialect)dialect,
                     &j->expr, &fault) != SF_OK)
    return push_fault(L, &fault);
  return 1;
}

const luaL_Reg l_jsonata_functions[] = {{"jsonata", l_new_jsonata},
                                        {NULL, NULL}};

void l_jsonata_open(lua_State *L, l_home *home) {
  static const luaL_Reg meta[] = {{"__gc", jsonata_gc}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"evaluate", jsonata_evaluate},
                                     {"variables", jsonata_variables},
                                     {NULL, NULL}};

  l_newtype(L, home, JSONATA_TYPE, meta, methods);
}
