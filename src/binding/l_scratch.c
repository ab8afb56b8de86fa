/*
** l_scratch.c - see l_scratch.h.
*/
#include "binding/l_scratch.h"

#define SCRATCH_TYPE "stepfn.scratch"

void l_scratch_give(l_scratch *s) {
  if (s->builder.stack != NULL || s->builder.levels != NULL)
    sf_builder_clear(&s->builder);
  sf_assign(&s->kept, sf_absent());
  s->busy = false;
}

static l_scratch *scratch_new(lua_State *L, l_home *home) {
  l_scratch *s = l_newobject(L, sizeof *s, SCRATCH_TYPE);
  sf_builder_init(&s->builder, &home->mem);
  return s;
}

l_scratch *l_scratch_take(lua_State *L, l_home *home) {
  l_scratch *s = home->scratch;

  if (s == NULL || s->busy)
    s = scratch_new(L, home);
  else
    lua_rawgeti(L, LUA_REGISTRYINDEX, home->scratch_ref);
  s->busy = true;
  s->builder.status = SF_OK;
  return s;
}

static int scratch_gc(lua_State *L) {
  l_scratch *s = lua_touserdata(L, 1);
  l_home *home = l_home_of(L);

  if (home->scratch == s)
    home->scratch = NULL; /* the state closes */
  if (s->builder.mem != NULL)
    sf_builder_clear(&s->builder);
  sf_assign(&s->kept, sf_absent());
  return 0;
}

void l_scratch_open(lua_State *L, l_home *home) {
  static const luaL_Reg meta[] = {{"__gc", scratch_gc}, {NULL, NULL}};

  l_newtype(L, home, SCRATCH_TYPE, meta, NULL);
  if (home->scratch != NULL)
    return;
  home->scratch = scratch_new(L, home);
  home->scratch_ref = luaL_ref(L, LUA_REGISTRYINDEX);
}
