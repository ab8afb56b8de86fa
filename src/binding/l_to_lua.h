/*
** l_to_lua.h - values of the core to Lua values: arrays and objects become
** tables (arrays marked as such), null stepfn.null, and a number that this Lua
** has no exact number for a stepfn.integer.
*/
#ifndef SF_BINDING_L_TO_LUA_H
#define SF_BINDING_L_TO_LUA_H

#include "base/value.h"
#include "binding/l_alloc.h"

/* Push the Lua form of 'v' (borrowed; kept alive meanwhile).  SF_ABSENT is
** nil. */
void l_to_lua(lua_State *L, l_home *home, sf_value v);

/* Push a text value; nil for SF_ABSENT. */
void l_push_text(lua_State *L, sf_value v);

/* Set a field of the table on top. */
void l_set_number(lua_State *L, const char *name, uint64_t n);

/* Push the JSON text of 'v'. */
void l_push_json(lua_State *L, l_home *home, sf_value v, bool indented);

#endif
