/*
** l_value.h - the userdata that hold a value of the core for Lua: stepfn.value,
** any value as it is, and stepfn.integer, a number that this Lua has no exact
** number for.
*/
#ifndef SF_BINDING_L_VALUE_H
#define SF_BINDING_L_VALUE_H

#include "base/value.h"
#include "binding/l_alloc.h"

void l_value_open(lua_State *L, l_home *home);

/* The value in a stepfn.value or stepfn.integer at 'index', borrowed; NULL for
** anything else. */
const sf_value *l_value_test(lua_State *L, int index);

/* Push a stepfn.value that holds 'v' (borrowed). */
void l_value_push(lua_State *L, sf_value v);

/* Push a stepfn.integer that holds the number 'v' (borrowed). */
void l_integer_push(lua_State *L, l_home *home, sf_value v);

/* A place for a value that is anchored on the Lua stack: pushes an empty
** stepfn.value and returns its slot. */
sf_value *l_value_slot(lua_State *L);

/* The argument 'index' as a value, or an argument error.  Owned: it stands in a
** slot that is pushed. */
sf_value l_check_value(lua_State *L, int index);

extern const luaL_Reg l_value_functions[];

#endif
