/*
** l_execution_start.c - making an execution: its facts and limits, as Lua gives
** them.
*/
#include "binding/l_execution.h"

#include <string.h>

#include "binding/l_error.h"
#include "binding/l_machine.h"
#include "binding/l_seed.h"
#include "binding/l_value.h"

static sf_value given(sf_value facts, const char *name) {
  return sf_object_get(facts, name, strlen(name));
}

static void facts_texts(sf_facts *facts, sf_special_facts *special,
                        sf_value from) {
  sf_value synchronous = given(from, "synchronous");

  facts->synchronous = synchronous.kind == SF_BOOLEAN && synchronous.u.boolean;
  facts->name = given(from, "name");
  facts->arn = given(from, "arn");
  facts->arn_is_prefix = facts->arn.kind != SF_STRING;
  if (facts->arn_is_prefix)
    facts->arn = given(from, "arn_prefix");
  facts->arn_is_prefix = facts->arn_is_prefix && facts->arn.kind == SF_STRING;
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
  if (lua_isnil(L, 6)) {
    l_check_memory(L, l_secret_of(facts->seed, facts->secret));
  } else {
    secret = luaL_checklstring(L, 6, &len);
    luaL_argcheck(L, len == sizeof facts->secret, 6, "32 bytes expected");
    memcpy(facts->secret, secret, len);
  }
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

/* execution(machine, input, texts, start_time, seed, secret or nil, history,
**           payload, events, variables, map_concurrency [, slice [, test]])
** A secret that is not given is made of the seed.
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
  e = l_push_execution(L, home);
  e->seed = facts.seed;
  if (sf_execution_new(&home->mem, machine, input, &facts, &e->x, &err) !=
      SF_OK)
    return l_push_error(L, &err);
  l_gc(L, home);
  return 1;
}

const luaL_Reg l_execution_start_functions[] = {{"execution", l_execution_new},
                                                {NULL, NULL}};
