/*
** l_scratch.h - where a value stays while Lua may jump out: a userdata with a
** builder and one kept value.  The home has one ready; whoever comes while it
** is in use (a finalizer that runs in the middle) gets a new one.
*/
#ifndef SF_BINDING_L_SCRATCH_H
#define SF_BINDING_L_SCRATCH_H

#include "base/builder.h"
#include "binding/l_alloc.h"

typedef struct l_scratch {
  sf_builder builder;
  sf_value kept; /* owned */
  bool busy;
} l_scratch;

void l_scratch_open(lua_State *L, l_home *home); /* the type, and the first */

/* An empty scratch; its userdata is pushed. */
l_scratch *l_scratch_take(lua_State *L, l_home *home);

/* Done with it: releases what is kept.  The userdata stays on the stack. */
void l_scratch_give(l_scratch *s);

#endif
