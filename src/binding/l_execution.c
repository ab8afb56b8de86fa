/*
** l_execution.c - the type: one is checked, collected, closed.
*/
#include "binding/l_execution.h"

#define EXECUTION_TYPE "stepfn.execution"

void l_drop_effect(l_execution *e) {
  if (e->effect == NULL)
    return;
  sf_effect_clear(e->effect);
  sf_alloc_free(&e->home->mem, e->effect, sizeof *e->effect);
  e->effect = NULL;
}

static int execution_gc(lua_State *L) {
  l_execution *e = lua_touserdata(L, 1);

  l_drop_effect(e);
  sf_execution_free(e->x);
  e->x = NULL;
  return 0;
}

/* e:close() */
static int execution_close(lua_State *L) {
  l_execution *e = luaL_checkudata(L, 1, EXECUTION_TYPE);

  if (!e->is_pushing)
    return execution_gc(L);
  sf_effect_clear(e->effect);
  sf_execution_free(e->x);
  e->x = NULL;
  return 0;
}

/* A pump asks several times for each task: luaL_checkudata, which looks a name
** up, is left to those who are wrong. */
l_execution *l_check_execution(lua_State *L) {
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

l_execution *l_check_other_execution(lua_State *L, int index) {
  l_execution *e = luaL_checkudata(L, index, EXECUTION_TYPE);

  luaL_argcheck(L, e->x != NULL, index, "the execution is closed");
  return e;
}

l_execution *l_push_execution(lua_State *L, l_home *home) {
  l_execution *e = l_newobject(L, sizeof *e, EXECUTION_TYPE);

  e->home = home;
  return e;
}

static const luaL_Reg *const parts[] = {
  l_execution_feed_methods,    l_execution_drain_methods,
  l_execution_read_methods,    l_execution_pending_methods,
  l_execution_history_methods, l_execution_snapshot_methods};

void l_execution_open(lua_State *L, l_home *home) {
  static const luaL_Reg meta[] = {{"__gc", execution_gc}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"close", execution_close}, {NULL, NULL}};
  size_t i;

  l_newtype(L, home, EXECUTION_TYPE, meta, methods);
  luaL_getmetatable(L, EXECUTION_TYPE);
  home->execution_meta = lua_topointer(L, -1);
  lua_getfield(L, -1, "__index");
  for (i = 0; i < sizeof parts / sizeof parts[0]; i++)
    l_setfuncs(L, home, parts[i]);
  lua_pop(L, 2);
}

void l_push_execution_methods(lua_State *L) {
  luaL_getmetatable(L, EXECUTION_TYPE);
  lua_getfield(L, -1, "__index");
  lua_remove(L, -2);
}
