/*
** l_alloc.h - the home of the core in one Lua state: its allocator, its few
** cached objects.  It lives in a userdata of the registry, which outlives all
** finalizers of the state; its own runs last and closes the pool of blocks.
** Every C function of the module has it as upvalue 1.
*/
#ifndef SF_BINDING_L_ALLOC_H
#define SF_BINDING_L_ALLOC_H

#include "base/alloc.h"
#include "binding/l_pool.h"
#include "binding/lua_compat.h"

#define L_GC_STEP 262144 /* bytes of growth of which the collector is told */

typedef struct l_home {
  sf_alloc mem;
  l_pool pool;      /* over the allocator of the Lua state */
  size_t live;      /* bytes in use */
  size_t told;      /* 'live' when the collector was last told */
  uint64_t count;   /* allocations made so far */
  uint64_t fail;    /* the allocation that fails, for tests; 0: none does */
  unsigned nesting; /* evaluations that are calling Lua functions */
  struct l_scratch *scratch;  /* l_scratch.h; anchored by 'scratch_ref' */
  int scratch_ref;            /* references into the registry: */
  int array_ref, object_ref;  /* metatables that mark tables */
  int mark_ref;               /* the text "__jsontype" */
  const void *execution_meta; /* lua_topointer of that metatable */
  int cdata_ref; /* function: cdata -> text of an integer, or LUA_NOREF */
} l_home;

/* The home of this Lua state; the first call makes it. */
l_home *l_home_open(lua_State *L);

/* The home, inside any C function of the module. */
#define l_home_of(L) ((l_home *)lua_touserdata(L, lua_upvalueindex(1)))

/* Tell Lua's collector what C holds.  It may run finalizers, which may call
** anything: call it last. */
void l_gc(lua_State *L, l_home *home);

/* Put functions into the table on top, each with the home as upvalue 1. */
void l_setfuncs(lua_State *L, l_home *home, const luaL_Reg *functions);

/* Make the metatable 'name' of a userdata type: 'meta' holds its metamethods,
** 'methods' (or NULL) what __index finds.  Nothing is left on the stack. */
void l_newtype(lua_State *L, l_home *home, const char *name,
               const luaL_Reg *meta, const luaL_Reg *methods);

/* A new userdata of that type on top, filled with zero bytes: its __gc must
** cope with that. */
void *l_newobject(lua_State *L, size_t size, const char *name);

/* The functions of this file: { "memory", ...}. */
extern const luaL_Reg l_alloc_functions[];

#endif
