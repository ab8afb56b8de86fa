/*
** l_fields.h - the loader's field table for Lua.
*/
#ifndef SF_BINDING_L_FIELDS_H
#define SF_BINDING_L_FIELDS_H

#include "binding/lua_compat.h"

/* Push the names of all fields as a list, in the order in which definitions are
** written. */
void l_push_fields(lua_State *L);

#endif
