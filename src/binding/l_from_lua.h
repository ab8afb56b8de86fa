/*
** l_from_lua.h - Lua values to values of the core.
**
** Tables are read raw, without metamethods and without recursion.  An array is
** a table marked as one or with the keys 1 to n; an object has text keys, which
** are put in byte order.  An empty table is an object unless it is marked.
*/
#ifndef SF_BINDING_L_FROM_LUA_H
#define SF_BINDING_L_FROM_LUA_H

#include "binding/l_alloc.h"
#include "base/value.h"

/* How a table is marked by its metatable. */
typedef enum l_mark { L_MARK_NONE, L_MARK_ARRAY, L_MARK_OBJECT } l_mark;

l_mark l_mark_of(lua_State *L, l_home *home, int index);

/* The value at 'index'.  True: *out is owned by the caller, who stores it where
** a __gc finds it before calling Lua again; nothing is pushed.  False: *out is
** SF_ABSENT, and two values are pushed, a message that names the place in the
** table and says what to do, and { code =, path = }.  Raises for lack of
** memory. */
bool l_from_lua(lua_State *L, l_home *home, int index, sf_value *out);

/* The text at 'index', which must be a string: bytes that are no UTF-8 are
** replaced, so that any message can be a Cause.  Owned; raises for lack of
** memory. */
sf_value l_text_from_lua(lua_State *L, l_home *home, int index);

#endif
