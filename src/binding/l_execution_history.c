/*
** l_execution_history.c - what has happened: history events, Map Runs, the trace.
*/
#include "binding/l_execution.h"

#include "binding/l_error.h"
#include "binding/l_to_lua.h"
#include "binding/l_value.h"

/* e:history_count() */
static int execution_history_count(lua_State *L) {
  lua_pushinteger(
    L, (lua_Integer)sf_execution_history_count(l_check_execution(L)->x));
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
  l_execution *e = l_check_execution(L);
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
  sf_execution_history_drop(l_check_execution(L)->x,
                            (size_t)luaL_checknumber(L, 2));
  return 0;
}

/* e:map_run(index from 1) -> Map Run in the shape of DescribeMapRun, or nil */
static int execution_map_run(lua_State *L) {
  l_execution *e = l_check_execution(L);
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
  l_execution *e = l_check_execution(L);
  sf_value *slot = l_value_slot(L);

  *slot = sf_execution_trace(e->x);
  push_made(L, e, slot);
  return 1;
}

const luaL_Reg l_execution_history_methods[] = {
  {"history_count", execution_history_count},
  {"history_at", execution_history_at},
  {"history_drop", execution_history_drop},
  {"map_run", execution_map_run},
  {"trace", execution_trace},
  {NULL, NULL}};
