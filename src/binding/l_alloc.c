/*
** l_alloc.c - the core's allocator on top of that of the Lua state: counts, can
** fail for tests, and tells the collector how much C holds.
*/
#include "binding/l_alloc.h"

#include <stdbool.h>
#include <string.h>

#include "binding/l_host.h"

#define HOME_KEY "stepfn.home" /* in the registry */

/* Is this the allocation that a test wants to fail? */
static bool is_to_fail(l_home *home) {
  home->count++;
  return home->count == home->fail;
}

static void *home_alloc(void *ud, void *ptr, size_t osize, size_t nsize) {
  l_home *home = ud;
  void *block;

  if (ptr == NULL)
    osize = 0;
  if (nsize > osize && is_to_fail(home))
    return NULL;
  block = l_pool_alloc(&home->pool, ptr, osize, nsize);
  if (block != NULL || nsize == 0)
    home->live += nsize - osize;
  return block;
}

static void home_init(lua_State *L, l_home *home) {
  lua_Alloc fn;
  void *ud;

  memset(home, 0, sizeof *home);
  fn = lua_getallocf(L, &ud);
  l_pool_init(&home->pool, fn, ud);
  home->mem.fn = home_alloc;
  home->mem.ud = home;
  home->scratch_ref = home->array_ref = home->object_ref = LUA_NOREF;
  home->mark_ref = home->cdata_ref = LUA_NOREF;
  l_random_fill(&home->mem.hash_seed, sizeof home->mem.hash_seed);
}

/* The first userdata that is made is the last one that is finalized: here the
** Lua state is closing. */
static int home_gc(lua_State *L) {
  l_home *home = lua_touserdata(L, 1);

  l_pool_close(&home->pool);
  return 0;
}

l_home *l_home_open(lua_State *L) {
  l_home *home;

  lua_getfield(L, LUA_REGISTRYINDEX, HOME_KEY);
  home = lua_touserdata(L, -1);
  lua_pop(L, 1);
  if (home != NULL)
    return home;
  home = l_newuserdata(L, sizeof *home);
  home_init(L, home);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, home_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_setfield(L, LUA_REGISTRYINDEX, HOME_KEY);
  return home;
}

void l_gc(lua_State *L, l_home *home) {
  size_t grown;

  if (home->live <= home->told) {
    home->told = home->live;
    return;
  }
  grown = home->live - home->told;
  if (grown < L_GC_STEP)
    return;
  home->told = home->live; /* before: finalizers may come back here */
#if defined(LUA_GCISRUNNING)
  if (!lua_gc(L, LUA_GCISRUNNING, 0))
    return;
#endif
  lua_gc(L, LUA_GCSTEP, (int)(grown >> 10 > 1 << 20 ? 1 << 20 : grown >> 10));
}

void l_setfuncs(lua_State *L, l_home *home, const luaL_Reg *functions) {
  for (; functions->name != NULL; functions++) {
    lua_pushlightuserdata(L, home);
    lua_pushcclosure(L, functions->func, 1);
    lua_setfield(L, -2, functions->name);
  }
}

void l_newtype(lua_State *L, l_home *home, const char *name,
               const luaL_Reg *meta, const luaL_Reg *methods) {
  luaL_newmetatable(L, name);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  l_setfuncs(L, home, meta);
  if (methods != NULL) {
    lua_newtable(L);
    l_setfuncs(L, home, methods);
    lua_setfield(L, -2, "__index");
  }
  lua_pop(L, 1);
}

void *l_newobject(lua_State *L, size_t size, const char *name) {
  void *object = l_newuserdata(L, size);

  memset(object, 0, size);
  luaL_getmetatable(L, name);
  lua_setmetatable(L, -2);
  return object;
}

/* memory() -> bytes in use, allocations so far.  For tests. */
static int l_memory(lua_State *L) {
  l_home *home = l_home_of(L);

  lua_pushinteger(L, (lua_Integer)home->live);
  lua_pushinteger(L, (lua_Integer)home->count);
  return 2;
}

/* fail_allocation(n): the n-th allocation from now fails, once; 0 takes that
** back.  For tests.  -> was the last one asked for still to come? */
static int l_fail_allocation(lua_State *L) {
  l_home *home = l_home_of(L);
  lua_Number n = luaL_checknumber(L, 1);

  lua_pushboolean(L, home->fail > home->count);
  home->fail = n > 0 ? home->count + (uint64_t)n : 0;
  return 1;
}

const luaL_Reg l_alloc_functions[] = {
  {"memory", l_memory}, {"fail_allocation", l_fail_allocation}, {NULL, NULL}};
